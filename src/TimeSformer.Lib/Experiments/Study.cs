using System.Security.Cryptography;
using System.Text;
using TimeSformer.Training;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace TimeSformer.Experiments;

/// <summary>What the runs of a study are for.</summary>
public enum Measure
{
    /// <summary>Training, and the accuracy that it comes to: <see cref="StudyRunner"/>.</summary>
    Accuracy,

    /// <summary>Time and memory of a pass: <see cref="CostRunner"/>.</summary>
    Cost,
}

/// <summary>
/// One dimension of a study's grid: its values by name, each with the recipe keys that it changes (dotted, <c>model.attention</c>; without a value, a key is taken out). The key
/// <c>recipe</c> names a recipe's file, relative to the study's, to which all others are changes.
/// </summary>
public sealed record StudyAxis
{
    /// <summary>What the axis is called in tables.</summary>
    public string Name { get; init; } = "";

    /// <summary>Keys to change, by the name of the value.</summary>
    public Dictionary<string, Dictionary<string, object>> Values { get; init; } = [];
}

/// <summary>A study at one size.</summary>
public sealed record StudyScale
{
    /// <summary>What it needs, in a line.</summary>
    public string Needs { get; init; } = "";

    /// <summary>Runs of each point of the grid, with seeds 0, 1, ...</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>The base recipe, as in a recipe's file.</summary>
    public Dictionary<object, object> Recipe { get; init; } = [];

    /// <summary>The grid at this size, where it is not the study's.</summary>
    public List<StudyAxis>? Axes { get; init; }
}

/// <summary>One training run of a study: a point of the grid and a seed.</summary>
/// <param name="Point">The value's name on each axis.</param>
/// <param name="Seed">Decides initial weights, order and variations.</param>
/// <param name="Source">What the study says of it: the base recipe with the point's changes, as YAML with sorted keys.</param>
public sealed record StudyRun(IReadOnlyDictionary<string, string> Point, int Seed, string Source)
{
    /// <summary>A file name: the values and the seed.</summary>
    public string Name => $"{string.Join("_", Point.Values).Replace(' ', '-')}_seed{Seed}";

    /// <summary>Changes with anything that the study says of the run; a result with another hash is not this run's. What the study leaves out does not count.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Source)))[..16];

    /// <summary>What is run; relative paths in it start from <see cref="Study.Folder"/>.</summary>
    /// <exception cref="RecipeException">A value is wrong.</exception>
    public Recipe Recipe => RecipeFile.Parse(Source);
}

/// <summary>An ablation: a base recipe, a grid of changes to it, and the paper's numbers to set beside ours. Read from YAML; only plain values are built.</summary>
public sealed record Study
{
    private const long MaxBytes = 1 << 20;
    private const string BaseKey = "recipe";

    /// <summary>The file's name without its ending.</summary>
    [YamlIgnore]
    public string Name { get; init; } = "";

    /// <summary>The folder that relative paths of its recipes start from: the file's own.</summary>
    [YamlIgnore]
    public string Folder { get; init; } = ".";

    /// <summary>A heading.</summary>
    public string Title { get; init; } = "";

    /// <summary>What its runs are for.</summary>
    public Measure Measures { get; init; }

    /// <summary>What is asked and what the paper found.</summary>
    public string Text { get; init; } = "";

    /// <summary>The grid.</summary>
    public List<StudyAxis> Axes { get; init; } = [];

    /// <summary>Sizes by name: small, gpu, paper.</summary>
    public Dictionary<string, StudyScale> Scales { get; init; } = [];

    /// <summary>The paper's results: a row for each value of the first axis, a column for each of its data sets, accuracy@1 in percent.</summary>
    public Dictionary<string, Dictionary<string, double>> Paper { get; init; } = [];

