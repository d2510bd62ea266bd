using Microsoft.CodeAnalysis.Text;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;
using LinePosition = Microsoft.DotNet.Interactive.LinePosition;

namespace TimeSformer.Jupyter;

/// <summary>Completion and hover of the underlying kernel, as Jupyter replies.</summary>
internal sealed class Editor(Session session)
{
    /// <summary>The content of a complete_reply; the cursor counts Unicode characters, as Jupyter does.</summary>
    public JsonObject Complete(string code, int cursor)
    {
        int position = ToIndex(code, cursor), start = position;
        while (start > 0 && (char.IsLetterOrDigit(code[start - 1]) || code[start - 1] is '_' or '@' or '#' or '!')) start--;
        var typed = code[start..position];
        var asked = new RequestCompletions(code, PositionOf(code, position));
        var found = Ask<CompletionsProduced>(asked).SelectMany(produced => produced.Completions);
        var matches = found.Where(item => Text(item).StartsWith(typed, StringComparison.OrdinalIgnoreCase)).DistinctBy(Text)
            // Matches with the same case come first.
            .OrderByDescending(item => Text(item).StartsWith(typed, StringComparison.Ordinal))
            .ThenBy(item => item.SortText ?? Text(item), StringComparer.OrdinalIgnoreCase).ToList();
        int from = ToCharacters(code, start), to = ToCharacters(code, position);
        JsonObject Type(CompletionItem item) =>
            new() { ["text"] = Text(item), ["type"] = item.Kind.ToLowerInvariant(), ["start"] = from, ["end"] = to };
        return new()
        {
            ["status"] = "ok", ["matches"] = new JsonArray([.. matches.Select(item => JsonValue.Create(Text(item)))]),
            ["cursor_start"] = from, ["cursor_end"] = to,
            ["metadata"] = new JsonObject { ["_jupyter_types_experimental"] = new JsonArray([.. matches.Select(Type)]) },
        };
    }

    /// <summary>The content of an inspect_reply.</summary>
    public JsonObject Inspect(string code, int cursor)
    {
        JsonObject data = [];
        var asked = new RequestHoverText(code, PositionOf(code, ToIndex(code, cursor)));
        foreach (var hover in Ask<HoverTextProduced>(asked).SelectMany(produced => produced.Content))
        {
            data[hover.MimeType] = hover.Value;
            if (!data.ContainsKey(PlainTextFormatter.MimeType)) data[PlainTextFormatter.MimeType] = PlainText(hover.Value);
        }
        return new() { ["status"] = "ok", ["found"] = data.Count > 0, ["data"] = data, ["metadata"] = new JsonObject() };
    }

    // Methods come as snippets with parentheses and a cursor position, which Jupyter does not support.
    private static string Text(CompletionItem item) =>
        item.InsertTextFormat is null ? item.InsertText : item.FilterText ?? item.DisplayText;

    private IEnumerable<T> Ask<T>(KernelCommand command) => session.Root.SendAsync(command).GetAwaiter().GetResult().Events.OfType<T>();

    private static LinePosition PositionOf(string code, int index)
    {
        var position = SourceText.From(code).Lines.GetLinePosition(index);
        return new(position.Line, position.Character);
    }

    // Jupyter counts Unicode characters, C# UTF-16 units. A position beyond the end is the end.
    private static int ToIndex(string code, int characters) =>
        code.EnumerateRunes().Take(Math.Max(0, characters)).Sum(rune => rune.Utf16SequenceLength);

    private static int ToCharacters(string code, int index) => code[..index].EnumerateRunes().Count();

    // Markdown without its markup, for terminals.
    private static string PlainText(string markdown) =>
        markdown.Replace("```csharp\n", "").Replace("```", "").Replace("\\", "").Replace("**", "").Trim();
}
