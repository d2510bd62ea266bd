using System.Text;
using System.Text.Json.Nodes;

namespace TimeSformer.Jupyter;

/// <summary>Positions in a cell: Jupyter counts Unicode characters, C# counts UTF-16 units.</summary>
internal static class CellPosition
{
    /// <summary>The index of a character of the message's count; beyond the end, the end.</summary>
    public static int ToIndex(string code, int characters)
    {
        int index = 0;
        foreach (var rune in code.EnumerateRunes())
        {
            if (characters-- <= 0) break;
            index += rune.Utf16SequenceLength;
        }
        return index;
    }

    /// <summary>The count of characters before an index.</summary>
    public static int FromIndex(string code, int index) => code.AsSpan(0, index).EnumerateRunes().Count();

    private static int Count(this SpanRuneEnumerator runes)
    {
        int count = 0;
        foreach (var _ in runes) count++;
        return count;
    }

    /// <summary>A reply's array of texts.</summary>
    public static JsonArray Array(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