    /// <summary>Reads a study.</summary>
    /// <exception cref="RecipeException">The file is missing, is no YAML, or does not say what a study needs.</exception>
    public static Study Load(string path)
    {
        if (!File.Exists(path)) throw new RecipeException($"{path}: there is no such study");
        if (new FileInfo(path).Length > MaxBytes) throw new RecipeException($"{path}: larger than a study can be ({MaxBytes} bytes)");
        try
        {
            var study = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).WithDuplicateKeyChecking().Build().Deserialize<Study?>(File.ReadAllText(path))
                ?? throw new RecipeException("the study is empty");
            study = study with { Name = Path.GetFileNameWithoutExtension(path), Folder = Path.GetDirectoryName(Path.GetFullPath(path))! };
            if (study.Scales.Count == 0) throw new RecipeException("scales is missing; it names at least one size with its recipe");
            foreach (var scale in study.Scales.Keys) _ = study.Runs(scale, seeds: 1);
            return study;
        }
        catch (YamlException error)
        {
            throw new RecipeException($"{path}: line {error.Start.Line}: {(error.InnerException ?? error).Message.ReplaceLineEndings(" ")}");
        }
        catch (RecipeException error)
        {
            throw new RecipeException($"{path}: {error.Message}");
        }
    }

    /// <summary>The axes at a size.</summary>
    /// <exception cref="RecipeException">There is no such size.</exception>
    public IReadOnlyList<StudyAxis> AxesAt(string scale) => Scale(scale).Axes ?? Axes;

    /// <summary>All runs at a size: the whole grid with seed 0, then with seed 1, and so on.</summary>
    /// <param name="scale">A key of <see cref="Scales"/>.</param>
    /// <param name="seeds">How many seeds; the scale's own number where null.</param>
    /// <exception cref="RecipeException">There is no such size, or a recipe is wrong.</exception>
    public IReadOnlyList<StudyRun> Runs(string scale, int? seeds = null)
    {
        var (size, axes) = (Scale(scale), AxesAt(scale));
        if (axes.Count == 0 || axes.Any(axis => axis.Name.Length == 0 || axis.Values.Count == 0)) throw new RecipeException("axes is missing, or one has no name or no values");
        IEnumerable<Dictionary<string, string>> points = [[]];
        foreach (var axis in axes) points = [.. from point in points from value in axis.Values.Keys select new Dictionary<string, string>(point) { [axis.Name] = value }];
        return [.. from seed in Enumerable.Range(0, seeds ?? size.Seeds) from point in points select RunAt(size, axes, point, seed)];
    }

    private StudyScale Scale(string name) => Scales.TryGetValue(name, out var scale)
        ? scale
        : throw new RecipeException($"there is no scale '{name}'; this study has {string.Join(", ", Scales.Keys)}");

    private StudyRun RunAt(StudyScale scale, IReadOnlyList<StudyAxis> axes, Dictionary<string, string> point, int seed)
    {
        var recipe = Copy(scale.Recipe);
        var changes = axes.SelectMany(axis => axis.Values[point[axis.Name]]).ToLookup(change => change.Key is BaseKey);
        foreach (var (_, file) in changes[true]) recipe = ReadBase($"{file}");
        foreach (var (key, value) in changes[false]) Set(recipe, key, value);
        Set(recipe, "training.seed", seed);
        var run = new StudyRun(point, seed, new SerializerBuilder().Build().Serialize(Sorted(recipe)));
        try
        {
            _ = run.Recipe;
            return run;
        }
        catch (RecipeException error)
        {
            throw new RecipeException($"{string.Join(", ", point.Values)}: {error.Message}");
        }
    }

    private Dictionary<object, object> ReadBase(string file)
    {
        var path = Path.Combine(Folder, file);
        if (!File.Exists(path) || new FileInfo(path).Length > MaxBytes) throw new RecipeException($"{file}: there is no such recipe in {Folder}");
        return new DeserializerBuilder().WithDuplicateKeyChecking().Build().Deserialize<Dictionary<object, object>?>(File.ReadAllText(path)) ?? throw new RecipeException($"{file}: the recipe is empty");
    }

    private static void Set(Dictionary<object, object> recipe, string key, object? value)
    {
        var parts = key.Split('.');
        foreach (var part in parts[..^1])
        {
            if (!recipe.TryGetValue(part, out var inner)) recipe[part] = inner = new Dictionary<object, object>();
            recipe = inner as Dictionary<object, object> ?? throw new RecipeException($"{key}: {part} is a value, not a group of keys");
        }
        if (value is null or "") recipe.Remove(parts[^1]);
        else recipe[parts[^1]] = value;
    }

    private static Dictionary<object, object> Copy(Dictionary<object, object> source) =>
        source.ToDictionary(entry => entry.Key, entry => entry.Value is Dictionary<object, object> inner ? Copy(inner) : entry.Value);

    private static SortedDictionary<string, object> Sorted(Dictionary<object, object> source) =>
        new(source.ToDictionary(entry => (string)entry.Key, entry => entry.Value is Dictionary<object, object> inner ? Sorted(inner) : entry.Value), StringComparer.Ordinal);
}
