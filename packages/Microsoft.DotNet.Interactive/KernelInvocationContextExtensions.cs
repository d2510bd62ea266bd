using Microsoft.DotNet.Interactive.Formatting;

namespace Microsoft.DotNet.Interactive;

/// <summary>Displays through a given cell.</summary>
public static class KernelInvocationContextExtensions
{
    /// <summary>Shows a value in the output of the cell.</summary>
    /// <param name="context">The cell.</param>
    /// <param name="value">What to show; it may be null.</param>
    /// <param name="mimeTypes">How; without one, as is preferred for its type.</param>
    /// <returns>The display, which can be updated.</returns>
    public static DisplayedValue Display(this KernelInvocationContext context, object? value, params string[] mimeTypes) =>
        Show(context, value, FormattedValue.CreateManyFromObject(value, mimeTypes));

    /// <summary>Shows a text that is of a MIME type already.</summary>
    public static DisplayedValue DisplayAs(this KernelInvocationContext context, string value, string mimeType) =>
        Show(context, value, [new FormattedValue(mimeType, value)]);

    private static DisplayedValue Show(KernelInvocationContext context, object? value, IReadOnlyList<FormattedValue> formatted)
    {
        ArgumentNullException.ThrowIfNull(context);
        var displayed = new DisplayedValue(value, formatted);
        context.Publish(displayed);
        return displayed;
    }
}
