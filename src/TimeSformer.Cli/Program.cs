using System.CommandLine.Help;
using System.Runtime.InteropServices;
using TimeSformer;
using TimeSformer.Cli;
using TimeSformer.Cli.Commands;
using TimeSformer.Torch;
using TimeSformer.Video.Isolation;

if (DecodingProgram.Serve(args)) return 0;
var root = new RootCommand($"""
    TimeSformer: divided space-time attention for video, in C#.

    Start with:
      ./timesformer demo     generate videos, train a model on them and classify one: a few minutes
      ./timesformer test     run all tests

    {ExitCode.Help}
    """)
{
    DemoCommand.Create(), TrainCommand.Create(), EvaluateCommand.Create(), PredictCommand.Create(), CompareCommand.Create(),
    AttentionCommand.Create(), FinetuneCommand.Create(), FeaturesCommand.Create(), ClassifyCommand.Create(), MapCommand.Create(),
    ConvertCommand.Create(), ParityCommand.Create(), InspectCommand.Create(), ReproduceCommand.Create(), DataCommand.Create(),
    RunsCommand.Create(), ExplainCommand.Create(), KernelCommand.Create(), NotebooksCommand.Create(),
};

using var interrupt = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    // The first Ctrl-C ends the work cleanly, the second ends the process.
    if (interrupt.IsCancellationRequested) return;
    pressed.Cancel = true;
    interrupt.Cancel();
};
// A scheduler, or mpirun, asks in other ways.
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
using var end = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create((PosixSignal)MpiRun.EndSignal, End);

void End(PosixSignalContext signal)
{
    signal.Cancel = !interrupt.IsCancellationRequested;
    interrupt.Cancel();
}

try
{
    var parsed = root.Parse(args);
    if (parsed.Errors is [.., var wrong]) throw new InputException($"{wrong.Message.TrimEnd('.')}; see ./timesformer --help");
    if (args.Contains("")) throw new InputException("an argument is empty; give it a value or leave it out");
    // Loaded before TorchSharp looks for its libraries, so that one sentence says what is missing.
    var parent = parsed.CommandResult.Command.Parents.FirstOrDefault();
    if (parsed.Action is not (HelpAction or null) && parent is not { Name: "kernel" or "notebooks" }) NativeLibraries.LoadTorch();
    var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
    return await parsed.InvokeAsync(configuration, interrupt.Token);
}
catch (Exception error)
{
    var (status, text) = ExitCode.Of(error);
    // Of processes that fail alike the first says why; the others are told to end.
    if (MpiRun.Rank > 0 && interrupt.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(5))) return status;
    if (text is not null) Console.Error.WriteLine(text);
    return status;
}
