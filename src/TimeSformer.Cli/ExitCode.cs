using System.Runtime.InteropServices;

namespace TimeSformer.Cli;

/// <summary>What the program's exit status means.</summary>
internal static class ExitCode
{
    /// <summary>The statuses, for <c>--help</c>.</summary>
    public const string Help =
        "Exit status: 0 done, 1 a difference found, or a file or device failed, 2 wrong input, 70 a bug in the program, 130 Ctrl-C.";

    /// <summary>A comparison or check found a difference.</summary>
    public const int Difference = 1;

    /// <summary>Something outside failed: a file cannot be read or written, disk or memory is full, a device does not work.</summary>
    public const int Failure = 1;

    /// <summary>The input is wrong; the message on standard error says what, where and what to do.</summary>
    public const int BadInput = 2;

    /// <summary>A bug in the program (EX_SOFTWARE of sysexits.h); standard error has the stack trace.</summary>
    public const int Bug = 70;

    /// <summary>Ended by Ctrl-C, as shells count it (128 + SIGINT).</summary>
    public const int Interrupted = 130;

    // What libtorch says of memory and devices.
    private static readonly string[] outside = ["memory", "CUDA", "cuDNN", "NCCL"];

    /// <summary>The exit status for an exception, and the text for standard error; null if there is nothing to say.</summary>
    public static (int Status, string? Text) Of(Exception error) => Cause(error) switch
    {
        OperationCanceledException => (Interrupted, null),
        InputException wrong => (BadInput, Sentence(wrong.Message)),
        // libtorch appends a stack trace of its own to the first line. Its other complaints, such as of shapes, are bugs.
        ExternalException failed when outside.Any(failed.Message.Contains) => (Failure, Sentence(failed.Message.Split('\n')[0])),
        var failed and (IOException or UnauthorizedAccessException or OutOfMemoryException) => (Failure, Sentence(failed.Message)),
        _ => (Bug, $"error: this is a bug in timesformer; please report it with this stack trace:\n{error}"),
    };

    private static string Sentence(string message) => $"error: {message.Trim().ReplaceLineEndings(" ")}";

    // Static constructors and worker threads wrap what they throw.
    private static Exception Cause(Exception error) =>
        error is TypeInitializationException or AggregateException && error.InnerException is { } inner ? Cause(inner) : error;
}
