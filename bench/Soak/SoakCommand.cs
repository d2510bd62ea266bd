using System.CommandLine;
using System.Diagnostics;
using TimeSformer.Checkpoints;
using TimeSformer.Cli;
using TimeSformer.Data;
using TimeSformer.Torch;
using TimeSformer.Training;
using static TorchSharp.torch;

namespace TimeSformer.Bench.Soak;

/// <summary>What one kind of fault did.</summary>
/// <param name="Fault">Its name.</param>
/// <param name="Times">How often it came.</param>
/// <param name="StepsRedone">Steps that were logged, but later than the checkpoint from which the run went on.</param>
internal sealed record FaultRow(string Fault, int Times, long StepsRedone);

/// <summary>
/// <c>bench soak</c>: trains, evaluates, saves and starts again under faults, and compares each run, step by step, with one that had none.
/// </summary>
internal static class SoakCommand
{
    private const double Tolerance = 1e-5, WeightTolerance = 1e-3; // of losses, and of weights: processes add in other orders
    private const int MostProcesses = 3, BrokenVideos = 3, MostStarts = 40;
    private const long DiskBytes = 24_000_000;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var hours = new Option<double>("--hours") { Description = "How long", DefaultValueFactory = _ => 1 };
        var seed = new Option<int>("--seed") { Description = "Chooses faults and moments", DefaultValueFactory = _ => 0 };
        var asJson = new Option<bool>("--json") { Description = "Print one JSON object" };
        var command = new Command("soak", """
            Train again and again while processes are killed or stand still, the disk fills up, checkpoints are cut short and videos are
            broken. Prints what was lost against a training without faults. Linux; a full disk takes root.
            """) { hours, seed, asJson };
        command.SetAction((parsed, cancel) => Task.FromResult(
            Run(TimeSpan.FromHours(parsed.GetValue(hours)), parsed.GetValue(seed), parsed.GetValue(asJson), cancel)));
        return command;
    }

    private static int Run(TimeSpan time, int seed, bool asJson, CancellationToken cancel)
    {
        NativeLibraries.LoadTorch();
        var folder = Directory.CreateTempSubdirectory("timesformer-soak").FullName;
        using var disk = SmallDisk.Make(Path.Combine(folder, "disk"), DiskBytes);
        if (!disk.CanFill) Console.Error.WriteLine("without root there is no small disk to fill up: that fault is left out");
        var recipe = Prepare(folder, cancel);
        var reference = Path.Combine(folder, "reference");
        using (var whole = new Training(recipe, reference, processes: 1))
        {
            var (status, text) = whole.Wait();
            if (status != 0) throw new IOException($"the training without faults ended with status {status}: {text}");
        }
        var (random, clock, faults) = (new Random(seed), Stopwatch.StartNew(), new List<(Fault Fault, long Redone)>());
        var (runs, wrong) = (0, new List<string>());
        for (; clock.Elapsed < time && !cancel.IsCancellationRequested; runs++)
        {
            var run = Path.Combine(disk.Folder, $"run-{runs}");
            wrong.AddRange(Trained(recipe, run, random, disk, faults, cancel).Select(what => $"run {runs}: {what}"));
            if (cancel.IsCancellationRequested) break;
            wrong.AddRange(Differences(reference, run).Select(what => $"run {runs}: {what}"));
            Directory.Delete(run, recursive: true);
            Console.Error.WriteLine(
                $"{clock.Elapsed:h\\:mm\\:ss}  {runs + 1} runs, {faults.Count} faults, {wrong.Count} losses or crashes");
        }
        List<FaultRow> rows =
            [.. faults.GroupBy(one => one.Fault, (fault, all) => new FaultRow($"{fault}", all.Count(), all.Sum(one => one.Redone)))];
        if (asJson) Terminal.PrintJson(new { clock.Elapsed, runs, BrokenVideos, rows, wrong });
        else Print(clock.Elapsed, runs, rows, wrong);
        if (wrong.Count == 0) Directory.Delete(reference, recursive: true);
        return wrong.Count == 0 ? 0 : ExitCode.Difference;
    }

    // 40 videos of which a few are broken, so that others take their places; a checkpoint every few steps, and evaluations.
    private static string Prepare(string folder, CancellationToken cancel)
    {
        ProceduralVideos.Write(new(folder, ProceduralFamily.Motion, 5, 2, Frames: 8), progress: null, cancel);
        foreach (var video in VideoList.Read(Path.Combine(folder, "train.txt")).Items.Take(BrokenVideos))
        {
            using var file = File.OpenWrite(video.Path);
            file.SetLength(file.Length / 2);
        }
        var recipe = Path.Combine(folder, "recipe.yaml");
        File.WriteAllText(recipe, """
            model: {preset: tiny}
            data:
              train: train.txt
              val: val.txt
              num_frames: 4
              sampling_rate: 2
              crop_size: 32
              train_jitter_scales: [32, 36]
              num_workers: 1
            training: {epochs: 12, batch_size: 12, seed: 3, checkpoint_every_steps: 3}
            """);
        return recipe;
    }

    // Starts and restarts a run until it is done; returns what went wrong.
    private static IEnumerable<string> Trained(
        string recipe, string run, Random random, SmallDisk disk, List<(Fault, long)> faults, CancellationToken cancel)
    {
        for (int start = 0; start < MostStarts; start++)
        {
            if (cancel.IsCancellationRequested) yield break;
            using var training = new Training(recipe, run, random.Next(1, MostProcesses + 1));
            // The last starts have none, so that each run comes to its end.
            var fault = start < MostStarts / 2 ? (Fault)random.Next(1 + (int)Fault.Interrupt) : Fault.None;
            if (fault is Fault.FullDisk && !disk.CanFill) fault = Fault.None;
            bool struck = fault is not Fault.None && Strike(training, fault, random, disk);
            var (status, text) = training.Wait();
            disk.Free();
            long logged = Training.LoggedSteps(run), kept = Checkpoint.Latest(run) is null ? 0 : Checkpoint.ReadResumePoint(run).Step;
            if (struck && fault is Fault.TruncatedCheckpoint) Truncate(run);
            if (struck) faults.Add((fault, status == 0 ? 0 : Math.Max(0, logged - kept)));
            if (status is ExitCode.Bug or 134 or 139 || text.Contains("this is a bug", StringComparison.Ordinal))
            {
                yield return $"after {fault}, status {status}: {text}";
            }
            else if (status == 0)
            {
                yield break;
            }
            else if (!struck)
            {
                yield return $"without a fault, status {status}: {text}";
            }
        }
        yield return "did not come to its end";
    }

    // Waits for a random number of steps; false if the training ended before.
    private static bool Strike(Training training, Fault fault, Random random, SmallDisk disk)
    {
        long moment = training.Steps + random.Next(1, 20);
        while (training.Steps < moment)
        {
            if (training.HasEnded) return false;
            Thread.Sleep(20);
        }
        Thread.Sleep(random.Next(100));
        switch (fault)
        {
            case Fault.KilledProcess:
                return training.Signal("KILL", random.Next(MostProcesses)) is not null;
            case Fault.PowerFailure or Fault.TruncatedCheckpoint:
                training.KillAll();
                return true;
            case Fault.Pause:
                if (training.Signal("STOP", random.Next(MostProcesses)) is not { } paused) return false;
                Thread.Sleep(3000);
                Training.Send("CONT", paused);
                return true;
            case Fault.Hang:
                if (training.Signal("STOP", random.Next(MostProcesses)) is not { } hanging) return false;
                // Nothing watches a single process: someone kills it.
                if (training.IsAlone) Training.Send("KILL", hanging);
                return true;
            case Fault.FullDisk:
                disk.Fill();
                return true;
            default:
                training.Signal("INT");
                return true;
        }
    }

    private static void Truncate(string run)
    {
        if (Checkpoint.Latest(run) is not { } newest) return;
        using var file = File.OpenWrite(Path.Combine(newest, "model.safetensors"));
        file.SetLength(file.Length / 2);
    }

    // Between a run and the one without faults.
    private static IEnumerable<string> Differences(string reference, string run)
    {
        var (expected, actual) = (RunLog.Read(reference), RunLog.Read(run));
        if (!expected.Select(Place).SequenceEqual(actual.Select(Place))) yield return "its log has other steps or evaluations";
        foreach (var (one, other) in expected.Zip(actual))
        {
            double wanted = LossOf(one), found = LossOf(other);
            if (Math.Abs(found - wanted) > Tolerance * wanted) yield return $"step {one.Step}: loss {found} instead of {wanted}";
        }
        using var scope = NewDisposeScope();
        using var whole = Checkpoint.LoadModel(Checkpoint.Latest(reference)!).Model;
        using var broken = Checkpoint.LoadModel(Checkpoint.Latest(run)!).Model;
        var (weights, others) = (whole.state_dict(), broken.state_dict());
        foreach (var (name, weight) in weights)
        {
            double distance = (weight - others[name]).norm().Number() / Math.Max(1e-6, weight.norm().Number());
            if (distance > WeightTolerance) yield return $"{name} differs by {distance:0.0e0}";
        }
    }

    private static (long, int, int?) Place(LogEntry entry) => (entry.Step, entry.Epoch, entry.Validation?.Clips);

    private static double LossOf(LogEntry entry) => entry.Loss ?? entry.Validation?.Loss ?? 0;

    private static void Print(TimeSpan time, int runs, List<FaultRow> rows, List<string> wrong)
    {
        Terminal.PrintTable(
            ["fault", "times", "steps done again"],
            rows.OrderBy(row => row.Fault).Select(row => (string[])[row.Fault, $"{row.Times}", $"{row.StepsRedone}"]));
        Console.WriteLine($"{runs} runs to their end in {time:h\\:mm\\:ss}, {BrokenVideos} of 40 videos broken");
        Console.WriteLine(wrong.Count == 0 ? "lost: nothing" : $"lost, or crashed: {wrong.Count}");
        foreach (var what in wrong) Console.WriteLine(what);
    }
}
