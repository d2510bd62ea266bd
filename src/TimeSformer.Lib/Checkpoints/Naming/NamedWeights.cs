using static TorchSharp.torch;

namespace TimeSformer.Checkpoints.Naming;

/// <summary>A file's tensors under the names of our state dict, whatever the file calls them and wherever it keeps their parts.</summary>
internal sealed class NamedWeights
{
    private readonly TensorFile file;
    private readonly OrderedDictionary<string, (WeightRule Rule, string[] Sources)> weights = [];

    private NamedWeights(TensorFile file, NamingFamily family, IReadOnlyDictionary<string, string> sources)
    {
        (this.file, Family) = (file, family);
        var unused = sources.Values.ToHashSet();
        foreach (var rule in family.Rules)
        {
            for (int block = 0; ; block++)
            {
                string[] theirs = [.. rule.Theirs.Select(name => name.Replace("*", $"{block}", StringComparison.Ordinal))];
                if (!theirs.All(sources.ContainsKey)) break;
                theirs = Array.ConvertAll(theirs, name => sources[name]);
                weights.Add(rule.Ours.Replace("*", $"{block}", StringComparison.Ordinal), (rule, theirs));
                unused.ExceptWith(theirs);
                if (!rule.Ours.Contains('*')) break;
            }
        }
        Unexpected = [.. sources.Values.Distinct().Where(unused.Contains)];
    }

    /// <summary>The file.</summary>
    public string Path => file.Path;

    /// <summary>Whose names the file uses.</summary>
    public NamingFamily Family { get; }

    /// <summary>Our names of what the file has.</summary>
    public IReadOnlyCollection<string> Names => weights.Keys;

    /// <summary>The file's names of what our model has no place for.</summary>
    public IReadOnlyList<string> Unexpected { get; }

    /// <summary>Recognises whose names a file uses.</summary>
    /// <param name="prefix">Only names that begin so are looked at, without it.</param>
    /// <exception cref="CheckpointException">They are nobody's that we know.</exception>
    public static NamedWeights Of(TensorFile file, string prefix = "")
    {
        var names = file.Entries.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..]).ToList();
        foreach (var family in NamingFamily.All)
        {
            if (family.Fit(names) is not var (lose, gain)) continue;
            Dictionary<string, string> sources = [];
            foreach (var name in names)
            {
                var theirs = name.StartsWith(lose, StringComparison.Ordinal) ? name[lose.Length..] : name;
                // Without its stem a file has none on any name.
                if (sources.TryAdd(gain + theirs, prefix + name) && gain.Length > 0) sources.TryAdd(theirs, prefix + name);
            }
            return new(file, family, sources);
        }
        throw new CheckpointException(file.Path, names.Count == 0
            ? "it holds no weights"
            : $"its {names.Count} names are those of no model that is known here ({string.Join(", ", names.Take(3).Select(CheckpointException.Shown))}, ...); known are {string.Join(", ", NamingFamily.All.Select(family => family.Name))}");
    }

    /// <summary>Whether the file has a weight of ours.</summary>
    public bool Has(string name) => weights.ContainsKey(name);

    /// <summary>The file's names of what a weight of ours is made of.</summary>
    public IReadOnlyList<string> SourcesOf(string name) => weights[name].Sources;

    /// <summary>A weight's shape in our layout.</summary>
    /// <exception cref="CheckpointException">As for <see cref="Read"/>.</exception>
    public long[] ShapeOf(string name)
    {
        using var weight = Read(name);
        return weight.shape;
    }

    /// <summary>Reads a weight in our layout.</summary>
    /// <exception cref="CheckpointException">The file has no such weight, or its parts do not fit each other.</exception>
    public Tensor Read(string name)
    {
        if (!weights.TryGetValue(name, out var weight)) throw new CheckpointException(file.Path, $"it has no {name}");
        using var scope = NewDisposeScope();
        var parts = Array.ConvertAll(weight.Sources, file.Read);
        try
        {
            var formed = weight.Rule.Form is { } form ? Array.ConvertAll(parts, part => form(part)) : parts;
            return (formed is [var only] ? only : cat(formed, 0)).MoveToOuterDisposeScope();
        }
        catch (Exception error) when (error is ArgumentException or System.Runtime.InteropServices.ExternalException)
        {
            var shapes = parts.Select(part => $"({string.Join(", ", part.shape)})");
            throw new CheckpointException(file.Path, $"{string.Join(", ", weight.Sources)} of shape {string.Join(", ", shapes)} do not make a {name}", error);
        }
    }
}
