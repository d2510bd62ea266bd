using System.Text.RegularExpressions;
using CsvHelper;
using TimeSformer.Video;

namespace TimeSformer.Data;

/// <summary>A video in the file of a list: its line, from 1, and the texts of its path and its label.</summary>
internal sealed record ListRow(int Line, string Path, string Label);

/// <summary>
/// The file of a list: lines <c>path label</c>, or CSV. The first line that is neither empty nor a comment decides: one with a tab, a
/// semicolon or a comma outside quotes is CSV's, unless it ends in a space and a number and no field before the last is a video's name.
/// </summary>
internal static partial class ListFile
{
    private const long MaxBytes = 1 << 28;

    private static readonly char[] separators = ['\t', ';', ','];

    // Those that come first win.
    private static readonly string[] pathColumns =
        ["path", "video_path", "file_path", "filepath", "video", "file", "filename", "file_name", "video_name", "name"];

    private static readonly string[] labelColumns =
        ["label", "label_id", "class_id", "class_index", "target", "class", "class_name", "category", "action"];

    /// <summary>Reads the rows of a list in UTF-8, or in UTF-16 or UTF-32 with a byte order mark.</summary>
    /// <exception cref="InputException">The file is missing, no list, or has a line without a path or a label, which is named.</exception>
    public static IReadOnlyList<ListRow> Read(string path)
    {
        if (!File.Exists(path)) throw new InputException($"{path}: list of videos not found");
        if (new FileInfo(path).Length > MaxBytes) throw new InputException($"{path}: larger than a list can be ({MaxBytes >> 20} MiB)");
        var text = File.ReadAllText(path);
        Refuse('\0', "the path has a null character; is this a list of videos?");
        Refuse('\uFFFD', "a character is not UTF-8; save the list as UTF-8");
        var lines = Lines(text).Where(line => line.Text is not ("" or ['#', ..])).ToList();
        if (lines.Count == 0) throw new InputException($"{path}: the list has no videos");
        var rows = SeparatorOf(lines[0].Text) is { } separator ? Csv(path, text, separator) : [.. lines.Select(line => Plain(path, line))];
        return rows.Count > 0 ? rows : throw new InputException($"{path}: the list has no videos");

        void Refuse(char wrong, string cause)
        {
            int place = text.IndexOf(wrong);
            if (place >= 0) throw Invalid(path, text.AsSpan(0, place).Count('\n') + 1, cause);
        }
    }

    /// <summary>The error of a line.</summary>
    public static InputException Invalid(string path, long line, string cause) => new($"{path}:{line}: {cause}");

    private static IEnumerable<(int Number, string Text)> Lines(string text)
    {
        using var reader = new StringReader(text);
        for (int number = 1; reader.ReadLine() is { } line; number++) yield return (number, line.Trim());
    }

    private static char? SeparatorOf(string line)
    {
        var splits = separators.Select(separator => (Separator: separator, Fields: Split(line, separator)))
            .Where(split => split.Fields.Length > 1).ToList();
        if (splits.Find(split => IsHeader(split.Fields) || split.Fields[..^1].Any(VideoFormats.IsVideo)) is { Fields: not null } sure)
        {
            return sure.Separator;
        }
        return splits.Count > 0 && !EndsInNumber().IsMatch(line) ? splits[0].Separator : null;
    }

    private static string[] Split(string line, char separator)
    {
        using var csv = CsvReader.FromText(line, new() { Separator = separator, HasHeader = false, TrimWhitespace = true });
        return csv.Read() ? csv.Current.ToArray() : [];
    }

    private static ListRow Plain(string path, (int Number, string Text) line)
    {
        if (PlainLine().Match(line.Text) is not { Success: true } found)
        {
            throw Invalid(path, line.Number, $"'{line.Text}' has no label; a line is a path, a space and a number");
        }
        return new(line.Number, Unquoted("path"), Unquoted("label"));

        string Unquoted(string group) => found.Groups[group] is { Success: true } bare
            ? bare.Value
            : found.Groups["quoted_" + group].Value.Replace("\"\"", "\"", StringComparison.Ordinal);
    }

    private static List<ListRow> Csv(string path, string text, char separator)
    {
        using var csv = CsvReader.FromText(text, new()
        {
            Separator = separator, HasHeader = false, TrimWhitespace = true, CommentPrefix = '#', TrackLineNumbers = true,
            AllowLineBreaksInQuotes = false, OnMalformedRecord = Malformed,
        });
        var rows = new List<ListRow>();
        (int Path, int Label)? columns = null;
        while (csv.Read())
        {
            var fields = csv.Current.ToArray();
            if (Array.TrueForAll(fields, field => field.Length == 0)) continue;
            if (columns is null && IsHeader(fields))
            {
                columns = (Column(fields, pathColumns, "paths"), Column(fields, labelColumns, "labels"));
                continue;
            }
            // A first column of numbers is the index that pandas writes.
            columns ??= (fields.Length > 2 && int.TryParse(fields[0], out _) ? 1 : 0, fields.Length - 1);
            rows.Add(new((int)csv.LineNumber, Field(columns.Value.Path, "path"), Field(columns.Value.Label, "label")));

            string Field(int column, string name) => column < fields.Length && fields[column].Length > 0
                ? fields[column]
                : throw Invalid(
                    path, csv.LineNumber, $"there is no {name}, which is field {column + 1} of a line (separated by {Shown()})");
        }
        return rows;

        int Column(string[] header, string[] names, string what)
        {
            var known = names.FirstOrDefault(name => header.Any(field => Normal(field) == name)) ?? throw Invalid(
                path, csv.LineNumber, $"no column of {what} among {string.Join(", ", header)}; name it {names[0]}");
            return Array.FindIndex(header, field => Normal(field) == known);
        }

        void Malformed(CsvMalformedRecord record)
        {
            if (record.Reason is CsvMalformedReason.StrayQuote) return; // part of a name
            throw Invalid(path, record.LineNumber, "a quoted field does not end before the separator; double the quotes inside it");
        }

        string Shown() => separator switch { '\t' => "tabs", ';' => "semicolons", _ => "commas" };
    }

    private static bool IsHeader(string[] fields) => !Array.Exists(fields, VideoFormats.IsVideo)
        && Array.Exists(fields, field => pathColumns.Contains(Normal(field)) || labelColumns.Contains(Normal(field)));

    private static string Normal(string column) => column.Trim().ToLowerInvariant().Replace(' ', '_').Replace('-', '_');

    [GeneratedRegex(@" [+-]?\d+$")]
    private static partial Regex EndsInNumber();

    // The last space, tab or comma outside quotes ends the path; path and label may each be quoted.
    [GeneratedRegex(
        """^(?:"(?<quoted_path>(?:[^"]|"")+)"|(?<path>.*?[^ \t,]))(?>[ \t,]+)"""
        + """(?:"(?<quoted_label>(?:[^"]|"")+)"|(?<label>[^ \t,]+))$""")]
    private static partial Regex PlainLine();
}
