using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace Microsoft.Data.Analysis.Csv;

/// <summary>Lines of separated values on their way to a table.</summary>
internal sealed class CsvTable
{
    private readonly List<string[]> lines = [];
    private readonly string[]? names;
    private readonly Type[] types;
    private readonly CultureInfo culture;

    public CsvTable(TextReader reader, char separator, bool header, string[]? columnNames, Type[]? dataTypes, long maximumRows, int guessRows, bool renameDuplicates, CultureInfo? culture, Func<IEnumerable<string>, Type>? guess)
    {
        if (dataTypes is null && guessRows <= 0)
            throw new ArgumentException("give the columns' types, or at least one line to guess them from", nameof(guessRows));
        this.culture = culture ?? CultureInfo.CurrentCulture;

        using var parser = new CsvParser(reader, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = separator.ToString(),
            TrimOptions = TrimOptions.Trim,
            BadDataFound = found => throw new FormatException($"line {found.Context.Parser?.RawRow}: a quote where none belongs, or one that is not closed: {found.RawRecord.TrimEnd()}"),
        });
        var first = header && parser.Read() ? parser.Record! : null;
        while ((maximumRows < 0 || lines.Count < maximumRows) && parser.Read())
            lines.Add(parser.Record!);
        if (first is null && lines.Count == 0)
            throw new FormatException("the file is empty");

        names = columnNames ?? (renameDuplicates && first is not null ? Distinct(first) : first);
        // The header counts as one of the lines to guess from.
        var guessed = lines.Take(Math.Max(1, guessRows - (header ? 1 : 0))).ToList();
        var width = Math.Max(dataTypes?.Length ?? 0, guessed.Select(line => line.Length).DefaultIfEmpty(first?.Length ?? 0).Max());
        types = dataTypes ?? [.. Enumerable.Range(0, width).Select(i => (guess ?? ColumnTypes.Guess)(guessed.Select((line, row) => Cell(line, i, row + (header ? 2 : 1)))))];
    }

    public DataFrame ToDataFrame(bool addIndexColumn)
    {
        var frame = new DataFrame(types.Select((type, i) => ColumnTypes.Create(names?.ElementAtOrDefault(i) is { Length: > 0 } name ? name : $"Column{i}", type)));
        foreach (var line in lines)
            frame.Append(line, inPlace: true, culture);
        if (addIndexColumn)
            frame.Columns.Insert(0, new Int64DataFrameColumn("IndexColumn", Enumerable.Range(0, lines.Count).Select(row => (long)row)));
        return frame;
    }

    private static string Cell(string[] line, int column, int number) => column < line.Length
        ? line[column]
        : throw new FormatException($"line {number} has {line.Length} values, fewer than others");

    private static string[] Distinct(string[] names)
    {
        var seen = new Dictionary<string, int>();
        return [.. names.Select(name =>
        {
            var occurrence = seen[name] = seen.GetValueOrDefault(name, -1) + 1;
            return occurrence == 0 ? name : $"{name}.{occurrence}";
        })];
    }
}
