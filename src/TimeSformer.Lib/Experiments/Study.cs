using System.Security.Cryptography;
using System.Text;
using TimeSformer.Training;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace TimeSformer.Experiments;

/// <summary>What a study measures.</summary>
public enum Measure
{
    /// <summary>The accuracy after training: <see cref="StudyRunner"/>.</summary>
    Accuracy,

    /// <summary>Time and memory of a pass: <see cref="CostRunner"/>.</summary>
    Cost,
}

/// <summary>
/// One dimension of a study's grid: its values by name, each with the recipe keys that it changes (dotted, <c>model.attention_type</c>; a
/// key without a value is removed). The key <c>recipe</c> names another base recipe's file, <c>model.pretraining</c> may name one too;
/// both relative to the study's.
/// </summary>
public sealed record StudyAxis
{
    /// <summary>The axis's name in tables.</summary>
    public string Name { get; init; } = "";

    /// <summary>Keys to change, by the name of the value.</summary>
    public Dictionary<string, Dictionary<string, object>> Values { get; init; } = [];

    /// <summary>Whether tables pool the axis's values, as they pool seeds: the folds of a cross-validation.</summary>
    public bool Pooled { get; init; }
}

/// <summary>A study at one size.</summary>
public sealed record StudyScale
{
    /// <summary>The hardware, data and time that it needs, in a line.</summary>
    public string Needs { get; init; } = "";

    /// <summary>What is smaller or simpler than in the paper, in a sentence.</summary>
    public string Simplified { get; init; } = "";

    /// <summary>Runs of each point of the grid, with seeds 0, 1, ...</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>The base recipe's file, relative to the study's; absent if the values of an axis name theirs.</summary>
    public string? Recipe { get; init; }

    /// <summary>Keys of the base recipe that this scale changes, dotted.</summary>
    public Dictionary<string, object> Changes { get; init; } = [];

    /// <summary>Axes that are different at this size: each takes the place of the study's axis of its name, or is added.</summary>
    public List<StudyAxis> Axes { get; init; } = [];
}

/// <summary>One training run of a study: a point of the grid and a seed.</summary>
/// <param name="Point">The value's name on each axis.</param>
/// <param name="Seed">Determines initial weights, order and augmentation.</param>
/// <param name="Source">The base recipe with the point's changes, as YAML with sorted keys.</param>
public sealed record StudyRun(IReadOnlyDictionary<string, string> Point, int Seed, string Source)
{
    /// <summary>A file name: the values and the seed.</summary>
    public string Name => $"{string.Join("_", Point.Values).Replace(' ', '-')}_seed{Seed}";

    /// <summary>
    /// Changes with every key of the source; a result with another hash belongs to another run. Keys left out do not count.
    /// </summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Source)))[..16];

    /// <summary>The run's recipe; relative paths in it start from <see cref="Study.Folder"/>.</summary>
    /// <exception cref="RecipeException">A value is wrong.</exception>
    public Recipe Recipe => RecipeFile.Parse(Source);

    /// <summary>The axes whose values tables pool.</summary>
    public IReadOnlyList<string> Pooled { get; init; } = [];

    /// <summary>The point without the pooled axes: a cell of the table.</summary>
    public IReadOnlyDictionary<string, string> Place =>
        Point.Where(entry => !Pooled.Contains(entry.Key)).ToDictionary(entry => entry.Key, entry => entry.Value);

    /// <summary>The recipes of the further tests, by name; their trained weights are the run's.</summary>
    public IReadOnlyDictionary<string, string> Tests { get; init; } = new Dictionary<string, string>();
}

/// <summary>
/// An ablation: a base recipe, a grid of changes to it, and the paper's numbers to compare with. Read from YAML; only plain values are
/// built.
/// </summary>
public sealed record Study
{
    private const long MaxBytes = 1 << 20;
    private const int MaxRuns = 10_000;
    private const string BaseKey = "recipe", PretrainingKey = "model.pretraining";

    private static readonly char[] notInFileNames = [.. "/\\:*?\"<>|"];

