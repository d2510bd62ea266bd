using System.Runtime.InteropServices;
using OpenCvSharp;
using static TorchSharp.torch;

namespace TimeSformer.Video.Isolation;

/// <summary>A video that a child process decodes.</summary>
internal sealed class IsolatedVideo : IVideo
{
    private readonly string path;
    private readonly DecoderProcess child;

    private IsolatedVideo(string path, DecoderProcess child, VideoPolicy policy)
    {
        (this.path, this.child) = (path, child);
        child.Open(Request.Open, path, policy);
        Info = child.Receive((_, content) => content.ReadInfo());
    }

    /// <inheritdoc/>
    public VideoInfo Info { get; private set; }

    /// <summary>The child's id.</summary>
    internal int ProcessId => child.Id;

    /// <summary>Opens a video in a child of the pool.</summary>
    /// <exception cref="VideoException">The file is missing, empty or cannot be decoded, or its decoder crashed.</exception>
    public static IsolatedVideo Open(string path, VideoPolicy policy)
    {
        var child = DecoderProcess.Take();
        try
        {
            return Open(path, policy, child);
        }
        catch
        {
            child.Return();
            throw;
        }
    }

    /// <summary>Opens a video in a child.</summary>
    /// <exception cref="VideoException">The file is missing, empty or cannot be decoded, or its decoder crashed.</exception>
    public static IsolatedVideo Open(string path, VideoPolicy policy, DecoderProcess child) => new(path, child, policy);

    /// <inheritdoc/>
    public Tensor ReadFrames(Func<VideoInfo, int[]> sample, int? shortSide = null)
    {
        child.Ask(Request.Read, message => message.Write(shortSide ?? 0));
        while (true)
        {
            var frames = child.Receive((answer, content) =>
            {
                if (answer is Answer.Frames) return content.ReadFrames(path);
                Info = content.ReadInfo();
                return null;
            });
            if (frames is not null) return frames;
            SendIndices(sample);
        }
    }

    /// <inheritdoc/>
    public void Decode(Action<Mat> onFrame)
    {
        child.Ask(Request.Decode);
        while (true)
        {
            using var frame = child.Receive((answer, content) =>
            {
                if (answer is Answer.Frame) return content.ReadFrame().Frame;
                Info = content.ReadInfo();
                return null;
            });
            if (frame is null) return;
            onFrame(frame);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => child.Return();

    private void SendIndices(Func<VideoInfo, int[]> sample)
    {
        try
        {
            var indices = sample(Info);
            Info.Check(indices);
            child.Send(message => message.Write(MemoryMarshal.AsBytes(indices.AsSpan())));
        }
        catch (Exception) when (!child.HasEnded)
        {
            child.Send(_ => { });
            child.Receive((_, _) => true);
            throw;
        }
    }
}

/// <summary>A video file or camera that a child process decodes, from its start to its end.</summary>
internal sealed class IsolatedFrames : IFrameSource
{
    private readonly DecoderProcess child = DecoderProcess.Take();

    public IsolatedFrames(string source, VideoPolicy policy)
    {
        try
        {
            child.Open(Request.OpenSource, source, policy);
            (Rate, IsLive) = child.Receive((_, content) => (content.ReadDouble(), content.ReadBoolean()));
        }
        catch
        {
            child.Return();
            throw;
        }
    }

    public double Rate { get; }

    public bool IsLive { get; }

    public void Decode(Func<int, bool> isWanted, Action<int, Mat> onFrame)
    {
        child.Ask(Request.Stream);
        while (true)
        {
            var (answer, index, frame) = child.Receive((answer, content) => answer switch
            {
                Answer.Wanted => (answer, content.ReadInt32(), null),
                Answer.Frame => content.ReadFrame() is var (number, picture) ? (answer, number, picture) : default,
                _ => (answer, 0, (Mat?)null),
            });
            using var owned = frame;
            if (answer is Answer.Wanted) child.Send(message => message.Write(isWanted(index)));
            else if (frame is not null) onFrame(index, frame);
            else return;
        }
    }

    public void Dispose() => child.Return();
}

/// <summary>What a child's answers hold.</summary>
internal static class AnswerContent
{
    public static VideoInfo ReadInfo(this BinaryReader content) =>
        new(content.ReadInt32(), content.ReadInt32(), content.ReadDouble(), content.ReadInt32());

    public static Tensor ReadFrames(this BinaryReader content, string path)
    {
        var (count, height, width) = (content.ReadInt32(), content.ReadInt32(), content.ReadInt32());
        return FrameTensor.Allocate(path, count, new(width, height)).OrDispose(frames =>
        {
            for (long t = 0; t < count; t++)
            {
                using var frame = frames[t]; // (H, W, 3): a span cannot hold more than 2 GiB
                content.BaseStream.ReadExactly(frame.bytes);
            }
            return frames;
        });
    }

    public static unsafe (int Index, Mat Frame) ReadFrame(this BinaryReader content)
    {
        var (index, height, width) = (content.ReadInt32(), content.ReadInt32(), content.ReadInt32());
        return new Mat(height, width, MatType.CV_8UC3).OrDispose(frame =>
        {
            content.BaseStream.ReadExactly(new Span<byte>((void*)frame.Ptr(0), height * width * 3));
            return (index, frame);
        });
    }
}
