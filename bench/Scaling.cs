using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TimeSformer.Cli;
using TimeSformer.Distributed;
using TimeSformer.Experiments;
using TimeSformer.Models;
using TimeSformer.Torch;
using TimeSformer.Training;
using static TorchSharp.torch;

namespace TimeSformer.Bench;

/// <summary>The training steps of several processes, each with a batch of its own and one thread.</summary>
/// <param name="Processes">Their number.</param>
/// <param name="StepMs">Median time of a step.</param>
/// <param name="MovingMs">Time in which sums of gradients were under way, per step.</param>
/// <param name="WaitingMs">Time in which the first process waited for them, per step.</param>
/// <param name="Megabytes">Gradients that a process adds, per step (1e6 bytes).</param>
internal sealed record ScalingRow(int Processes, double StepMs, double MovingMs, double WaitingMs, double Megabytes);

/// <summary>
/// <c>bench scaling</c>: weak scaling by MPI on this machine, and what the measured overlap would mean on GPUs. Writes Markdown.
/// </summary>
internal static class Scaling
{
    private const int WarmUp = 3, Steps = 12;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var preset = new Option<string>("--model") { Description = "tiny or small", DefaultValueFactory = _ => "small" };
        preset.AcceptOnlyFromAmong("tiny", "small");
        var batch = new Option<int>("--batch") { Description = "Clips of each process", DefaultValueFactory = _ => 4 };
        var most = new Option<int>("--processes") { Description = "The most processes", DefaultValueFactory = _ => 2 };
        var rounds = new Option<int>("--rounds") { Description = "Starts of each, in turns; medians count", DefaultValueFactory = _ => 3 };
        var asJson = new Option<bool>("--json") { Description = "Print one JSON object" };
        var worker = new Option<bool>("--worker") { Hidden = true };
        var command = new Command("scaling", "Measure training steps of one to several processes, one thread each, by MPI.")
        {
            preset, batch, most, rounds, asJson, worker,
        };
        command.SetAction((parsed, cancel) =>
        {
            var (model, clips) = (parsed.GetValue(preset)!, parsed.GetValue(batch));
            if (parsed.GetValue(worker)) Work(model, clips);
            else Measure(model, clips, parsed.GetValue(most), parsed.GetValue(rounds), parsed.GetValue(asJson), cancel);
            return Task.FromResult(0);
        });
        return command;
    }

    private static void Measure(string model, int batch, int most, int rounds, bool asJson, CancellationToken cancel)
    {
        var measured = new List<ScalingRow>();
        for (int round = 0; round < rounds; round++)
        {
            for (int processes = 1; processes <= most; processes *= 2)
            {
                cancel.ThrowIfCancellationRequested();
                Console.Error.WriteLine($"{processes} process{(processes > 1 ? "es" : "")}, round {round + 1} of {rounds} ...");
                measured.Add(Start(model, batch, processes));
            }
        }
        List<ScalingRow> rows = [.. measured.GroupBy(row => row.Processes, (_, same) => Median([.. same])).OrderBy(row => row.Processes)];
        var estimates = ScalingEstimate.All(HiddenShare(rows[^1]));
        if (asJson) Terminal.PrintJson(new { Provenance.Now("cpu").Hardware, model, batch, rows, estimates });
        else Print(model, batch, rows, estimates);
    }

    // The share of the reductions that nothing waited for.
    private static double HiddenShare(ScalingRow row) => Math.Clamp(1 - (row.WaitingMs / row.MovingMs), 0, 1);

    private static ScalingRow Median(ScalingRow[] rows)
    {
        double Of(Func<ScalingRow, double> value) => rows.Select(value).Order().ElementAt(rows.Length / 2);
        return rows[0] with { StepMs = Of(row => row.StepMs), MovingMs = Of(row => row.MovingMs), WaitingMs = Of(row => row.WaitingMs) };
    }

    private static ScalingRow Start(string model, int batch, int processes)
    {
        var start = MpiRun.Of(
            processes, threads: 1, typeof(Scaling).Assembly.Location, ["scaling", "--worker", "--model", model, "--batch", $"{batch}"]);
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new IOException($"mpirun ended with status {process.ExitCode}");
        return JsonSerializer.Deserialize<ScalingRow>(output)!;
    }

    // One of the processes. A single one has no group, as in training.
    private static void Work(string preset, int batch)
    {
        NativeLibraries.LoadTorch();
        var world = ProcessGroup.Join(why => Console.Error.WriteLine($"error: {why}"));
        var config = (preset == "tiny" ? TimeSformerConfig.Tiny : TimeSformerConfig.Small) with { NumClasses = 174, DropPathRate = 0 };
        Libtorch.set_flush_denormal(true);
        manual_seed(0);
        using var model = new TimeSformerModel(config);
        using var optimizer = new SGD(model.parameters(), 1e-3, momentum: 0.9);
        using var parallel = world is null ? null : new DistributedDataParallel(world, model);
        using var clips = randn([batch, config.InChannels, config.NumFrames, config.ImageSize, config.ImageSize]);
        using var labels = randint(config.NumClasses, [batch]);
        var seconds = new List<double>();
        var (moving, waiting) = (TimeSpan.Zero, TimeSpan.Zero);
        for (int step = -WarmUp; step < Steps; step++)
        {
            if (step == 0 && world is not null) (moving, waiting) = (world.Moving, parallel!.Waiting);
            var clock = Stopwatch.StartNew();
            optimizer.zero_grad();
            parallel?.BeginLastPass();
            using var loss = Trainer.Backward(
                model, clips, output => nn.functional.cross_entropy(output, labels), Precision.Float32, checkpointing: false);
            using var total = loss.to_type(ScalarType.Float64);
            parallel?.Finish(total);
            optimizer.step();
            if (step >= 0) seconds.Add(clock.Elapsed.TotalSeconds);
        }
        var row = new ScalingRow(
            world?.Size ?? 1, 1e3 * seconds.Order().ElementAt(Steps / 2),
            ((world?.Moving ?? default) - moving).TotalMilliseconds / Steps,
            ((parallel?.Waiting ?? default) - waiting).TotalMilliseconds / Steps, (parallel?.Bytes ?? 0) / 1e6);
        world?.Leave();
        if (world is null or { Rank: 0 }) Console.WriteLine(JsonSerializer.Serialize(row));
    }

    private static void Print(string model, int batch, List<ScalingRow> rows, IReadOnlyList<ScalingEstimate> estimates)
    {
        var hidden = HiddenShare(rows[^1]);
        var page = FormattableString.Invariant($"""
            # Data-parallel training: what it costs

            The output of `./timesformer bench scaling --model {model} --batch {batch}` on {Provenance.Now("cpu").Hardware}.

            ## Measured

            Processes with one thread and {batch} clips each ({model}, float32), on one machine, by Open MPI. Data move while the backward
            pass goes on; what the step then still waits for is not hidden.

            | processes | step, ms | efficiency | gradients, MB | moving, ms | waited for, ms | of the step | hidden |
            |---|---|---|---|---|---|---|---|
            {string.Join('\n', rows.Select(row => Line(row, rows[0])))}

            ## Estimated: GPUs

            No such cluster was at hand. The efficiency of each of N GPUs, if these are assumed:

            {ScalingEstimate.Assumptions}

            Of the time in which gradients move, {hidden:P0} are hidden, as measured above, but never more than the backward pass lasts.

            | model | clips per GPU | step, ms | gradients, MB | {string.Join(" | ", ScalingEstimate.Sizes.Select(size => $"N = {size}"))} |
            |---|---|---|---|{string.Concat(ScalingEstimate.Sizes.Select(_ => "---|"))}
            {string.Join('\n', estimates.Select(estimate => estimate.ToString()))}
            """);
        Console.WriteLine(page);
    }

    private static string Line(ScalingRow row, ScalingRow first) => row.Processes == 1
        ? string.Create(CultureInfo.InvariantCulture, $"| 1 | {row.StepMs:0} | 100 % | - | - | - | - | - |")
        : string.Create(
            CultureInfo.InvariantCulture,
            $"| {row.Processes} | {row.StepMs:0} | {first.StepMs / row.StepMs:P0} | {row.Megabytes:0.0} | {row.MovingMs:0.0} | "
            + $"{row.WaitingMs:0.0} | {row.WaitingMs / row.StepMs:P1} | {HiddenShare(row):P0} |");
}