    /// <summary>The file's name without its extension.</summary>
    [YamlIgnore]
    public string Name { get; init; } = "";

    /// <summary>The file's folder, from which relative paths of its recipes start.</summary>
    [YamlIgnore]
    public string Folder { get; init; } = ".";

    /// <summary>A heading.</summary>
    public string Title { get; init; } = "";

    /// <summary>What it measures.</summary>
    public Measure Measures { get; init; }

    /// <summary>The question, and what the paper found.</summary>
    public string Text { get; init; } = "";

    /// <summary>What its models, training and tests have in common with the paper's, in a sentence.</summary>
    public string Kept { get; init; } = "";

    /// <summary>Its place on the page of all studies.</summary>
    public int Order { get; init; }

    /// <summary>The grid.</summary>
    public List<StudyAxis> Axes { get; init; } = [];

    /// <summary>
    /// Further tests of each run's weights, by name: the recipe keys that differ from those of its own validation, such as
    /// <c>data.test_backwards</c>.
    /// </summary>
    public Dictionary<string, Dictionary<string, object>> Tests { get; init; } = [];

    /// <summary>Sizes by name: small, real, gpu, paper.</summary>
    public Dictionary<string, StudyScale> Scales { get; init; } = [];

    /// <summary>
    /// The paper's results: a row for each value of the first axis, a column for each of its data sets, accuracy@1 in percent.
    /// </summary>
    public Dictionary<string, Dictionary<string, double>> Paper { get; init; } = [];

    /// <summary>Whether tables tell, beside accuracies, what the models of the first axis cost.</summary>
    public bool Costs { get; init; }

    /// <summary>The paper's costs, if tables tell them: a row for each value of the first axis, a column for each name.</summary>
    public Dictionary<string, Dictionary<string, double>> PaperCosts { get; init; } = [];

    /// <summary>What the paper says, to be tested by the results.</summary>
    public List<Claim> Claims { get; init; } = [];

    /// <summary>The data sets of the paper's results.</summary>
    [YamlIgnore]
    public IReadOnlyList<string> PaperColumns => [.. Paper.Values.SelectMany(row => row.Keys).Distinct()];

    /// <summary>A result of the paper, in percent; "-" if it has none.</summary>
    public string PaperText(string row, string column) => Paper.GetValueOrDefault(row)?.TryGetValue(column, out double value) == true
        ? FormattableString.Invariant($"{value:0.0#}") : "-";

    /// <summary>The files in a folder that are studies, which recipes beside them are not.</summary>
    public static IReadOnlyList<string> FilesIn(string folder) =>
    [
        .. Directory.GetFiles(folder, "*.yaml").Order(StringComparer.Ordinal)
            .Where(file => File.ReadLines(file).Any(line => line.StartsWith("scales:", StringComparison.Ordinal))),
    ];

