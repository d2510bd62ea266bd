using System.Diagnostics;
using TimeSformer.Models;

namespace TimeSformer.Cli.Commands;

/// <summary><c>compare VIDEO --checkpoint A --checkpoint B</c>: what several models say of one clip, and how long it takes them.</summary>
internal static class CompareCommand
{
    // After a first one, which compiles.
    private const int TimedRuns = 3;

    public static Command Create()
    {
        var video = new Argument<string>("video") { Description = "Video file" };
        var checkpoints = new Option<string[]>("--checkpoint", "--weights")
        {
            Description = "Models, as for predict: two or more", Required = true, AllowMultipleArgumentsPerToken = true,
        };
        var said = new ModelOptions();
        var top = Options.Count("--top", "Classes to print", 5);
        var asJson = Options.Json();
        var (policy, precision, device) = (new PolicyOptions(), Options.Precision(), Options.Device());
        return new Command("compare", $"""
            Print the most probable classes of a video's center clip by several models, beside their sizes and the time that a clip takes,
            decoding included: the median of {TimedRuns} runs after a first one. Each clip is made as its own model is used to.

            Example:
              ./timesformer compare VIDEO --checkpoint timesformer-base-k400 vivit-b-16x2-k400 videomae-base-k400
            """) { video, checkpoints, top, asJson, precision, device, said, policy }.Does((parsed, cancel) =>
        {
            var (path, shown, paths) = (parsed.GetRequiredValue(video), parsed.GetValue(top), parsed.GetRequiredValue(checkpoints));
            if (paths.Length < 2) throw new InputException("compare needs two checkpoints or more; predict takes one");
            var (imperfect, on, type) = (policy.Read(parsed), parsed.GetValue(device)!, parsed.GetValue(precision));
            var names = Names(paths);
            List<Contestant> all = [];
            foreach (var (place, checkpoint) in paths.Index())
            {
                var (model, info) = said.Load(parsed, checkpoint);
                using var owned = model;
                IReadOnlyList<ClassScore> scores = [];
                var seconds = new double[1 + TimedRuns];
                for (int k = 0; k < seconds.Length; k++)
                {
                    cancel.ThrowIfCancellationRequested();
                    var clock = Stopwatch.StartNew();
                    scores = Predictor.Run(model, info, path, on, imperfect, type);
                    seconds[k] = clock.Elapsed.TotalSeconds;
                }
                all.Add(new(
                    names[place], info.Model, model.parameters().Sum(parameter => parameter.numel()),
                    seconds[1..].Order().ElementAt(TimedRuns / 2), [.. scores.Take(shown)]));
            }
            if (parsed.GetValue(asJson)) Terminal.PrintJson(new { video = path, models = all.Select(Json) });
            else Print(all, shown);
            return 0;
        });
    }

    // The files' or folders' own names, or the whole paths where two would be the same.
    private static string[] Names(string[] paths)
    {
        var names = Array.ConvertAll(paths, path => Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(path)));
        return names.Distinct().Count() == names.Length ? names : paths;
    }

    private static void Print(List<Contestant> all, int shown)
    {
        IEnumerable<string> Row(string what, Func<Contestant, string> cell) => [what, .. all.Select(cell)];
        var ranks = Enumerable.Range(0, Math.Min(shown, all.Max(model => model.Scores.Count)));
        Terminal.PrintTable(
            ["", .. all.Select(model => Markup.Escape(model.Name))],
            [
                .. ranks.Select(rank => Row($"{rank + 1}", model => model.Scores.ElementAtOrDefault(rank) is { } score
                    ? $"{score.Name} {score.Probability:P1}" : "")),
                Row("", _ => ""),
                Row("clip", model => $"{model.Sizes.NumFrames}x{model.Sizes.ImageSize}x{model.Sizes.ImageSize}"),
                Row("parameters", model => $"{model.Parameters / 1e6:0.0} M"),
                Row("time", model => $"{model.Seconds * 1e3:0} ms"),
            ]);
    }

    private static object Json(Contestant model) => new
    {
        model = model.Name, frames = model.Sizes.NumFrames, size = model.Sizes.ImageSize, model.Parameters,
        milliseconds = model.Seconds * 1e3, predictions = model.Scores,
    };

    private sealed record Contestant(
        string Name, VideoModelConfig Sizes, long Parameters, double Seconds, IReadOnlyList<ClassScore> Scores);
}
