using Plotly.NET;

namespace TimeSformer.Notebooks;

/// <summary>
/// The figures of one notebook session as HTML: the first cell that shows one carries plotly.js, the others wait for it, so that a saved
/// notebook has it once.
/// </summary>
/// <remarks>
/// When the carrier runs again it carries the library again, since what it carried is gone with its old output. Other cells never do: run
/// again, they still find the library in the page. If the carrier is deleted, a figure says what to do after some seconds of waiting.
/// </remarks>
internal sealed class NotebookFigures
{
    // Where the kernel leaves the identity of the cell that runs, a new object for each run.
    private const string CellId = "TimeSformer.Kernel.CellId";

    private readonly Lock formatting = new();
    private object? lastRun;
    private object? carrier;
    private object cell = new();
    private bool carried;

    /// <summary>The next figure of the cell that the kernel runs.</summary>
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

    /// <summary>To be called before a cell runs.</summary>
    /// <param name="id">What stays the same when the cell runs again; null where that is not known.</param>
    internal void BeginCell(string? id) => (cell, carried) = (id ?? new object(), false);

    /// <summary>The next figure of the cell that runs.</summary>
    internal string Next(GenericChart figure)
    {
        if (!FigureHtml.IsReduced(figure)) return FigureHtml.Framed(figure);
        carrier ??= cell;
        if (carried || !carrier.Equals(cell)) return FigureHtml.Waiting(figure);
        carried = true;
        return FigureHtml.Carrying(figure);
    }
}
