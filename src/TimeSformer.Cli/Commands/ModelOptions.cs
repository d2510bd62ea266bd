using System.Globalization;
using TimeSformer.Checkpoints;
using TimeSformer.Models;

namespace TimeSformer.Cli.Commands;

/// <summary>What the command line says of a checkpoint's model; it goes before what the checkpoint's files say.</summary>
internal sealed class ModelOptions
{
    private const int Shown = 5;

    private static readonly Dictionary<string, string> kinds = new()
    {
        ["timesformer"] = "base", ["vivit"] = "vivit-b", ["videomae"] = "videomae-b", ["i3d"] = "i3d-r50",
        ["slowfast"] = "slowfast-r50-8x8", ["vit"] = "vit-b", ["cnn-gru"] = "cnn-gru",
    };

    public Option<Preset?> Kind { get; } = new("--model")
    {
        Description = "What the weights are, where their names could be of several models, and how its frames are prepared: "
            + $"{string.Join(", ", kinds.Keys)}, or a preset",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value.ToLowerInvariant();
            if (Preset.Find(kinds.GetValueOrDefault(text, text)) is { } preset) return preset;
            result.AddError($"unknown model '{text}'; the models are {string.Join(", ", kinds.Keys)} and the presets {Preset.Names}");
            return null;
        },
    };

    public Option<string?> Labels { get; } = new("--labels")
    {
        Description = "File of class names, one per line, in the order of the outputs",
    };

    public Option<int?> Heads { get; } = Options.Count<int?>("--heads", "Number of attention heads", null);

    public Option<int?> Frames { get; } = Options.Count<int?>("--frames", "Frames per clip", null);

    public Option<int?> Size { get; } = Options.Count<int?>("--size", "Height and width of a clip in pixels", null);

    public Option<int?> SamplingRate { get; } = Options.Count<int?>(
        "--sampling-rate", "Distance between a clip's frames, in frames at 30 per second; 0 spreads them over the whole video", null,
        least: 0);

    public Option<ColorValues?> Mean { get; } = Colors("--mean", "Mean of the colors in [0, 1]: one number, or red,green,blue");

    public Option<ColorValues?> Std { get; } = Colors("--std", "Standard deviation of the colors: one number, or red,green,blue");

    /// <summary>All of these.</summary>
    public IReadOnlyList<Option> All => [Kind, Labels, Frames, SamplingRate, Size, Mean, Std, Heads];

    /// <summary>Loads a checkpoint, and says in one line of standard error what was assumed of it and passed over in its file.</summary>
    /// <exception cref="InputException">There is no whole model, or its file is damaged.</exception>
    public (VideoModel Model, ModelInfo Info) Load(ParseResult parsed, string path)
    {
        var (model, info) = Checkpoint.LoadModel(path, Facts(parsed));
        Report(info);
        return (model, info);
    }

    /// <summary>What the command line says.</summary>
    public ModelFacts Facts(ParseResult parsed) => new()
    {
        Preset = parsed.GetValue(Kind),
        Classes = parsed.GetValue(Labels) is { } labels ? ReadLabels(labels) : new Dictionary<int, string>(),
        NumHeads = parsed.GetValue(Heads), NumFrames = parsed.GetValue(Frames), ImageSize = parsed.GetValue(Size),
        SamplingRate = parsed.GetValue(SamplingRate), Mean = parsed.GetValue(Mean)?.Channels, Std = parsed.GetValue(Std)?.Channels,
    };

    /// <summary>Says in one line of standard error what was assumed of a model and passed over in its file, if anything was.</summary>
    public static void Report(ModelInfo info)
    {
        List<string> parts = [];
        if (info.Assumed.Count > 0)
        {
            var options = info.Assumed.Select(assumption => assumption.Option).OfType<string>().ToList();
            parts.Add($"assumed: {string.Join(", ", info.Assumed.Select(assumption => assumption.Fact))}");
            if (options.Count > 0) parts.Add($"give others with {string.Join(", ", options)}");
        }
        if (info.PassedOver.Count > 0)
        {
            var more = info.PassedOver.Count > Shown ? $" and {info.PassedOver.Count - Shown} more" : "";
            parts.Add($"passed over, as it is not data: {string.Join(", ", info.PassedOver.Take(Shown))}{more}");
        }
        if (parts.Count == 0) return;
        // Names from a file may contain control sequences for a terminal.
        Console.Error.WriteLine(string.Concat(string.Join("; ", parts).Select(letter => char.IsControl(letter) ? '?' : letter)));
    }

    private static Dictionary<int, string> ReadLabels(string path)
    {
        if (!File.Exists(path)) throw new InputException($"--labels {path}: file not found");
        return File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0).Index()
            .ToDictionary(line => line.Index, line => line.Item);
    }

    private static Option<ColorValues?> Colors(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            var parts = result.Tokens[0].Value.Split(',');
            var numbers = Array.ConvertAll(parts, part =>
                double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : double.NaN);
            if (numbers.Length is 1 or 3 && numbers.All(double.IsFinite) && (name != "--std" || numbers.All(number => number > 0)))
            {
                return new(numbers);
            }
            var least = name == "--std" ? " above 0" : "";
            result.AddError($"{name} is {result.Tokens[0].Value}; it must be one number{least}, or three with commas between them");
            return null;
        },
    };

    /// <summary>One number for all colors, or three. Not a mere array: an absent option of that type has an empty one.</summary>
    internal sealed record ColorValues(double[] Channels);
}
