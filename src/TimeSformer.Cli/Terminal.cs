using System.Text.Json;

namespace TimeSformer.Cli;

/// <summary>Commands write results to standard output, progress and errors to standard error.</summary>
internal static class Terminal
{
    private static readonly JsonSerializerOptions json =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static IAnsiConsole Out { get; } = Create(Console.Out, Console.IsOutputRedirected);

    public static IAnsiConsole Error { get; } = Create(Console.Error, Console.IsErrorRedirected);

    /// <summary>Whether a person watches standard error, so that a moving progress bar makes sense.</summary>
    public static bool IsWatched => !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("CI") is null or "";

    /// <summary>Prints a value as one JSON object with snake_case keys.</summary>
    public static void PrintJson(object value) => Console.WriteLine(JsonSerializer.Serialize(value, json));

    /// <summary>
    /// Prints a table with columns for the given titles, in markup: the first ones aligned left, the others right. Cells between two
    /// asterisks on either side are bold; where there is no bold they keep them.
    /// </summary>
    public static void PrintTable(
        IEnumerable<string> titles, IEnumerable<IEnumerable<string>> rows, string? heading = null, int left = 1)
    {
        var table = new Table().Border(TableBorder.Simple);
        if (heading is not null) table.Title(heading);
        foreach (var (place, title) in titles.Index())
        {
            table.AddColumn(new TableColumn(title).Alignment(place < left ? Justify.Left : Justify.Right));
        }
        foreach (var row in rows) table.AddRow(row.Select(Cell));
        Out.Write(table);

        static Text Cell(string text) => text is ['*', '*', .. var bold, '*', '*'] && Out.Profile.Capabilities.Ansi
            ? new(bold, new Style(decoration: Decoration.Bold)) : new(text);
    }

    private static IAnsiConsole Create(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer), Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
        });
        if (redirected) console.Profile.Width = 160;
        return console;
    }
}
