using Microsoft.DotNet.Interactive.Formatting;

namespace System;

/// <summary>Shows any value where the code runs: in the notebook, or on the console.</summary>
public static class DisplayExtensions
{
    /// <summary>Shows a value.</summary>
    /// <param name="value">What to show; it may be null.</param>
    /// <param name="mimeTypes">How; without one, as is preferred for its type.</param>
    /// <returns>The display, which can be updated.</returns>
    public static DisplayedValue Display(this object? value, params string[] mimeTypes)
    {
        var displayed = new DisplayedValue(value, FormattedValue.CreateManyFromObject(value, mimeTypes));
        Formatter.RaiseFormatterEvent(displayed);
        return displayed;
    }

    /// <summary>Shows a text that is of a MIME type already.</summary>
    public static DisplayedValue DisplayAs(this string value, string mimeType)
    {
        var displayed = new DisplayedValue(value, [new FormattedValue(mimeType, value)]);
        Formatter.RaiseFormatterEvent(displayed);
        return displayed;
    }
}
