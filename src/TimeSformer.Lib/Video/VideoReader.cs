using OpenCvSharp;
using static TorchSharp.torch;

namespace TimeSformer.Video;

/// <summary>
/// Decodes selected frames of a video file, turned as players show it. Frames are chosen by the times at which they are shown
/// (<see cref="VideoInfo"/>). Where the container does not list its frames, they are counted once by decoding. Frames before the last
/// requested one are decoded but only the requested ones converted.
/// </summary>
public sealed class VideoReader : IVideo
{
    private readonly string path;
    private readonly VideoDecoder decoder;
    private FrameTimes times;

    private VideoReader(string path, VideoDecoder decoder, VideoPolicy policy)
    {
        (this.path, this.decoder) = (path, decoder);
        var container = decoder.Container;
        if (container.Truncation is { } truncation && !policy.AllowTruncated) throw new VideoException(path, truncation);
        times = container is { Truncation: null, ConstantRate: not null, Frames: { } count }
            ? FrameTimes.Constant(decoder.Rate, count)
            : FrameTimes.Remembered(path, policy, Count);
        Info = new(decoder.Width, decoder.Height, times.Rate, times.Count);
    }

    /// <inheritdoc/>
    public VideoInfo Info { get; private set; }

    /// <summary>Opens a video file.</summary>
    /// <exception cref="VideoException">The file is missing, empty, truncated or cannot be decoded.</exception>
    public static VideoReader Open(string path, VideoPolicy? policy = null)
    {
        policy ??= VideoPolicy.Default;
        return VideoDecoder.Open(path, policy).OrDispose(decoder => new VideoReader(path, decoder, policy));
    }

    /// <inheritdoc/>
    public Tensor ReadFrames(Func<VideoInfo, int[]> sample, int? shortSide = null)
    {
        while (true)
        {
            var indices = sample(Info);
            Info.Check(indices);
            if (TryRead(Array.ConvertAll(indices, times.Decoded), shortSide) is { } frames) return frames;
            CorrectFrameCount();
        }
    }

    /// <inheritdoc/>
    public void Decode(Action<Mat> onFrame)
    {
        if (decoder.Position > 0) decoder.Rewind();
        using var frame = new Mat();
        int shown = 0;
        while (decoder.Grab())
        {
            if (times.IsConstant || times.Decoded(shown) == decoder.Position - 1) decoder.Retrieve(frame);
            if (times.IsConstant) onFrame(frame);
            else for (; shown < times.Count && times.Decoded(shown) == decoder.Position - 1; shown++) onFrame(frame);
        }
        if (times.IsConstant) CorrectFrameCount();
    }

    /// <summary>Decodes frames by index; if the file has fewer than it declares, all indices are scaled down in proportion.</summary>
    /// <returns>RGB frames (T, H, W, 3), uint8, on the CPU.</returns>
    /// <exception cref="ArgumentException">There are no indices, or one is out of range.</exception>
    /// <exception cref="VideoException">The frames cannot be decoded, or too many are missing.</exception>
    public Tensor ReadFrames(ReadOnlySpan<int> indices)
    {
        var (wanted, declared) = (indices.ToArray(), Info.FrameCount);
        return ReadFrames(info => info.FrameCount == declared
            ? wanted
            : Array.ConvertAll(wanted, index => (int)((long)index * (info.FrameCount - 1) / (declared - 1))));
    }

    /// <inheritdoc/>
    public void Dispose() => decoder.Dispose();

    // Null if the stream ends before the last frame; the decoder's position is then its length.
    private Tensor? TryRead(int[] decoded, int? shortSide)
    {
        var wanted = decoded.Select((index, target) => (index, target)).OrderBy(pair => pair.index).ToArray();
        if (wanted[0].index < decoder.Position) decoder.Rewind();
        var size = FrameTensor.Size(Info, shortSide);
        return VideoException.Decoding(path, () =>
            FrameTensor.Allocate(path, decoded.Length, size).OrDispose(frames => TryRead(wanted, frames)));
    }

    private Tensor? TryRead((int Index, int Target)[] wanted, Tensor frames)
    {
        using var frame = new Mat();
        var targets = wanted.ToLookup(pair => pair.Index, pair => pair.Target);
        while (decoder.Position <= wanted[^1].Index && decoder.Grab())
        {
            if (!targets.Contains(decoder.Position - 1)) continue;
            decoder.Retrieve(frame);
            FrameTensor.Store(frame, frames, targets[decoder.Position - 1]);
        }
        if (decoder.Position > wanted[^1].Index) return frames;
        frames.Dispose();
        return null;
    }

    // Decodes all frames, for containers that do not list them.
    private FrameTimes Count()
    {
        var seconds = new List<double>();
        while (decoder.Grab()) seconds.Add(decoder.Seconds);
        decoder.RequireFrames(seconds.Count);
        return FrameTimes.Of(seconds, decoder.Rate);
    }

    // The stream ended after the frames decoded so far.
    private void CorrectFrameCount()
    {
        int decoded = decoder.Position;
        if (decoded > 0 && !times.IsConstant)
        {
            throw new VideoException(path, $"only {decoded} frames can be decoded now, fewer than before");
        }
        decoder.RequireFrames(decoded, times.Count);
        times = FrameTimes.Constant(times.Rate, decoded);
        Info = Info with { FrameCount = decoded };
    }
}
