using System.Runtime.CompilerServices;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;

namespace TimeSformer.Jupyter;

/// <summary>
/// Tells which display an update is of. The package's <c>display(x)</c> shows one object and returns another, with an identity of its own,
/// so an update would find nothing. What both share is the list of formatted values, and an update hands on the strings that name their
/// MIME types: each display gets strings that no other has.
/// </summary>
internal sealed class DisplayIds
{
    private readonly ConditionalWeakTable<string, string> ids = [];

    /// <summary>The identity of a display that is shown first.</summary>
    public string? Of(DisplayedValueProduced display)
    {
        if (display.ValueId is { } id && display.FormattedValues is FormattedValue[] shared)
        {
            for (int i = 0; i < shared.Length; i++)
            {
                var own = new string(shared[i].MimeType);
                shared[i] = new(own, shared[i].Value) { SuppressDisplay = shared[i].SuppressDisplay };
                ids.Add(own, id);
            }
        }
        return display.ValueId;
    }

    /// <summary>The identity of the display that is shown anew.</summary>
    public string Of(DisplayedValueUpdated display) =>
        display.FormattedValues.Select(value => ids.TryGetValue(value.MimeType, out var id) ? id : null).OfType<string>().FirstOrDefault()
        ?? display.ValueId;
}
