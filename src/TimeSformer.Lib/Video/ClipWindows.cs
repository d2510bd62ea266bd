using System.Collections.Concurrent;
using OpenCvSharp;
using static TorchSharp.torch;

namespace TimeSformer.Video;

/// <summary>The clip over a window of a stream, to be disposed by who takes it.</summary>
/// <param name="From">Where the window begins, in seconds from the start of the video.</param>
/// <param name="Time">Where it ends.</param>
/// <param name="Frames">The center crops of its frames (T, S, S, 3), RGB, uint8, on the CPU.</param>
public sealed record ClipWindow(double From, double Time, Tensor Frames) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Frames.Dispose();
}

/// <summary>
/// Clips over a sliding window of a video file of any length, or of a camera. A thread decodes ahead of the consumer, and waits when it
/// is a few windows ahead; with a camera, the oldest window is dropped instead. Frames are scaled and cropped as they are decoded, and
/// only those that a window needs are kept, so that memory does not grow with the video.
/// </summary>
public static class ClipWindows
{
    private const int Ahead = 2;

    /// <summary>
    /// The windows in order, as they are decoded. The first one ends at the first multiple of <paramref name="every"/> at which the video
    /// is as long as a window. Nothing is opened before the first one is asked for.
    /// </summary>
    /// <param name="source">A video file, or a camera by its number (0 is the first) or its device, such as /dev/video0.</param>
    /// <param name="clip">The clips. They determine the length of a window: T · SamplingRate / 30 seconds.</param>
    /// <param name="every">Seconds from the end of a window to that of the next.</param>
    /// <param name="length">Seconds of a window if the clips would cover the whole video (SamplingRate 0).</param>
    /// <param name="policy">Which imperfect videos are used; by default, <see cref="VideoPolicy.Default"/>.</param>
    /// <param name="cancel">Ends the stream.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number of seconds is not above 0.</exception>
    /// <exception cref="VideoException">
    /// The source cannot be opened, is shorter than a window, or breaks off; the windows before are returned first.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was signaled.</exception>
    public static IEnumerable<ClipWindow> Read(
        string source, ClipFormat clip, double every, double length = 4, VideoPolicy? policy = null, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(every);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        return Read(() => IFrameSource.Open(source, policy ?? VideoPolicy.Default), source, clip, every, length, cancel);
    }

    internal static IEnumerable<ClipWindow> Read(
        Func<IFrameSource> open, string name, ClipFormat clip, double every, double length, CancellationToken cancel)
    {
        using var frames = open();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var ready = new BlockingCollection<ClipWindow>(frames.IsLive ? 1 : Ahead);
        var decoding = Task.Factory.StartNew(
            () => Decode(frames, name, new(clip, every, length, frames.Rate), ready, stop.Token), CancellationToken.None,
            TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            foreach (var window in ready.GetConsumingEnumerable(cancel)) yield return window;
            decoding.GetAwaiter().GetResult();
        }
        finally
        {
            stop.Cancel();
            Task.WhenAny(decoding).Wait(CancellationToken.None);
            while (ready.TryTake(out var unused)) unused.Dispose();
        }
    }

    // Runs on a thread of its own.
    private static void Decode(
        IFrameSource frames, string name, WindowSchedule schedule, BlockingCollection<ClipWindow> ready, CancellationToken cancel)
    {
        var (number, shown, done) = (schedule.First, 0, 0);
        var next = schedule.At(number);
        var (open, wanted, kept) = (new Queue<WindowSchedule.Window>(), new HashSet<int>(), new Queue<(int Index, Tensor Frame)>());
        try
        {
            VideoException.Decoding(name, () =>
            {
                frames.Decode(IsWanted, Keep);
                return true;
            });
        }
        finally
        {
            foreach (var (_, frame) in kept) frame.Dispose();
            ready.CompleteAdding();
        }
        if (done > 0) return;
        throw new VideoException(name, $"the video has {shown / schedule.Rate:0.##} seconds, but the first window ends at "
            + $"{schedule.At(schedule.First).Time:0.##} s; predict it without streaming, or take shorter windows or steps");

        bool IsWanted(int index)
        {
            cancel.ThrowIfCancellationRequested();
            shown = index + 1;
            for (; next.Indices[0] <= index; next = schedule.At(++number))
            {
                open.Enqueue(next);
                wanted.UnionWith(next.Indices);
            }
            return wanted.Remove(index);
        }

        void Keep(int index, Mat frame)
        {
            kept.Enqueue((index, Crop(name, frame, schedule.Clip)));
            while (open.TryPeek(out var window) && window.Indices[^1] <= index)
            {
                open.Dequeue();
                done++;
                Offer(new(window.From, window.Time, cat([.. window.Indices.Select(Kept)])));
            }
            int first = open.TryPeek(out var oldest) ? oldest.Indices[0] : next.Indices[0];
            while (kept.TryPeek(out var old) && old.Index < first) kept.Dequeue().Frame.Dispose();
        }

        Tensor Kept(int index) => kept.First(entry => entry.Index == index).Frame;

        void Offer(ClipWindow window) => window.OrDispose(_ =>
        {
            if (!frames.IsLive) ready.Add(window, cancel);
            else while (!ready.TryAdd(window)) if (ready.TryTake(out var late)) late.Dispose();
            return true;
        });
    }

    // A frame (BGR) as in evaluation: (1, S, S, 3), RGB.
    private static Tensor Crop(string name, Mat frame, ClipFormat clip)
    {
        var transform = ClipTransform.Center(clip);
        var size = ClipTransform.ScaledSize(frame.Width, frame.Height, transform.ShortSide);
        using var scaled = FrameTensor.Allocate(name, 1, size);
        FrameTensor.Store(frame, scaled, [0]);
        return transform.Apply(scaled);
    }
}
