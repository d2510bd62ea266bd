using Plotly.NET;

namespace TimeSformer.Notebooks;

/// <summary>
/// The figures of one notebook session as HTML. The first cell with a figure carries plotly.js and the others wait for it, so that a saved
/// notebook holds it once.
/// </summary>
/// <remarks>
/// When the carrier runs again, it carries the library again, because its old output is gone. Other cells never do: when they run again,
/// the library is still in the page. If the carrier has been deleted, a waiting figure says what to do after a few seconds.
/// </remarks>
internal sealed class NotebookFigures
{
    // Under this name the kernel stores the running cell's id, a new object for each run.
    private const string CellId = "TimeSformer.Kernel.CellId";

    private readonly Lock formatting = new();
    private object? lastRun, carrier;
    private object cell = new();
    private bool carried;

    /// <summary>The next figure of the cell that the kernel is running.</summary>
    public string Html(GenericChart figure)
    {
        lock (formatting)
        {
            var run = AppContext.GetData(CellId);
            if (!ReferenceEquals(run, lastRun)) BeginCell(run as string);
            lastRun = run;
            return Next(figure);
        }
    }

    /// <summary>Called before the first figure of a run of a cell, with the cell's id, or null if that is unknown.</summary>
    internal void BeginCell(string? id) => (cell, carried) = (id ?? new object(), false);

    /// <summary>The next figure of the running cell.</summary>
    internal string Next(GenericChart figure)
    {
        if (!FigureHtml.IsReduced(figure)) return FigureHtml.Framed(figure);
        carrier ??= cell;
        if (carried || !carrier.Equals(cell)) return FigureHtml.Waiting(figure);
        carried = true;
        return FigureHtml.Carrying(figure);
    }
}
