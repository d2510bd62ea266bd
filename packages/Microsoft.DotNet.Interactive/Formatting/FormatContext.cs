namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>Where a value is being written, and how deep inside others.</summary>
public class FormatContext(TextWriter writer) : IDisposable
{
    // Enough to read, and few enough that a net of objects does not fill the page.
    private const int MostNested = 300;

    private bool styled;
    private int nested;

    /// <summary>How many values enclose the one being written.</summary>
    public int Depth { get; private set; }

    public TextWriter Writer { get; } = writer;

    /// <summary>Whether members of a value are written out here.</summary>
    internal bool AllowsRecursion => Depth <= Formatter.RecursionLimit && nested < MostNested;

    /// <summary>A context in which only the beginning is written out.</summary>
    internal static FormatContext ForSummary(TextWriter writer) => new(writer) { Depth = Math.Max(0, Formatter.RecursionLimit - 1), nested = MostNested - 10 };

    internal void RequireStyles() => styled = true;

    internal void Nested(Action write)
    {
        Depth++;
        nested++;
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
