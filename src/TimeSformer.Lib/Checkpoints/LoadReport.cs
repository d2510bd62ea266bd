using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace TimeSformer.Checkpoints;

/// <summary>Where a weight of a model came from.</summary>
public enum WeightOrigin
{
    /// <summary>From the file as it is.</summary>
    Matched,

    /// <summary>From the file, fitted to another shape.</summary>
    Resized,

    /// <summary>The file has none: the report says what it was given instead.</summary>
    Initialised,

    /// <summary>In the file, but the model has no place for it.</summary>
    Unexpected,
}

/// <summary>What became of one weight.</summary>
/// <param name="Name">The model's name, or the file's where it is unexpected.</param>
/// <param name="Shape">Its shape in the model, or the file's where it is unexpected.</param>
/// <param name="Detail">How it was fitted or started; empty where nothing was done.</param>
public sealed record LoadedWeight(string Name, IReadOnlyList<long> Shape, WeightOrigin Origin, string Detail = "");

/// <summary>What loading a file into a model did.</summary>
/// <param name="Path">The file.</param>
/// <param name="Family">Whose names it uses.</param>
/// <param name="Weights">The model's weights in its order, then what was unexpected.</param>
public sealed partial record LoadReport(string Path, string Family, IReadOnlyList<LoadedWeight> Weights)
{
    /// <summary>Weights that the file had in the model's shape.</summary>
    public IEnumerable<LoadedWeight> Matched => Of(WeightOrigin.Matched);

    /// <summary>Weights that were fitted to the model's shape.</summary>
    public IEnumerable<LoadedWeight> Resized => Of(WeightOrigin.Resized);

    /// <summary>Weights that the file did not have.</summary>
    public IEnumerable<LoadedWeight> Initialised => Of(WeightOrigin.Initialised);

    /// <summary>What the model had no place for.</summary>
    public IEnumerable<LoadedWeight> Unexpected => Of(WeightOrigin.Unexpected);

    /// <summary>A line: the file, and how many weights fared how.</summary>
    public string Summary => $"{System.IO.Path.GetFileName(Path)}: {Family} names; {string.Join(", ", Weights.CountBy(Fate).Select(fate => $"{fate.Value} {fate.Key}"))}";

    /// <summary>Throws unless the file and the model have exactly the same weights.</summary>
    /// <exception cref="CheckpointException">Names the first that differs.</exception>
    public void RequireAllMatched()
    {
        if (Weights.FirstOrDefault(weight => weight.Origin is not WeightOrigin.Matched) is not { } other) return;
        throw new CheckpointException(Path, other.Origin is WeightOrigin.Unexpected
            ? $"it holds {CheckpointException.Shown(other.Name)}, which the model has no place for"
            : $"its weights do not fill the model: {other.Name} would be {other.Origin.ToString().ToLowerInvariant()}, {other.Detail}");
    }

    /// <summary>A table: a row for each weight that was not simply copied; blocks that fared alike share one.</summary>
    public override string ToString()
    {
        var rows = Weights.Where(weight => weight.Origin is not WeightOrigin.Matched)
            .GroupBy(weight => (Origin: weight.Origin, Name: Blocks().Replace(weight.Name, ".*."), Shape: string.Join("x", weight.Shape), Detail: Blocks().Replace(weight.Detail, ".*.")))
            .Select(group => new[]
            {
                group.Key.Origin.ToString().ToLowerInvariant(), group.Count() == 1 ? group.First().Name : $"{group.Key.Name} ({group.Count()})", group.Key.Shape,
                group.Count() == 1 ? group.First().Detail : group.Key.Detail,
            }).ToList();
        var text = new StringBuilder($"{System.IO.Path.GetFileName(Path)}: {Family} names; {Matched.Count()} matched, {Resized.Count()} resized, {Initialised.Count()} initialised, {Unexpected.Count()} unexpected\n");
        for (int column = 0; column < 3 && rows.Count > 0; column++)
        {
            int width = rows.Max(row => row[column].Length);
            foreach (var row in rows) row[column] = row[column].PadRight(width);
        }
        foreach (var row in rows) text.Append(CultureInfo.InvariantCulture, $"  {string.Join("  ", row).TrimEnd()}\n");
        return text.ToString();
    }

    [GeneratedRegex(@"\.\d+\.")]
    private static partial Regex Blocks();

    private static string Fate(LoadedWeight weight) => weight switch
    {
        { Origin: not WeightOrigin.Initialised } => weight.Origin.ToString().ToLowerInvariant(),
        { Detail: "zero" } => "zero",
        { Detail: var detail } => detail.StartsWith("copied", StringComparison.Ordinal) ? "copied from spatial attention" : "left as they were",
    };

    private IEnumerable<LoadedWeight> Of(WeightOrigin origin) => Weights.Where(weight => weight.Origin == origin);
}
