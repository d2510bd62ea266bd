namespace Plotly.NET.Offline;

/// <summary>Names the class that makes a type's formatters for notebooks: kernels know it by its name, so that no package has to be referenced.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    public Type FormatterSourceType { get; } = formatterSourceType;

    public string[]? PreferredMimeTypes { get; set; }
}

/// <summary>How a notebook shows a figure: as data for front ends that draw it themselves, and as HTML for all others.</summary>
internal sealed class NotebookFormatters
{
    /// <summary>Where the C# kernel leaves the identity of the cell that runs.</summary>
    private const string CellIdName = "Microsoft.DotNet.Interactive.CellId";

    private static readonly NotebookFigures session = new();

    public IEnumerable<object> CreateTypeFormatters() => [new Data(), new Html()];

    private sealed class Data
    {
        public string MimeType => FigureMime.Type;

        public bool Format(object instance, TextWriter writer)
        {
            writer.Write(FigureMime.Json((GenericChart)instance));
            return true;
        }
    }

    private sealed class Html
    {
        private object? lastCell;

        public string MimeType => "text/html";

        public bool Format(object instance, TextWriter writer)
        {
            lock (session)
            {
                // A new object a run: the same cell run again is told from another one by its identity.
                var cell = AppContext.GetData(CellIdName);
                if (!ReferenceEquals(cell, lastCell)) session.BeginCell(cell?.ToString());
                lastCell = cell;
                writer.Write(session.Html((GenericChart)instance));
            }
            return true;
        }
    }
}
