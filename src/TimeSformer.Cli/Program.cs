using System.CommandLine;
using System.CommandLine.Help;
using TimeSformer;
using TimeSformer.Cli;
using TimeSformer.Cli.Commands;
using TimeSformer.Torch;

var root = new RootCommand("""
    TimeSformer: divided space-time attention for video, from C#.

    Start with:
      ./timesformer demo     make videos, train a model on them, recognise one: everything in a few minutes
      ./timesformer test     run all tests
    """)
{
    DemoCommand.Create(), TrainCommand.Create(), EvaluateCommand.Create(), PredictCommand.Create(), ConvertCommand.Create(), ParityCommand.Create(), InspectCommand.Create(), ReproduceCommand.Create(), DataCommand.Create(), RunsCommand.Create(),
    KernelCommand.Create(), NotebooksCommand.Create(),
};

using var interrupt = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    // The first Ctrl-C ends the work cleanly, the second the process.
    if (interrupt.IsCancellationRequested) return;
    pressed.Cancel = true;
    interrupt.Cancel();
};

try
{
    var parsed = root.Parse(args);
    if (parsed.Errors.Count > 0)
    {
        Console.Error.WriteLine($"error: {parsed.Errors[^1].Message}");
        Console.Error.WriteLine("Try ./timesformer --help, or --help after a command.");
        return ExitCode.BadInput;
    }
    // Before TorchSharp looks for its libraries itself, so that what is missing is said in one sentence.
    if (parsed.Action is not (HelpAction or null) && parsed.CommandResult.Command.Parents.FirstOrDefault() is not { Name: "kernel" or "notebooks" }) NativeLibraries.LoadTorch();
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interrupt.Token);
}
catch (OperationCanceledException)
{
    return ExitCode.Interrupted;
}
catch (Exception error) when (Cause(error)
    is InputException or NativeLibraryException or IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException)
{
    Console.Error.WriteLine($"error: {Cause(error).Message.ReplaceLineEndings(" ")}");
    return ExitCode.BadInput;
}

// A library that is missing is found by the static constructor of its first user, or on a thread that decodes.
static Exception Cause(Exception error) =>
    error is TypeInitializationException or AggregateException && error.InnerException is { } inner ? Cause(inner) : error;
