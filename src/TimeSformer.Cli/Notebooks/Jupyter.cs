using System.ComponentModel;
using System.Diagnostics;

namespace TimeSformer.Cli.Notebooks;

/// <summary>Runs the command <c>jupyter</c>.</summary>
internal static class Jupyter
{
    /// <summary>Runs it and returns its exit status and its standard error.</summary>
    /// <exception cref="InputException">It is not installed.</exception>
    public static async Task<(int Status, string Error)> Run(IEnumerable<string> arguments, CancellationToken cancel)
    {
        var start = new ProcessStartInfo("jupyter", arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Start(start);
        _ = process.StandardOutput.ReadToEndAsync(cancel);
        var error = process.StandardError.ReadToEndAsync(cancel);
        await WaitFor(process, cancel);
        return (process.ExitCode, await error);
    }

    /// <summary>Runs it on the terminal until it ends.</summary>
    /// <exception cref="InputException">It is not installed.</exception>
    public static async Task<int> RunOnTerminal(IEnumerable<string> arguments, CancellationToken cancel)
    {
        using var process = Start(new ProcessStartInfo("jupyter", arguments));
        await WaitFor(process, cancel);
        return process.ExitCode;
    }

    /// <summary>Whether it has a subcommand, such as notebook or lab.</summary>
    public static bool Has(string subcommand) => Programs.Find($"jupyter-{subcommand}") is not null;

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new InputException(
                "the command jupyter is missing; install it with: "
                + "sudo apt-get install --no-install-recommends jupyter-notebook jupyter-nbconvert");
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
