using System.Collections;

namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>The beginning of a sequence, which may have no end.</summary>
internal static class Sequences
{
    /// <summary>As many items as <see cref="Formatter.ListExpansionLimit"/> allows, and how many more there are: "12 more", "more", or null for none.</summary>
    public static (IReadOnlyList<object?> Shown, string? More) Take(IEnumerable items)
    {
        List<object?> shown = [];
        foreach (var item in items)
        {
            if (shown.Count == Formatter.ListExpansionLimit)
            {
                return (shown, items is ICollection { Count: var count } ? $"{count - shown.Count} more" : "more");
            }
            shown.Add(item);
        }
        return (shown, null);
    }
}
