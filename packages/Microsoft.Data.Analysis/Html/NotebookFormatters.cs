namespace Microsoft.Data.Analysis.Html;

/// <summary>Names the class that makes a type's formatters for notebooks: kernels know it by its name, so that no package has to be referenced.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    public Type FormatterSourceType { get; } = formatterSourceType;

    public string[]? PreferredMimeTypes { get; set; }
}

/// <summary>A notebook shows a table as <see cref="DataFrameHtml"/> writes it, with its text for places without HTML.</summary>
internal sealed class NotebookFormatters
{
    public IEnumerable<object> CreateTypeFormatters() => [new Table(), new Text()];

    private sealed class Table
    {
        public string MimeType => "text/html";

        public bool Format(object instance, TextWriter writer)
        {
            writer.Write(DataFrameHtml.Table((DataFrame)instance));
            return true;
        }
    }

    private sealed class Text
    {
        public string MimeType => "text/plain";

        public bool Format(object instance, TextWriter writer)
        {
            writer.Write(instance.ToString());
            return true;
        }
    }
}
