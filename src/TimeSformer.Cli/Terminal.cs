using Spectre.Console;

namespace TimeSformer.Cli;

/// <summary>What a command's exit status means.</summary>
internal static class ExitCode
{
    /// <summary>A comparison found a difference.</summary>
    public const int Difference = 1;

    /// <summary>The input is wrong; the message on standard error says what and where.</summary>
    public const int BadInput = 2;

    /// <summary>Ended by Ctrl-C, as shells count it.</summary>
    public const int Interrupted = 130;
}

/// <summary>Where commands write: results to standard output, progress and errors to standard error.</summary>
internal static class Terminal
{
    public static IAnsiConsole Out { get; } = Create(Console.Out, Console.IsOutputRedirected);

    public static IAnsiConsole Error { get; } = Create(Console.Error, Console.IsErrorRedirected);

    /// <summary>Whether a moving progress bar makes sense: a person watches standard error.</summary>
    public static bool IsWatched => !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("CI") is null or "";

    private static IAnsiConsole Create(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
        });
        if (redirected) console.Profile.Width = 160;
        return console;
    }
}
