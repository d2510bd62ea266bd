using System.Net;

namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>An object as a line that unfolds into the table of its members.</summary>
internal static class HtmlTree
{
    private const int SummaryLength = 120;

    public static bool Write(object value, FormatContext context)
    {
        var type = value.GetType();
        var members = Members.IsScalar(type) ? [] : Members.Of(type);
        if (members.Length == 0) return HtmlFormatter.WritePreformatted(value.ToDisplayString(), context);
        if (!context.AllowsRecursion) return HtmlFormatter.WritePreformatted(Summary(value), context);

        context.RequireStyles();
        // The outermost object stands open: what was asked for is seen without a click.
        context.Writer.Write($"<details {(context.Depth == 0 ? "open=\"open\" " : "")}class=\"dni-treeview\"><summary><span class=\"dni-code-hint\"><code>");
        context.Writer.Write(WebUtility.HtmlEncode(Summary(value)));
        context.Writer.Write("</code></span></summary><div><table><thead><tr></tr></thead><tbody>");
        context.Nested(() =>
        {
            foreach (var member in members)
            {
                context.Writer.Write($"<tr><td>{WebUtility.HtmlEncode(member.Name)}</td><td>");
                Members.Read(member, value).FormatTo(context, HtmlFormatter.MimeType);
                context.Writer.Write("</td></tr>");
            }
        });
        context.Writer.Write("</tbody></table></div></details>");
        return true;
    }

    private static string Summary(object value)
    {
        using var writer = new StringWriter();
        using (var context = FormatContext.ForSummary(writer)) value.FormatTo(context, PlainTextFormatter.MimeType);
        var text = writer.ToString();
        return text.Length <= SummaryLength ? text : text[..SummaryLength] + "...";
    }
}
