using System.Diagnostics;
using System.Text.Json;

namespace TimeSformer.Cli.Commands;

/// <summary><c>predict VIDEO --checkpoint DIR</c>: the most probable classes of a video, or of a window that slides over it.</summary>
internal static class PredictCommand
{
    public static Command Create()
    {
        var video = new Argument<string?>("video") { Description = "Video file", Arity = ArgumentArity.ZeroOrOne };
        var checkpoint = Options.Checkpoint();
        var said = new ModelOptions();
        var top = Options.Count("--top", "Classes to print", 5);
        var asJson = Options.Json();
        var stream = new Option<string?>("--stream")
        {
            Description = "Classify a window that slides over this video, or camera (0 is the first); prints a JSON object per line",
        };
        var every = Options.Seconds("--every", "With --stream: time from a window to the next", 1);
        var window = Options.Seconds("--window", "With --stream: length of a window if the sampling rate is 0", 4);
        var (policy, precision, device) = (new PolicyOptions(), Options.Precision(), Options.Device());
        return new Command("predict", """
            Print the most probable classes of a video. A file that cannot be decoded is an error (exit status 2). With --stream, the clip
            that ends there is classified every second, until the video ends or Ctrl-C is pressed.

            Examples:
              ./timesformer predict demo/data/videos/val_00000.mp4 --checkpoint demo/run --json
              ./timesformer predict --stream LONG_VIDEO --every 500ms --checkpoint demo/run
            """) { video, checkpoint, top, asJson, stream, every, window, precision, device, said, policy }.Does((parsed, cancel) =>
        {
            var (path, source) = (parsed.GetValue(video), parsed.GetValue(stream));
            if ((path ?? source) is null) throw new InputException("predict needs a video, or --stream with a video or camera");
            if (path is not null && source is not null) throw new InputException($"give either {path} or --stream {source}, not both");
            bool isWindowed = parsed.GetResult(window) is { Implicit: false };
            if (source is null && (isWindowed || parsed.GetResult(every) is { Implicit: false }))
            {
                throw new InputException("--every and --window are for --stream");
            }
            var (model, info) = said.Load(parsed, parsed.GetRequiredValue(checkpoint));
            using var owned = model;
            var (shown, type, on) = (parsed.GetValue(top), parsed.GetValue(precision), parsed.GetValue(device)!);
            if (source is not null)
            {
                if (isWindowed && !info.Clip.CoversVideo)
                {
                    throw new InputException($"--window is for clips of sampling rate 0; the model's is {info.SamplingRate}, which gives "
                        + $"windows of {info.Clip.Frames * info.SamplingRate / 30.0:0.##} s; change it with --sampling-rate");
                }
                PrintStream(Predictor.Stream(
                    model, info, source, parsed.GetValue(every), parsed.GetValue(window), on, policy.Read(parsed), type, cancel), shown);
                return 0;
            }
            var scores = Predictor.Run(model, info, path!, on, policy.Read(parsed), type).Take(shown).ToList();
            if (parsed.GetValue(asJson)) PrintLine(new { video = path, predictions = scores.Select(Json) });
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

    private static void PrintStream(IEnumerable<WindowPrediction> windows, int top)
    {
        var (clock, count, end) = (Stopwatch.StartNew(), 0, 0.0);
        try
        {
            foreach (var window in windows)
            {
                var best = window.Classes[0];
                PrintLine(new
                {
                    time = Math.Round(window.Time, 3), from = Math.Round(window.From, 3),
                    label = best.Label, name = best.Name, probability = best.Probability, top = window.Classes.Take(top).Select(Json),
                });
                (count, end) = (count + 1, window.Time);
            }
        }
        finally
        {
            double seconds = clock.Elapsed.TotalSeconds;
            Console.Error.WriteLine(
                $"windows: {count} in {seconds:0.0} s, {count / seconds:0.0} per second, {end / seconds:0.0} times as fast as real time");
        }
    }

    private static object Json(ClassScore score) => new { label = score.Label, name = score.Name, probability = score.Probability };

    private static void PrintLine(object value) => Console.WriteLine(JsonSerializer.Serialize(value));
}