    /// <summary>Reads a study.</summary>
    /// <exception cref="RecipeException">The file does not exist, is not YAML, or lacks what a study needs.</exception>
    public static Study Load(string path)
    {
        if (!File.Exists(path)) throw new RecipeException($"{path}: study not found");
        if (new FileInfo(path).Length > MaxBytes) throw new RecipeException($"{path}: larger than a study can be ({MaxBytes} bytes)");
        try
        {
            var yaml = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).WithDuplicateKeyChecking();
            var study = yaml.Build().Deserialize<Study?>(YamlText.Checked(File.ReadAllText(path)))
                ?? throw new RecipeException("the study is empty");
            study.RequireValues();
            study = study with { Name = Path.GetFileNameWithoutExtension(path), Folder = Path.GetDirectoryName(Path.GetFullPath(path))! };
            if (study.Scales.Count == 0) throw new RecipeException("scales is missing; it names at least one size with its recipe");
            var tables = study.Scales.Keys.Select(scale => StudyTable.Of(study.Runs(scale, seeds: 1), _ => null)).ToList();
            foreach (var claim in study.Claims) ClaimPredicate.Parse(claim.Predicate).Check(tables);
            return study;
        }
        catch (YamlException error)
        {
            var cause = (error.InnerException ?? error).Message.ReplaceLineEndings(" ");
            throw new RecipeException($"{path}: line {error.Start.Line}: {cause}");
        }
        catch (RecipeException error)
        {
            throw new RecipeException($"{path}: {error.Message}");
        }
    }

    // A key without a value is null, whatever its type.
    private void RequireValues()
    {
        Require("title, text or kept", Title, Text, Kept);
        Require("axes", [Axes, .. Axes ?? []]);
        Require("scales", [Scales, .. ValuesOf(Scales)]);
        Require("tests", [Tests, .. ValuesOf(Tests)]);
        Require("paper", [Paper, .. ValuesOf(Paper)]);
        Require("paper_costs", [PaperCosts, .. ValuesOf(PaperCosts)]);
        Require("claims", [Claims, .. Claims ?? []]);
        foreach (var (name, scale) in Scales!)
        {
            Require($"scales.{name}", [scale.Needs, scale.Simplified, scale.Changes, scale.Axes, .. scale.Axes ?? []]);
        }
        foreach (var axis in Axes!.Concat(Scales.Values.SelectMany(scale => scale.Axes)))
        {
            Require("axes", [axis.Name, axis.Values, .. ValuesOf(axis.Values)]);
            if (axis.Values!.Keys.FirstOrDefault(value => value.IndexOfAny(notInFileNames) >= 0) is not { } refused) continue;
            throw new RecipeException(
                $"axes: the value '{refused}' of {axis.Name} becomes part of a file's name; choose one without "
                + string.Join(' ', notInFileNames));
        }
        RequireNames("axes", Axes!);
        foreach (var (name, scale) in Scales)
        {
            RequireNames($"scales.{name}.axes", scale.Axes);
            if (scale.Seeds < 1) throw new RecipeException($"scales.{name}.seeds is {scale.Seeds}; give it 1 or more");
        }
        foreach (var claim in Claims!) Require("claims", claim.Paper, claim.Says, claim.Predicate);

        static void RequireNames(string key, List<StudyAxis> axes)
        {
            var twice = axes.CountBy(axis => axis.Name).FirstOrDefault(name => name.Value > 1).Key;
            if (twice is not null) throw new RecipeException($"{key} has '{twice}' twice; give each axis a name of its own");
        }

        static IEnumerable<object?> ValuesOf<T>(Dictionary<string, T>? group) => group?.Values.Cast<object?>() ?? [];

        static void Require(string key, params IEnumerable<object?> values)
        {
            if (!values.Contains(null)) return;
            throw new RecipeException($"{key} has a key or an entry without a value; give it one, or leave it out");
        }
    }

    /// <summary>The axes at a size: the study's, with the size's own in their places.</summary>
    /// <exception cref="RecipeException">The size is unknown.</exception>
    public IReadOnlyList<StudyAxis> AxesAt(string scale)
    {
        var own = Scale(scale).Axes;
        return
        [
            .. Axes.Select(axis => own.Find(other => other.Name == axis.Name) ?? axis),
            .. own.Where(axis => !Axes.Exists(other => other.Name == axis.Name)),
        ];
    }

    /// <summary>All runs at a size: the whole grid with seed 0, then with seed 1, and so on.</summary>
    /// <param name="scale">A key of <see cref="Scales"/>.</param>
    /// <param name="seeds">The number of seeds; the scale's own if null.</param>
    /// <exception cref="RecipeException">The size is unknown, or a recipe is wrong.</exception>
    public IReadOnlyList<StudyRun> Runs(string scale, int? seeds = null)
    {
        var (size, axes) = (Scale(scale), AxesAt(scale));
        if (axes.All(axis => axis.Pooled) || axes.Any(axis => axis.Name.Length == 0 || axis.Values.Count == 0))
        {
            throw new RecipeException("axes is missing, all are pooled, or one has no name or no values");
        }
        double runs = axes.Aggregate((double)(seeds ?? size.Seeds), (product, axis) => product * axis.Values.Count);
        if (runs > MaxRuns) throw new RecipeException($"scale {scale} has {runs:0} runs, more than the {MaxRuns} allowed");
        IEnumerable<Dictionary<string, string>> points = [[]];
        foreach (var axis in axes)
        {
            points = [.. from point in points
                         from value in axis.Values.Keys
                         select new Dictionary<string, string>(point) { [axis.Name] = value }];
        }
        return [.. from seed in Enumerable.Range(0, seeds ?? size.Seeds) from point in points select RunAt(size, axes, point, seed)];
    }

    private StudyScale Scale(string name) => Scales.TryGetValue(name, out var scale)
        ? scale
        : throw new RecipeException($"unknown scale '{name}'; this study has {string.Join(", ", Scales.Keys)}");

    private StudyRun RunAt(StudyScale scale, IReadOnlyList<StudyAxis> axes, Dictionary<string, string> point, int seed)
    {
        var changes = axes.SelectMany(axis => axis.Values[point[axis.Name]]).ToList();
        var file = changes.LastOrDefault(change => change.Key is BaseKey).Value as string ?? scale.Recipe;
        var recipe = file is null ? [] : ReadBase(file);
        foreach (var (key, value) in scale.Changes.Concat(changes.Where(change => change.Key is not BaseKey)))
        {
            Set(recipe, key, key is PretrainingKey && value is string stage ? ReadBase(stage) : value);
        }
        Set(recipe, "training.seed", seed);
        var run = new StudyRun(point, seed, Serialize(recipe))
        {
            Pooled = [.. axes.Where(axis => axis.Pooled).Select(axis => axis.Name)],
            Tests = Tests.ToDictionary(test => test.Key, test => Changed(recipe, test.Value)),
        };
        try
        {
            _ = run.Recipe;
            foreach (var test in run.Tests.Values) _ = RecipeFile.Parse(test);
            return run;
        }
        catch (RecipeException error)
        {
            throw new RecipeException($"{string.Join(", ", point.Values)}: {error.Message}");
        }
    }

    private static string Serialize(Dictionary<object, object> recipe) => new SerializerBuilder().Build().Serialize(Sorted(recipe));

    private static string Changed(Dictionary<object, object> recipe, Dictionary<string, object> changes)
    {
        var copy = (Dictionary<object, object>)Copied(recipe);
        foreach (var (key, value) in changes) Set(copy, key, value);
        return Serialize(copy);
    }

    private Dictionary<object, object> ReadBase(string file)
    {
        var path = Path.Combine(Folder, file);
        if (!File.Exists(path) || new FileInfo(path).Length > MaxBytes) throw new RecipeException($"{file}: recipe not found in {Folder}");
        var yaml = new DeserializerBuilder().WithDuplicateKeyChecking().Build();
        return yaml.Deserialize<Dictionary<object, object>?>(YamlText.Checked(File.ReadAllText(path)))
            ?? throw new RecipeException($"{file}: the recipe is empty");
    }

    private static void Set(Dictionary<object, object> recipe, string key, object? value)
    {
        var parts = key.Split('.');
        foreach (var part in parts[..^1])
        {
            if (!recipe.TryGetValue(part, out var inner)) recipe[part] = inner = new Dictionary<object, object>();
            recipe = inner as Dictionary<object, object> ?? throw new RecipeException($"{key}: {part} is a value, not a group of keys");
        }
        var name = parts.Length > 1 ? RecipeFile.KeyOf(parts[^2], parts[^1]) : parts[^1];
        if (value is null or "") recipe.Remove(name);
        else recipe[name] = Copied(value);
    }

    // Groups of keys are copied: another point of the grid may change its own.
    private static object Copied(object value) => value is Dictionary<object, object> group
        ? group.ToDictionary(pair => pair.Key, pair => pair.Value is null ? pair.Value! : Copied(pair.Value))
        : value;

    private static SortedDictionary<string, object> Sorted(Dictionary<object, object> source)
    {
        var sorted = new SortedDictionary<string, object>(StringComparer.Ordinal);
        foreach (var (key, value) in source)
        {
            var name = key as string ?? throw new RecipeException("a recipe has a key that is not text");
            sorted[name] = value is Dictionary<object, object> inner ? Sorted(inner) : value;
        }
        return sorted;
    }
}
