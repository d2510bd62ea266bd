using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis.Text;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;
using LinePosition = Microsoft.DotNet.Interactive.LinePosition;

namespace TimeSformer.Jupyter;

/// <summary>Completion and hover as the published kernel knows them, in Jupyter's words.</summary>
internal sealed class Editor(Session session)
{
    /// <summary>The content of a complete_reply.</summary>
    /// <param name="code">The cell.</param>
    /// <param name="cursor">In Unicode characters, as Jupyter counts.</param>
    public JsonObject Complete(string code, int cursor)
    {
        int position = CellPosition.ToIndex(code, cursor), start = position;
        while (start > 0 && (char.IsLetterOrDigit(code[start - 1]) || code[start - 1] is '_' or '@' or '#' or '!')) start--;
        var typed = code[start..position];
        var asked = new RequestCompletions(code, PositionOf(code, position));
        var found = Ask<CompletionsProduced>(asked).SelectMany(produced => produced.Completions);
        CompletionItem[] matches =
        [
            .. found.Where(item => Text(item).StartsWith(typed, StringComparison.OrdinalIgnoreCase)).DistinctBy(Text)
                // What is written exactly as typed so far goes before what differs in case.
                .OrderByDescending(item => Text(item).StartsWith(typed, StringComparison.Ordinal))
                .ThenBy(item => item.SortText ?? Text(item), StringComparer.OrdinalIgnoreCase),
        ];
        int from = CellPosition.FromIndex(code, start), to = CellPosition.FromIndex(code, position);
        JsonObject Type(CompletionItem item) =>
            new() { ["text"] = Text(item), ["type"] = item.Kind.ToLowerInvariant(), ["start"] = from, ["end"] = to };
        return new()
        {
            ["status"] = "ok",
            ["matches"] = new JsonArray([.. matches.Select(item => JsonValue.Create(Text(item)))]),
            ["cursor_start"] = from,
            ["cursor_end"] = to,
            ["metadata"] = new JsonObject { ["_jupyter_types_experimental"] = new JsonArray([.. matches.Select(Type)]) },
        };
    }

    /// <summary>The content of an inspect_reply.</summary>
    /// <param name="code">The cell.</param>
    /// <param name="cursor">In Unicode characters, as Jupyter counts.</param>
    public JsonObject Inspect(string code, int cursor)
    {
        JsonObject data = [];
        var asked = new RequestHoverText(code, PositionOf(code, CellPosition.ToIndex(code, cursor)));
        foreach (var hover in Ask<HoverTextProduced>(asked).SelectMany(produced => produced.Content))
        {
            data[hover.MimeType] = hover.Value;
            if (!data.ContainsKey(PlainTextFormatter.MimeType)) data[PlainTextFormatter.MimeType] = PlainText(hover.Value);
        }
        return new() { ["status"] = "ok", ["found"] = data.Count > 0, ["data"] = data, ["metadata"] = new JsonObject() };
    }

    // Methods come with parentheses and a place for the cursor, which Jupyter cannot set.
    private static string Text(CompletionItem item) =>
        item.InsertTextFormat is null ? item.InsertText : item.FilterText ?? item.DisplayText;

    private IEnumerable<T> Ask<T>(KernelCommand command) => session.Root.SendAsync(command).GetAwaiter().GetResult().Events.OfType<T>();

    private static LinePosition PositionOf(string code, int index)
    {
        var position = SourceText.From(code).Lines.GetLinePosition(index);
        return new(position.Line, position.Character);
    }

    // Markdown with its marks removed: what the terminal shows.
    private static string PlainText(string markdown) =>
        markdown.Replace("```csharp\n", "").Replace("```", "").Replace("\\", "").Replace("**", "").Trim();
}
