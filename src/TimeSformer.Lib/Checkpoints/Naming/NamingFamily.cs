namespace TimeSformer.Checkpoints.Naming;

/// <summary>The names that one kind of checkpoint gives to weights, as data: one file of this folder for each kind.</summary>
/// <param name="Name">What the kind is called in reports.</param>
/// <param name="Stem">What precedes most names, such as <c>timesformer.</c>; files of a model without its head leave it out.</param>
/// <param name="Anchors">Names, without stem, that all files of the kind have and others do not.</param>
/// <param name="Rules">Where each of our weights is; names there include the stem.</param>
internal sealed record NamingFamily(string Name, string Stem, IReadOnlyList<string> Anchors, IReadOnlyList<WeightRule> Rules)
{
    /// <summary>All kinds, in the order in which they are tried.</summary>
    public static IReadOnlyList<NamingFamily> All { get; } =
        [OfficialNames.Distilled, OfficialNames.Family, HuggingFaceTimeSformerNames.Family, HuggingFaceViTNames.Distilled, HuggingFaceViTNames.Family, HuggingFaceViTNames.DeiT, GoogleViTNames.Family];

    /// <summary>
    /// What the names of a file must lose and get in front to be this kind's, such as <c>module.</c> of a model that was trained on several
    /// GPUs; null if the file is of another kind.
    /// </summary>
    public (string Lose, string Gain)? Fit(IEnumerable<string> names)
    {
        var known = names.ToHashSet();
        // What stands in front of the first anchor stands in front of all names.
        foreach (var name in known.Where(name => name.EndsWith(Anchors[0], StringComparison.Ordinal)).OrderBy(name => name.Length))
        {
            var before = name[..^Anchors[0].Length];
            if (before.Length > 0 && before[^1] is not ('.' or '/')) continue;
            if (!Anchors.All(anchor => known.Contains(before + anchor))) continue;
            if (before.EndsWith(Stem, StringComparison.Ordinal) && (before.Length == Stem.Length || before[^(Stem.Length + 1)] is '.' or '/')) return (before[..^Stem.Length], "");
            if (before.Length == 0) return ("", Stem);
        }
        return null;
    }

    /// <summary>What this kind calls a weight of ours that it keeps in one piece and in our layout.</summary>
    /// <exception cref="ArgumentException">It has no such weight.</exception>
    public string NameOf(string ours)
    {
        var parts = ours.Split('.');
        bool inBlock = parts.Length > 2 && parts[0] == "blocks";
        var pattern = inBlock ? string.Join('.', [parts[0], "*", .. parts[2..]]) : ours;
        return Rules.FirstOrDefault(rule => rule.Ours == pattern) is { Theirs: [var theirs], Form: null }
            ? theirs.Replace("*", inBlock ? parts[1] : "", StringComparison.Ordinal)
            : throw new ArgumentException($"a {Name} has no {ours}");
    }
}
