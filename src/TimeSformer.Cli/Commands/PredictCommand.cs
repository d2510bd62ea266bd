using System.Text.Json;

namespace TimeSformer.Cli.Commands;

/// <summary><c>predict VIDEO --checkpoint DIR</c>: the most probable classes of a video.</summary>
internal static class PredictCommand
{
    public static Command Create()
    {
        var video = new Argument<string>("video") { Description = "Video file" };
        var checkpoint = Options.Checkpoint();
        var said = new ModelOptions();
        var top = Options.Count("--top", "Classes to print", 5);
        var asJson = Options.Json();
        var (policy, device) = (new PolicyOptions(), Options.Device());
        return new Command("predict", """
            Print the most probable classes of a video. A file that cannot be decoded is an error (exit status 2).

            Example:
              ./timesformer predict demo/data/videos/val_00000.mp4 --checkpoint demo/run --json
            """) { video, checkpoint, top, asJson, device, said, policy }.Does((parsed, _) =>
        {
            var (model, info) = said.Load(parsed, parsed.GetRequiredValue(checkpoint));
            using var owned = model;
            var path = parsed.GetRequiredValue(video);
            var classes = Predictor.Run(model, info, path, parsed.GetValue(device)!, policy.Read(parsed));
            var scores = classes.Take(parsed.GetValue(top)).ToList();
            if (parsed.GetValue(asJson)) PrintJson(path, scores);
            else Print(scores);
            return 0;
        });
    }

    /// <summary>Prints classes with their probabilities as bars.</summary>
    public static void Print(IReadOnlyList<ClassScore> scores)
    {
        int width = scores.Max(score => score.Name.Length);
        foreach (var score in scores)
        {
            var bar = new string('█', (int)Math.Round(score.Probability * 30));
            Terminal.Out.MarkupLineInterpolated($"{score.Name.PadRight(width)}  {score.Probability,6:P1}  [green]{bar}[/]");
        }
    }

    private static void PrintJson(string video, IReadOnlyList<ClassScore> scores) => Console.WriteLine(JsonSerializer.Serialize(new
    {
        video,
        predictions = scores.Select(score => new { label = score.Label, name = score.Name, probability = score.Probability }),
    }));
}
