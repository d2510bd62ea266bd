using System.ComponentModel;
using System.Diagnostics;

namespace TimeSformer.Cli.Notebooks;

/// <summary>Runs the command <c>jupyter</c>.</summary>
internal static class Jupyter
{
    /// <summary>Runs it to its end and returns its status and what it wrote to standard error.</summary>
    /// <exception cref="IOException">It is not installed.</exception>
    public static async Task<(int Status, string Error)> Run(IEnumerable<string> arguments, CancellationToken cancel)
    {
        using var process = Start(new ProcessStartInfo("jupyter", arguments) { RedirectStandardError = true, RedirectStandardOutput = true });
        _ = process.StandardOutput.ReadToEndAsync(cancel);
        var error = process.StandardError.ReadToEndAsync(cancel);
        await WaitFor(process, cancel);
        return (process.ExitCode, await error);
    }

    /// <summary>Runs it on the terminal until it ends.</summary>
    /// <exception cref="IOException">It is not installed.</exception>
    public static async Task<int> RunOnTerminal(IEnumerable<string> arguments, CancellationToken cancel)
    {
        using var process = Start(new ProcessStartInfo("jupyter", arguments));
        await WaitFor(process, cancel);
        return process.ExitCode;
    }

    /// <summary>Whether there is a subcommand of this name, as notebook or lab.</summary>
    public static bool Has(string subcommand) =>
        Programs.Find($"jupyter-{subcommand}") is not null;

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new IOException("the command jupyter is missing; install it with: sudo apt-get install --no-install-recommends jupyter-notebook jupyter-nbconvert");
        }
    }

    private static async Task WaitFor(Process process, CancellationToken cancel)
    {
        try
        {
            await process.WaitForExitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
