using System.Runtime.InteropServices;
using OpenCvSharp;
using static TorchSharp.torch;

namespace TimeSformer.Video.Isolation;

/// <summary>What a parent asks a child for.</summary>
internal enum Request : byte
{
    Open,        // path, policy: Info
    Read,        // short side: Sample each time that indices are needed, then Frames
    Decode,      // Frame for each, then Info
    OpenSource,  // path, policy: Rate
    Stream,      // Wanted for each frame, Frame if so, then Done
}

/// <summary>What a child answers.</summary>
internal enum Answer : byte
{
    Sample,   // what Info says; the parent sends indices, or none if it gave up: then Done
    Wanted,   // index; the parent sends a byte, 0 or 1
    Frame,    // index, H, W, H·W·3 bytes (BGR)

    // The last answer to a request.
    Info,     // width, height, rate, frames
    Frames,   // T, H, W, T·H·W·3 bytes (RGB)
    Rate,     // frames per second, whether live
    Done,
    Refused,  // path, cause: a VideoException
    Failed,   // message: an IOException
    Bug,      // any other exception, with its stack trace
}

/// <summary>The child's side: one video is open at a time.</summary>
internal sealed class DecodingChild(Func<byte[]> next, BinaryWriter output)
{
    private IVideo? video;
    private IFrameSource? source;

    public void Run()
    {
        while (true)
        {
            using var scope = NewDisposeScope();
            try
            {
                using var request = new BinaryReader(new MemoryStream(next()));
                Serve((Request)request.ReadByte(), request);
            }
            catch (VideoException error)
            {
                Say(Answer.Refused, () =>
                {
                    output.Write(error.Path);
                    output.Write(error.Cause);
                });
            }
            catch (OperationCanceledException)
            {
                Say(Answer.Done);
            }
            catch (Exception error)
            {
                bool isOutside = error is IOException or UnauthorizedAccessException or OutOfMemoryException;
                Say(isOutside ? Answer.Failed : Answer.Bug, () => output.Write(isOutside ? error.Message : $"{error}"));
            }
        }
    }

    private void Serve(Request what, BinaryReader request)
    {
        switch (what)
        {
            case Request.Open:
                video?.Dispose();
                video = null;
                video = IVideo.Open(request.ReadString(), Policy(request));
                Say(Answer.Info, () => Write(video.Info));
                break;
            case Request.Read:
                int shortSide = request.ReadInt32();
                var frames = video!.ReadFrames(Sample, shortSide > 0 ? shortSide : null);
                Say(Answer.Frames, () => Write(frames));
                break;
            case Request.Decode:
                int count = 0;
                video!.Decode(frame => Write(count++, frame));
                Say(Answer.Info, () => Write(video.Info));
                break;
            case Request.OpenSource:
                source?.Dispose();
                source = null;
                source = IFrameSource.Open(request.ReadString(), Policy(request));
                Say(Answer.Rate, () =>
                {
                    output.Write(source.Rate);
                    output.Write(source.IsLive);
                });
                break;
            case Request.Stream:
                source!.Decode(IsWanted, Write);
                Say(Answer.Done);
                break;
            default:
                throw new InvalidOperationException($"unknown request {what}");
        }
    }

    private int[] Sample(VideoInfo info)
    {
        Say(Answer.Sample, () => Write(info));
        int[] indices = [.. MemoryMarshal.Cast<byte, int>(next().AsSpan())];
        return indices is [] ? throw new OperationCanceledException() : indices;
    }

    private bool IsWanted(int index)
    {
        Say(Answer.Wanted, () => output.Write(index));
        return next() is [1];
    }

    private void Say(Answer answer, Action? content = null)
    {
        output.Write((byte)answer);
        content?.Invoke();
        output.Flush();
    }

    private void Write(VideoInfo info)
    {
        output.Write(info.Width);
        output.Write(info.Height);
        output.Write(info.FramesPerSecond);
        output.Write(info.FrameCount);
    }

    private void Write(Tensor frames)
    {
        foreach (long length in frames.shape[..3]) output.Write((int)length);
        for (long t = 0; t < frames.shape[0]; t++)
        {
            using var frame = frames[t]; // (H, W, 3): a span cannot hold more than 2 GiB
            output.Write(frame.bytes);
        }
    }

    private unsafe void Write(int index, Mat frame) => Say(Answer.Frame, () =>
    {
        var (height, width) = (frame.Height, frame.Width);
        output.Write(index);
        output.Write(height);
        output.Write(width);
        for (int y = 0; y < height; y++) output.Write(new ReadOnlySpan<byte>((void*)frame.Ptr(y), width * 3));
    });

    private static VideoPolicy Policy(BinaryReader request) => new(request.ReadBoolean(), request.ReadBoolean());
}
