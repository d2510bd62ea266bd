namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>Where a value is being written, and how deep inside others.</summary>
public class FormatContext(TextWriter writer) : IDisposable
{
    private bool styled;

    /// <summary>How many values enclose the one being written.</summary>
    public int Depth { get; private set; }

    public TextWriter Writer { get; } = writer;

    /// <summary>Whether members of a value at this depth are written out.</summary>
    internal bool AllowsRecursion => Depth <= Formatter.RecursionLimit;

    internal void RequireStyles() => styled = true;

    internal void Nested(Action write)
    {
        Depth++;
        try
        {
            write();
        }
        finally
        {
            Depth--;
        }
    }

    /// <summary>Ends the output: writes the styles that it needs.</summary>
    public void Dispose()
    {
        if (styled) Writer.Write(HtmlStyles.Element);
        styled = false;
        GC.SuppressFinalize(this);
    }
}
