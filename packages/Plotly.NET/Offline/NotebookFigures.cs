namespace Plotly.NET.Offline;

/// <summary>
/// The figures of one notebook session as HTML: one cell carries plotly.js, the others wait for it, so that a saved notebook has it once.
/// </summary>
/// <remarks>
/// The first cell that shows a figure is the carrier. When it runs again it carries the library again, since what it carried is gone with its
/// old output. Other cells never do: run again, they still find the library in the page. If the carrier is deleted, a figure says what to do
/// after some seconds of waiting; <see cref="Forget"/> makes the next cell the carrier.
/// </remarks>
public sealed class NotebookFigures
{
    private object? carrier;
    private object cell = new();
    private bool carried;

    /// <summary>To be called before a cell runs.</summary>
    /// <param name="id">What stays the same when the cell runs again; null where that is not known.</param>
    public void BeginCell(string? id)
    {
        cell = id ?? new object();
        carried = false;
    }

    /// <summary>The next figure of the cell that runs.</summary>
    public string Html(GenericChart chart)
    {
        carrier ??= cell;
        if (carried || !carrier.Equals(cell))
            return FigureHtml.Waiting(chart);
        carried = true;
        return FigureHtml.Carrying(chart);
    }

    /// <summary>The next cell that shows a figure carries the library: after all outputs were cleared.</summary>
    public void Forget() => carrier = null;
}
