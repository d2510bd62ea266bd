using System.Buffers.Binary;
using OpenCvSharp;
using static TorchSharp.torch;

namespace TimeSformer.Video;

/// <summary>
/// An animated WebP picture, which FFmpeg does not decode. Its frames are kept in memory, as each builds on the one before.
/// </summary>
internal sealed class AnimatedPicture : IVideo
{
    private const long MaxBytes = 1L << 31;
    private const double UnknownRate = 10; // browsers show frames without a duration for a tenth of a second

    private readonly string path;
    private readonly Mat[] pictures;
    private readonly FrameTimes times;

    private AnimatedPicture(string path, Mat[] pictures, FrameTimes times)
    {
        (this.path, this.pictures, this.times) = (path, pictures, times);
        Info = new(pictures[0].Width, pictures[0].Height, times.Rate, times.Count);
    }

    /// <inheritdoc/>
    public VideoInfo Info { get; }

    /// <summary>Whether a path is that of an animated WebP picture.</summary>
    /// <exception cref="VideoException">The file cannot be read.</exception>
    public static bool IsAnimated(string path) =>
        Path.GetExtension(path).Equals(".webp", StringComparison.OrdinalIgnoreCase) && File.Exists(path)
            && Read(path, 64 << 10).Durations.Count > 0;

    /// <summary>Decodes an animated picture.</summary>
    /// <exception cref="VideoException">It is not animated, cannot be read or decoded, or is larger than 2 GiB decoded.</exception>
    public static AnimatedPicture Open(string path)
    {
        var (width, height, durations) = Read(path, long.MaxValue);
        if (durations.Count == 0) throw new VideoException(path, "not an animated WebP picture");
        if (width == 0) throw new VideoException(path, "damaged: an animated picture without the size of its frames");
        long bytes = (long)width * height * 3 * durations.Count;
        if (bytes > MaxBytes) throw new VideoException(path, $"{durations.Count} frames of {width}x{height} pixels are more than 2 GiB");
        var pictures = VideoException.Decoding(path, () => Cv2.ImReadMulti(path, out var mats) ? mats : []);
        if (pictures.Length == 0) throw new VideoException(path, "the picture cannot be decoded");
        double now = 0;
        var seconds = durations.Select(milliseconds =>
        {
            double shown = now;
            now += milliseconds > 0 ? milliseconds / 1000.0 : 1 / UnknownRate;
            return shown;
        });
        return new(path, pictures, FrameTimes.Of([.. seconds.Take(pictures.Length)], durations.Count / now));
    }

    /// <inheritdoc/>
    public Tensor ReadFrames(Func<VideoInfo, int[]> sample, int? shortSide = null)
    {
        var indices = sample(Info);
        Info.Check(indices);
        return FrameTensor.Allocate(path, indices.Length, FrameTensor.Size(Info, shortSide)).OrDispose(frames =>
        {
            foreach (var targets in indices.Index().GroupBy(entry => times.Decoded(entry.Item), entry => entry.Index))
            {
                FrameTensor.Store(pictures[targets.Key], frames, targets);
            }
            return frames;
        });
    }

    /// <inheritdoc/>
    public void Decode(Action<Mat> onFrame)
    {
        for (int k = 0; k < times.Count; k++) onFrame(pictures[times.Decoded(k)]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var picture in pictures) picture.Dispose();
    }

    // RIFF chunks: VP8X holds the size of the canvas, each ANMF a frame with its duration in milliseconds.
    private static (int Width, int Height, List<int> Durations) Read(string path, long limit) => VideoException.Decoding(path, () =>
    {
        using var file = File.OpenRead(path);
        Span<byte> chunk = stackalloc byte[8], head = stackalloc byte[16];
        var (width, height, durations) = (0, 0, new List<int>());
        bool isWebP = file.ReadAtLeast(head[..12], 12, throwOnEndOfStream: false) == 12 && head[8..12].SequenceEqual("WEBP"u8);
        while (isWebP && file.Position < limit && file.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false) == chunk.Length)
        {
            long size = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]), next = file.Position + size + (size & 1);
            bool isRead = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length;
            if (isRead && chunk[..4].SequenceEqual("VP8X"u8)) (width, height) = (Int24(head[4..]) + 1, Int24(head[7..]) + 1);
            else if (isRead && chunk[..4].SequenceEqual("ANMF"u8)) durations.Add(Int24(head[12..]));
            file.Position = next;
        }
        return (width, height, durations);
    });

    private static int Int24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
}
