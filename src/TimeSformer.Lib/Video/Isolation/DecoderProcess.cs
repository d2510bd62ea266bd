using System.Collections.Concurrent;
using System.Diagnostics;

namespace TimeSformer.Video.Isolation;

/// <summary>
/// A child process that decodes, one video at a time; see <see cref="DecodingProgram"/>. If it crashes or does not answer, that is the
/// fault of the video that it works on.
/// </summary>
/// <param name="limit">The longest that it may take to answer; by default, by the size of the video.</param>
internal sealed class DecoderProcess(TimeSpan? limit = null) : IDisposable
{
    // No decoder that works is as slow: a megabyte holds seconds of video.
    private const double LeastSeconds = 60, SecondsPerMegabyte = 10;

    private static readonly ConcurrentBag<DecoderProcess> idle = [];

    private readonly Process process = Process.Start(DecodingProgram.StartInfo())!;
    private BinaryReader? answers;
    private string path = "";
    private TimeSpan patience;
    private bool isReady = true;
    private volatile bool isLate;

    /// <summary>The process's id.</summary>
    public int Id => process.Id;

    /// <summary>Whether it has ended: it crashed, was killed or did not answer.</summary>
    public bool HasEnded => process.HasExited;

    /// <summary>A child that waits for work or, if there is none, a new one: there are as many as threads that decode at a time.</summary>
    public static DecoderProcess Take()
    {
        while (idle.TryTake(out var waiting))
        {
            if (!waiting.HasEnded) return waiting;
            waiting.Dispose();
        }
        return new();
    }

    /// <summary>Lets others have the child, if it can go on.</summary>
    public void Return()
    {
        if (isReady && !HasEnded) idle.Add(this);
        else Dispose();
    }

    /// <summary>Gives it a file, a folder of pictures or a camera to work on.</summary>
    /// <exception cref="VideoException">It has ended.</exception>
    public void Open(Request request, string source, VideoPolicy policy)
    {
        (path, patience) = (source, limit ?? TimeSpan.FromSeconds(LeastSeconds + (SecondsPerMegabyte * Bytes(source) / (1 << 20))));
        Ask(request, message =>
        {
            message.Write(Path.Exists(source) ? Path.GetFullPath(source) : source);
            message.Write(policy.AllowTruncated);
            message.Write(policy.RepeatFrames);
        });
    }

    /// <summary>Sends a request.</summary>
    /// <exception cref="VideoException">The child has ended.</exception>
    public void Ask(Request request, Action<BinaryWriter>? write = null)
    {
        isReady = false;
        Send(message =>
        {
            message.Write((byte)request);
            write?.Invoke(message);
        });
    }

    /// <summary>Sends what a request has asked for.</summary>
    /// <exception cref="VideoException">The child has ended.</exception>
    public void Send(Action<BinaryWriter> write)
    {
        using var content = new MemoryStream();
        using (var writer = new BinaryWriter(content)) write(writer);
        var message = content.ToArray();
        Guard(() =>
        {
            var stream = process.StandardInput.BaseStream;
            stream.Write(BitConverter.GetBytes(message.Length));
            stream.Write(message);
            stream.Flush();
            return true;
        });
    }

    /// <summary>Waits for an answer.</summary>
    /// <param name="read">Reads what follows the answer's kind.</param>
    /// <exception cref="VideoException">The child refuses the video, has ended, or did not answer in time.</exception>
    /// <exception cref="IOException">It cannot read the file.</exception>
    public T Receive<T>(Func<Answer, BinaryReader, T> read)
    {
        var (failure, result) = Guard<(Exception? Failure, T? Result)>(() =>
        {
            using var watch = new Timer(_ => End(), null, patience, Timeout.InfiniteTimeSpan);
            answers ??= new(new BufferedStream(process.StandardOutput.BaseStream, 1 << 16));
            var answer = (Answer)answers.ReadByte();
            (Exception?, T?) received = answer switch
            {
                Answer.Refused => (new VideoException(answers.ReadString(), answers.ReadString()), default),
                Answer.Failed => (new IOException(answers.ReadString()), default),
                Answer.Bug => (new InvalidOperationException($"a decoding process failed: {answers.ReadString()}"), default),
                _ => (null, read(answer, answers)),
            };
            isReady = answer >= Answer.Info;
            return received;
        });
        return failure is null ? result! : throw failure;
    }

    /// <summary>Ends the process; it has nothing to save.</summary>
    public void Dispose()
    {
        process.Kill();
        process.Dispose();
    }

    private void End()
    {
        isLate = true;
        process.Kill();
    }

    private T Guard<T>(Func<T> exchange)
    {
        try
        {
            return exchange();
        }
        catch (IOException)
        {
            if (!process.WaitForExit(TimeSpan.FromSeconds(1))) process.Kill();
            process.WaitForExit();
            throw new VideoException(path, isLate
                ? $"its decoder did not answer within {patience.TotalSeconds:0} s"
                : $"its decoder crashed (exit status {process.ExitCode})");
        }
    }

    private static long Bytes(string source) => VideoException.Decoding(source, () =>
        File.Exists(source) ? new FileInfo(source).Length
        : Directory.Exists(source) ? new DirectoryInfo(source).EnumerateFiles().Sum(file => file.Length)
        : 0);
}
