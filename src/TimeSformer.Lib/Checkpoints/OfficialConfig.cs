using System.Globalization;
using System.Text.Json;
using TimeSformer.Checkpoints.Formats;
using TimeSformer.Models;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace TimeSformer.Checkpoints;

/// <summary>
/// The configuration that the official code, as PySlowFast, stores as YAML text under <c>cfg</c> in its files (utils/checkpoint.py; keys
/// in config/defaults.py).
/// </summary>
internal sealed class OfficialConfig
{
    public const string TorchKey = "cfg";

    private const int MaxLength = 1 << 20, MaxDepth = 16, MaxNumber = 1 << 14;

    // What the weights say, or what the text cannot say, is not taken from it.
    private readonly List<string> notes = [];
    private readonly Dictionary<string, string[]> settings = [];

    private OfficialConfig(string text)
    {
        try
        {
            foreach (var (group, members) in Mapping(Parse(text)))
            {
                foreach (var (key, value) in Mapping(members)) settings[$"{group}.{key}"] = Scalars(value);
            }
        }
        catch (Exception error) when (error is YamlException or ArgumentException or InvalidOperationException)
        {
            settings.Clear();
            notes.Add("nothing of its cfg (it is not YAML)");
        }
    }

    /// <summary>The text in a file of the official code; null in others.</summary>
    public static string? TextIn(TensorFile file) =>
        ((file as TorchFile)?.Root as OrderedDictionary<string, object?>)?.GetValueOrDefault(TorchKey) as string;

    /// <summary>What the text says of a model whose weights have these sizes; what contradicts them is noted and not used.</summary>
    public static ModelFacts Read(string text, TimeSformerConfig weights)
    {
        var config = new OfficialConfig(text);
        config.Compare("MODEL.NUM_CLASSES", weights.NumClasses);
        bool sized = config.Compare("DATA.TRAIN_CROP_SIZE", weights.ImageSize);
        bool timed = weights.HasTimeEmbedding;
        if (timed) config.Compare("DATA.NUM_FRAMES", weights.NumFrames);
        var scheme = JsonNamingPolicy.SnakeCaseLower.ConvertName($"{weights.Attention}");
        if (config.Text("TIMESFORMER.ATTENTION_TYPE") is { } stated && stated != scheme)
        {
            config.notes.Add($"{scheme} as in its weights (its cfg says {stated.Shorten()})");
        }
        return new()
        {
            // The one width that its code builds (models/vit.py).
            NumHeads = config.Text("MODEL.MODEL_NAME") is not null && weights.EmbedDim == TimeSformerConfig.Base.EmbedDim
                ? TimeSformerConfig.Base.NumHeads
                : null,
            NumFrames = timed ? null : config.Number("DATA.NUM_FRAMES"),
            ImageSize = sized ? config.Number("DATA.TEST_CROP_SIZE") : null,
            SamplingRate = config.SamplingRate,
            Mean = config.Mean,
            Std = config.Std,
            Notes = config.notes,
        };
    }

    /// <summary>
    /// What the text of PySlowFast says of an I3D or a SlowFast whose weights have these sizes: its clips and α, which no weight tells.
    /// </summary>
    public static (VideoModelConfig Sizes, ModelFacts Facts) ReadPathways(string text, VideoModelConfig weights)
    {
        var config = new OfficialConfig(text);
        config.Compare("MODEL.NUM_CLASSES", weights.NumClasses);
        var (frames, crop) = (config.Number("DATA.NUM_FRAMES"), config.Number("DATA.TRAIN_CROP_SIZE"));
        // Its tests scale a frame's short side to their crop's; the head's windows are of the training's.
        int? shortSide = config.Number("DATA.TEST_CROP_SIZE");
        var sizes = weights is SlowFastConfig slowFast
            ? slowFast with { Alpha = config.Number("SLOWFAST.ALPHA") ?? slowFast.Alpha, NumFrames = frames ?? slowFast.NumFrames }
            : weights;
        return (sizes, new()
        {
            NumFrames = frames,
            ImageSize = crop,
            ShortSide = shortSide > crop ? shortSide : null,
            SamplingRate = config.SamplingRate,
            Mean = config.Mean,
            Std = config.Std,
            Notes = config.notes,
        });
    }

    /// <summary>What the text says of any weights: how colors are normalized.</summary>
    public static ModelFacts Read(string text)
    {
        var config = new OfficialConfig(text);
        return new() { Mean = config.Mean, Std = config.Std };
    }

    // Loaders for Something-Something (datasets/ssv2.py) know no sampling rate.
    private int? SamplingRate =>
        IsSomethingSomething("TRAIN.DATASET") || IsSomethingSomething("TEST.DATASET") ? 0 : Number("DATA.SAMPLING_RATE");

    private double[]? Mean => Colors("DATA.MEAN", value => value is >= -1 and <= 2);

    private double[]? Std => Colors("DATA.STD", value => value is > 0 and <= 10);

    // As a tree of text: types and tags that it names mean nothing here.
    private static YamlNode? Parse(string text)
    {
        if (text.Length > MaxLength) throw new ArgumentException("the text is too long");
        // Building the tree calls itself for each level, reading does not.
        var (parser, depth) = (new Parser(new StringReader(text)), 0);
        while (parser.MoveNext())
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > MaxDepth) throw new ArgumentException("the text is nested too deeply");
        }
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        var root = stream.Documents.FirstOrDefault()?.RootNode;
        return root is YamlMappingNode ? root : throw new ArgumentException("the text is not a mapping");
    }

    private static IEnumerable<(string Key, YamlNode Value)> Mapping(YamlNode? node) => node is YamlMappingNode mapping
        ? mapping.Children.Where(member => member.Key is YamlScalarNode).Select(member => ($"{member.Key}", member.Value))
        : [];

    private static string[] Scalars(YamlNode node) => node switch
    {
        YamlScalarNode scalar => [scalar.Value ?? ""],
        YamlSequenceNode sequence => [.. sequence.Children.OfType<YamlScalarNode>().Select(scalar => scalar.Value ?? "")],
        _ => [],
    };

    private string? Text(string key) => settings.GetValueOrDefault(key) is [var text] ? text : null;

    private bool IsSomethingSomething(string key) => string.Equals(Text(key), "ssv2", StringComparison.OrdinalIgnoreCase);

    private int? Number(string key)
    {
        if (!settings.TryGetValue(key, out var value)) return null;
        if (value is [var text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number is > 0 and <= MaxNumber)
        {
            return number;
        }
        notes.Add($"nothing of its cfg's {key} (it is not a number from 1 to {MaxNumber})");
        return null;
    }

    private double[]? Colors(string key, Func<double, bool> allowed)
    {
        if (!settings.TryGetValue(key, out var value)) return null;
        var numbers = value.Select(text =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : double.NaN).ToArray();
        if (numbers.Length is 1 or 3 && numbers.All(allowed)) return numbers;
        notes.Add($"nothing of its cfg's {key} (it is not one number or three in the range of colors)");
        return null;
    }

    // Whether a setting is what the weights have.
    private bool Compare(string key, int has)
    {
        if (!settings.ContainsKey(key) || Number(key) is not { } stated || stated == has) return settings.ContainsKey(key);
        notes.Add($"{key} {has} as in its weights (its cfg says {stated})");
        return false;
    }
}
