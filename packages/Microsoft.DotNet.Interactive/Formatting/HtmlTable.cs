using System.Collections;
using System.Net;
using System.Runtime.CompilerServices;

namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>A sequence as a table: a row for each item, a column for each member that items have.</summary>
internal static class HtmlTable
{
    public static bool Write(IEnumerable items, FormatContext context)
    {
        if (!context.AllowsRecursion) return HtmlFormatter.WritePreformatted(items.ToString() ?? "", context);
        var (rows, more) = Sequences.Take(items);
        var keys = (items as IDictionary)?.Keys.Cast<object>().Take(rows.Count).ToArray();
        var values = keys is null ? rows : [.. ((IDictionary)items).Values.Cast<object?>().Take(rows.Count)];
        if (rows.Count == 0)
        {
            context.Writer.Write("<i>(empty)</i>");
            return true;
        }
        if (keys is null && values.All(value => value is null || Members.IsScalar(value.GetType())))
        {
            return HtmlFormatter.WritePreformatted(items.ToDisplayString(), context);
        }

        context.RequireStyles();
        var columns = Columns(values);
        context.Writer.Write($"<table><thead><tr><th><i>{(keys is null ? "index" : "key")}</i></th>");
        foreach (var column in columns) context.Writer.Write($"<th>{WebUtility.HtmlEncode(column)}</th>");
        context.Writer.Write("</tr></thead><tbody>");
        context.Nested(() =>
        {
            for (int i = 0; i < values.Count; i++) WriteRow(keys is null ? i : keys[i], values[i], columns, context);
            if (more is not null) context.Writer.Write($"<tr><td colspan=\"{columns.Length + 1}\"><i>... ({more})</i></td></tr>");
        });
        context.Writer.Write("</tbody></table>");
        return true;
    }

    private static void WriteRow(object key, object? value, string[] columns, FormatContext context)
    {
        context.Writer.Write("<tr><td>");
        WriteCell(key, context);
        context.Writer.Write("</td>");
        var members = value is null || IsWhole(value) ? null : Members.Of(value.GetType());
        foreach (var column in columns)
        {
            context.Writer.Write("<td>");
            if (members is null)
            {
                if (column == "value") WriteCell(value, context);
            }
            else if (members.FirstOrDefault(member => member.Name == column) is { } member)
            {
                WriteCell(Members.Read(member, value!), context);
            }
            context.Writer.Write("</td>");
        }
        context.Writer.Write("</tr>");
    }

    // Numbers and words are written without a frame of their own, so that a table stays one.
    private static void WriteCell(object? value, FormatContext context)
    {
        if (value is null || (Members.IsScalar(value.GetType()) && Formatter.IsFormattedByDefault(value.GetType())))
        {
            context.Writer.Write(WebUtility.HtmlEncode(value.ToDisplayString()));
        }
        else
        {
            value.FormatTo(context, HtmlFormatter.MimeType);
        }
    }

    private static string[] Columns(IReadOnlyList<object?> values)
    {
        List<string> columns = [];
        foreach (var value in values)
        {
            IEnumerable<string> own = value is null || IsWhole(value) ? ["value"] : Members.Of(value.GetType()).Select(member => member.Name);
            columns.AddRange(own.Except(columns));
        }
        return [.. columns];
    }

    // An item that is one cell: a number, a word, a sequence, or what has a formatter of its own.
    private static bool IsWhole(object value)
    {
        var type = value.GetType();
        return Members.IsScalar(type) || (value is IEnumerable and not ITuple) || !Formatter.IsFormattedByDefault(type) || Members.Of(type).Length == 0;
    }
}
