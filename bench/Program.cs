// ./timesformer bench: our model against the official code's sequence of operations, on the same libtorch, in the same run.
using System.CommandLine;
using TimeSformer;
using TimeSformer.Bench;
using TimeSformer.Bench.Fuzz;
using TimeSformer.Bench.Soak;
using TimeSformer.Cli;
using TimeSformer.Experiments;
using TimeSformer.Models;
using TimeSformer.Models.Attention;
using TimeSformer.Torch;
using TimeSformer.Video.Isolation;
using static TorchSharp.torch;

if (DecodingProgram.Serve(args)) return 0;
const int gpuBatch = 32;
Dictionary<string, (TimeSformerConfig Config, int Batch)> sizes = new()
{
    ["tiny"] = (TimeSformerConfig.Tiny, 32), ["small"] = (TimeSformerConfig.Small, 4), ["base"] = (TimeSformerConfig.Base, 1),
};
Dictionary<string, AttentionScheme> schemeNames = new()
{
    ["divided"] = AttentionScheme.DividedSpaceTime, ["joint"] = AttentionScheme.JointSpaceTime, ["space"] = AttentionScheme.SpaceOnly,
};
Dictionary<string, Precision> precisionNames = new()
{
    ["float32"] = Precision.Float32, ["bfloat16"] = Precision.Bfloat16, ["bfloat16_weights"] = Precision.Bfloat16Weights,
};

var asJson = new Option<bool>("--json") { Description = "Print one JSON object" };
var models = Several("--models", "Presets: tiny (32 clips), small (4), base (1); 32 clips on a GPU", [.. sizes.Keys], "tiny,small");
var schemes = Several("--schemes", "Attention: divided, joint, space", [.. schemeNames.Keys], "divided");
var precisions = Several(
    "--precisions", "Types: float32, bfloat16 (autocast), bfloat16_weights", [.. precisionNames.Keys], "float32,bfloat16");
var steps = Several(
    "--steps", "Our computation: composed, attention (libtorch's, in one operation), kernels", ["composed", "attention", "kernels"],
    "kernels");
var on = new Option<string>("--device") { Description = "cpu, cuda or cuda:N", DefaultValueFactory = _ => "cpu" };
var compile = new Option<bool>("--compile") { Description = "Also run the official code under torch.compile" };
var modes = Several("--modes", "Steps: train, eval", ["train", "eval"], "train,eval");
var rounds = new Option<int>("--rounds") { Description = "Measurements of each; medians count", DefaultValueFactory = _ => 9 };
rounds.Validators.Add(result =>
{
    if (result.Tokens is [var token] && int.TryParse(token.Value, out int number) && number < 1)
    {
        result.AddError($"--rounds is {number}; it must be 1 or more");
    }
});
var profile = new Option<bool>("--profile") { Description = "Also print the time by operation of a training step" };
var startUp = new Option<bool>("--start-up") { Description = "Measure instead how long --help and predict take, from start to end" };
var python = new Option<string?>("--python") { Description = "A Python with PyTorch that runs the official code of --peer too" };
var peer = new Option<string?>("--peer") { Description = "A checkout of the official TimeSformer" };
var root = new RootCommand("""
    Measure steps of our model and of a peer: the official code's sequence of operations on the same libtorch. The two, and a large matrix
    product, take turns. A ratio above 1 means that ours is faster; shares are of the product's rate; memory is the peak of a step's
    tensors.

    Example:
      ./timesformer bench --models tiny --modes train --profile
    """) { models, schemes, precisions, steps, modes, rounds, profile, startUp, on, python, peer, compile, asJson };
root.Add(Scaling.Create());
root.Add(SoakCommand.Create());
root.Add(FuzzCommand.Create());
root.SetAction((parsed, cancel) => Task.FromResult(Bench(parsed, cancel)));

using var interrupt = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    if (interrupt.IsCancellationRequested) return;
    pressed.Cancel = true;
    interrupt.Cancel();
};
try
{
    var parsed = root.Parse(args);
    if (parsed.Errors is [.., var wrong]) throw new InputException($"{wrong.Message.TrimEnd('.')}; see ./timesformer bench --help");
    var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
    return await parsed.InvokeAsync(configuration, interrupt.Token);
}
catch (Exception error)
{
    var (status, text) = ExitCode.Of(error);
    if (text is not null) Console.Error.WriteLine(text);
    return status;
}

int Bench(ParseResult parsed, CancellationToken cancel)
{
    var (interpreter, official) = (parsed.GetValue(python), parsed.GetValue(peer));
    if (interpreter is null != official is null) throw new InputException("--python and --peer go together; give both or neither");
    if (parsed.GetValue(startUp))
    {
        var commands = StartUp.Run(parsed.GetValue(rounds), cancel);
        if (parsed.GetValue(asJson)) Terminal.PrintJson(new { StartUp = commands });
        else StartUp.Print(commands);
        return 0;
    }
    NativeLibraries.LoadTorch();
    var device = ComputeDevice.Named(parsed.GetValue(on)!);
    bool isGpu = device.type is TorchSharp.DeviceType.CUDA;
    List<Setting> settings =
    [
        .. from model in Split(parsed.GetValue(models))
           from scheme in Split(parsed.GetValue(schemes))
           from precision in Split(parsed.GetValue(precisions))
           let config = sizes[model].Config with { Attention = schemeNames[scheme], NumClasses = 174, DropPathRate = 0 }
           select new Setting(model, scheme, precision, config, precisionNames[precision], isGpu ? gpuBatch : sizes[model].Batch)
           {
               Device = device, Steps = Split(parsed.GetValue(steps)),
           },
    ];
    var (rows, profiles) = (new List<Row>(), new List<StepProfile>());
    foreach (var (done, setting) in settings.Index())
    {
        Console.Error.WriteLine($"{setting.Model}, {setting.Scheme}, {setting.Precision} ({done + 1} of {settings.Count}) ...");
        using var code = interpreter is null ? null : new OfficialCode(interpreter, official!, setting);
        using var compiled = code is not null && parsed.GetValue(compile)
            ? new OfficialCode(interpreter!, official!, setting, compile: true)
            : null;
        OfficialCode[] codes = [.. new[] { code, compiled }.OfType<OfficialCode>()];
        var (measured, profiled) = Measurement.Run(
            setting, Split(parsed.GetValue(modes)), parsed.GetValue(rounds), codes, parsed.GetValue(profile), cancel);
        rows.AddRange(measured);
        if (profiled is not null) profiles.Add(profiled);
    }
    var provenance = Provenance.Now(parsed.GetValue(on)!);
    if (parsed.GetValue(asJson))
    {
        Terminal.PrintJson(new
        {
            provenance.Hardware, provenance.Libtorch, Threads = get_num_threads(), Rounds = parsed.GetValue(rounds), rows, profiles,
        });
        return 0;
    }
    Report.Print(rows, profiles, $"{provenance.Hardware}, libtorch {provenance.Libtorch}, medians of {parsed.GetValue(rounds)}");
    return 0;
}

// Some values of a list, separated by commas.
static Option<string> Several(string name, string description, string[] all, string preset)
{
    var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => preset };
    option.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && Split(token.Value).Except(all).FirstOrDefault() is { } unknown)
        {
            result.AddError($"{name} has the unknown value '{unknown}'; take some of {string.Join(", ", all)}, separated by commas");
        }
    });
    return option;
}

static string[] Split(string? list) => [.. list!.Split(',', StringSplitOptions.TrimEntries).Distinct()];
