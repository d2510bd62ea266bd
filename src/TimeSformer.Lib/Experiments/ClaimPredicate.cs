using System.Globalization;
using System.Text.RegularExpressions;
using TimeSformer.Training;

namespace TimeSformer.Experiments;

/// <summary>A claim's predicate, read: which accuracy or difference of two, and the range in which it must be.</summary>
/// <param name="First">A row or a column.</param>
/// <param name="Second">What is subtracted; null if nothing is.</param>
/// <param name="Place">The column of two rows or the row of two columns; null for the only column.</param>
/// <param name="ComparesColumns">Whether <paramref name="First"/> and <paramref name="Second"/> are columns.</param>
/// <param name="Least">The lower end of the range, as a fraction.</param>
/// <param name="Most">The upper end, as a fraction; infinity for none.</param>
/// <param name="IsStrict">Whether the lower end itself is outside.</param>
public sealed partial record ClaimPredicate(
    string First, string? Second, string? Place, bool ComparesColumns, double Least, double Most, bool IsStrict)
{
    private const double Equivalent = 5;

    /// <summary>Reads a predicate in one of the forms of <see cref="Claim.Predicate"/>.</summary>
    /// <exception cref="RecipeException">It has none of them.</exception>
    public static ClaimPredicate Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success)
        {
            throw new RecipeException(
                $"claims: '{text}' is no predicate; write 'A > B', 'A - B >= 5', 'A >= 50' or 'no difference between A and B', "
                + "then 'on COLUMN' or 'for ROW'");
        }
        var place = Named("place");
        double most = Named("least") is null && Named("over") is null ? (Number("within") ?? Equivalent) / 100 : double.PositiveInfinity;
        double least = double.IsInfinity(most) ? (Number("least") ?? 0) / 100 : -most;
        return new(match.Groups["a"].Value, Named("b"), place, Named("kind") is "for", least, most, Named("over") is not null);

        string? Named(string group) => match.Groups[group] is { Success: true, Value: var value } ? value : null;
        double? Number(string group) => Named(group) is { } number ? double.Parse(number, CultureInfo.InvariantCulture) : null;
    }

    /// <summary>The first cell that it is about, in a table that <see cref="For"/> found the names of.</summary>
    public (string Row, string Column) FirstCell => CellOf(First);

    /// <summary>The second cell, if there is one.</summary>
    public (string Row, string Column)? SecondCell => Second is null ? null : CellOf(Second);

    /// <summary>The predicate with the names that a table has; null if it lacks one of them.</summary>
    public ClaimPredicate? For(StudyTable table)
    {
        var (compared, places) = ComparesColumns ? (table.Columns, table.Rows) : (table.Rows, table.Columns);
        var place = Place is not null ? NameIn(places, Place)
            : places.Contains(StudyTable.Only) ? StudyTable.Only
            : places.Count == 1 ? places[0] : null;
        var (first, second) = (NameIn(compared, First), Second is null ? null : NameIn(compared, Second));
        bool isComplete = place is not null && first is not null && (second is null) == (Second is null);
        return isComplete ? this with { First = first!, Second = second, Place = place } : null;
    }

    /// <summary>Checks the predicate against a study's tables, one for each size.</summary>
    /// <exception cref="RecipeException">No table has a name that it uses, or none has all of them.</exception>
    public void Check(IReadOnlyList<StudyTable> tables)
    {
        string[] rows = [.. tables.SelectMany(table => table.Rows).Distinct()];
        string[] columns = [.. tables.SelectMany(table => table.Columns).Distinct()];
        foreach (var name in new[] { First, Second }) Require(name, isRow: !ComparesColumns);
        Require(Place, isRow: ComparesColumns);
        if (!tables.Any(table => For(table) is not null))
        {
            throw new RecipeException(Place is null
                ? $"claims: '{First}' is compared, but not where; end with 'on' and one of the columns {string.Join(", ", columns)}"
                : $"claims: no scale has '{First}'{(Second is null ? "" : $", '{Second}'")} and '{Place}' in one table");
        }

        void Require(string? names, bool isRow)
        {
            var known = isRow ? rows : columns;
            if (names is not null && Alternatives(names).FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            {
                var kind = isRow ? "row" : "column";
                throw new RecipeException($"claims: '{unknown}' is no {kind} of the study; its {kind}s are {string.Join(", ", known)}");
            }
        }
    }

    /// <summary>The predicate in its form.</summary>
    public override string ToString()
    {
        var text = IsStrict ? $"{First} > {Second}"
            : double.IsFinite(Most) ? FormattableString.Invariant($"no difference between {First} and {Second} within {100 * Most:0.##}")
            : FormattableString.Invariant($"{First}{(Second is null ? "" : $" - {Second}")} >= {100 * Least:0.##}");
        return Place is null ? text : $"{text} {(ComparesColumns ? "for" : "on")} {Place}";
    }

    private (string Row, string Column) CellOf(string name) => ComparesColumns ? (Place!, name) : (name, Place!);

    private static string? NameIn(IReadOnlyList<string> known, string names) => Alternatives(names).FirstOrDefault(known.Contains);

    private static string[] Alternatives(string names) => names.Split(" or ");

    [GeneratedRegex("""
        ^(?:no\ difference\ between\ (?<a>.+?)\ and\ (?<b>.+?)(?:\ within\ (?<within>\d+(?:\.\d+)?))?
          |(?<a>.+?)(?:\ -\ (?<b>.+?))?\ >=\ (?<least>-?\d+(?:\.\d+)?)
          |(?<a>.+?)\ (?<over>>)\ (?<b>.+?))
        (?:\ (?<kind>on|for)\ (?<place>.+))?$
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Form();
}
