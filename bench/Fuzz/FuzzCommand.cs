using System.CommandLine;
using TimeSformer.Cli;
using TimeSformer.Torch;

namespace TimeSformer.Bench.Fuzz;

/// <summary><c>bench fuzz</c>: reads damaged files by the thousand.</summary>
internal static class FuzzCommand
{
    public static Command Create()
    {
        var names = new Argument<string[]>("target")
        {
            Description = "What reads them; all targets if none is named", Arity = ArgumentArity.ZeroOrMore,
        };
        var inputs = new Option<long>("--inputs")
        {
            Description = "Inputs in total; slow targets get fewer", DefaultValueFactory = _ => 20_000,
        };
        var seconds = new Option<double?>("--seconds") { Description = "Seconds in total, instead of a number of inputs" };
        var seed = new Option<int>("--seed") { Description = "Determines the damage" };
        var folder = new Option<string>("--keep")
        {
            Description = "Where inputs that fail are kept", DefaultValueFactory = _ => "artifacts/fuzz",
        };
        var replay = new Option<string?>("--replay") { Description = "Read a kept input again" };
        var asJson = new Option<bool>("--json") { Description = "Print one JSON object" };
        var command = new Command("fuzz", """
            Read damaged files: each reader of files from outside may refuse them in a sentence, and do nothing else. Exit status 1 if one
            does.

            Examples:
              ./timesformer bench fuzz --inputs 100000
              ./timesformer bench fuzz safetensors pickle --seconds 60 --seed 7
              ./timesformer bench fuzz --replay artifacts/fuzz/pickle-0-7-input.pt
            """) { names, inputs, seconds, seed, folder, replay, asJson };
        command.SetAction((parsed, cancel) =>
        {
            NativeLibraries.LoadTorch();
            NativeLibraries.LoadOpenCv();
            using var targets = new FuzzTargets();
            var kept = Path.GetFullPath(parsed.GetValue(folder)!);
            var reports = new List<FuzzReport>();
            if (parsed.GetValue(replay) is { } file) reports.Add(targets.Replay(Path.GetFullPath(file), kept));
            else
            {
                var chosen = targets.Named(parsed.GetValue(names)!);
                double shares = chosen.Sum(target => target.Share);
                var time = parsed.GetValue(seconds) is { } all ? TimeSpan.FromSeconds(all / chosen.Count) : Timeout.InfiniteTimeSpan;
                foreach (var target in chosen)
                {
                    Console.Error.WriteLine($"{target.Name} ...");
                    long count = time < TimeSpan.Zero ? (long)(parsed.GetValue(inputs) * target.Share / shares) : long.MaxValue;
                    reports.Add(new Fuzzer(target, parsed.GetValue(seed), kept).Run(count, time, cancel));
                }
            }
            if (parsed.GetValue(asJson)) Terminal.PrintJson(reports);
            else Print(reports);
            return Task.FromResult(reports.TrueForAll(report => report.Failures.Count == 0) ? 0 : ExitCode.Difference);
        });
        return command;
    }

    private static void Print(List<FuzzReport> reports)
    {
        Terminal.PrintTable(
            ["target", "inputs", "accepted", "refused", "failed"],
            reports.Select(report => (string[])
                [report.Target, $"{report.Inputs}", $"{report.Accepted}", $"{report.Refused}", $"{report.Failures.Count}"]));
        foreach (var failure in reports.SelectMany(report => report.Failures)) Terminal.Out.WriteLine($"{failure.File}: {failure.Cause}");
    }
}
