using System.Globalization;
using System.Net;
using System.Text;

namespace Microsoft.Data.Analysis.Html;

/// <summary>Shows a table as HTML that reads on light and dark pages and stands by itself: no script but a click handler, no file from elsewhere.</summary>
/// <remarks>Ours: the original lacks it. The class "dataframe" is the one that Jupyter and GitHub know from pandas.</remarks>
public static class DataFrameHtml
{
    private const string Style =
        "table.dataframe.sortable{border-collapse:collapse;color:inherit;font:inherit;font-variant-numeric:tabular-nums;margin:.3em 0}" +
        ".dataframe.sortable :is(th,td){border:0;padding:.25em .8em;text-align:left;max-width:32em;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}" +
        ".dataframe.sortable :is(th,td).number{text-align:right}" +
        ".dataframe.sortable thead th{border-bottom:2px solid rgba(128,128,128,.55);cursor:pointer;user-select:none}" +
        ".dataframe.sortable tbody td{border-bottom:1px solid rgba(128,128,128,.2)}" +
        ".dataframe.sortable th{--arrow:'\\2195';--seen:.25}" +
        ".dataframe.sortable th[aria-sort=ascending]{--arrow:'\\2191';--seen:1}" +
        ".dataframe.sortable th[aria-sort=descending]{--arrow:'\\2193';--seen:1}" +
        ".dataframe.sortable th:not(.number)::after,.dataframe.sortable th.number::before{content:var(--arrow);opacity:var(--seen);padding:0 .4em}" +
        ".dataframe.sortable :is(.null,tfoot td){opacity:.55}";

    // Sorts the rows that are shown by the column clicked on, in the other direction when clicked again; nulls stay last.
    private const string SortOnClick =
        "const h=event.target.closest('th');if(h){" +
        "const b=h.closest('table').tBodies[0],d=h.getAttribute('aria-sort')==='ascending'?-1:1," +
        "v=r=>{const c=r.cells[h.cellIndex];return c.classList.contains('null')?null:c.dataset.value!==undefined?+c.dataset.value:c.textContent};" +
        "for(const o of h.parentNode.cells)o.removeAttribute('aria-sort');" +
        "h.setAttribute('aria-sort',d>0?'ascending':'descending');" +
        "b.append(...[...b.rows].sort((p,q)=>{const x=v(p),y=v(q);return x===null||y===null?(x===null)-(y===null):d*(x<y?-1:x>y?1:0)}))}";

    /// <summary>The first rows as a table whose columns sort when their headers are clicked on.</summary>
    /// <param name="frame">The table.</param>
    /// <param name="maximumRows">How many rows are shown; a last line says so if there are more.</param>
    /// <param name="maximumColumns">How many columns are shown.</param>
    public static string Table(DataFrame frame, int maximumRows = 20, int maximumColumns = 30)
    {
        var rows = (int)Math.Min(frame.Rows.Count, maximumRows);
        var columns = frame.Columns.Take(maximumColumns).Select(column => new ColumnText(column, rows)).ToList();
        var html = new StringBuilder();
        html.Append($"<style>{Style}</style>\n<table class=\"dataframe sortable\">\n<thead onclick=\"{WebUtility.HtmlEncode(SortOnClick)}\"><tr>");
        foreach (var column in columns)
            html.Append($"<th{column.Class}>{WebUtility.HtmlEncode(column.Name)}</th>");
        html.Append("</tr></thead>\n<tbody>\n");
        for (var row = 0; row < rows; row++)
        {
            html.Append("<tr>");
            foreach (var column in columns)
                html.Append(column.Cell(row));
            html.Append("</tr>\n");
        }
        html.Append("</tbody>\n");
        if (Missing(frame, rows, columns.Count) is { } missing)
            html.Append($"<tfoot><tr><td colspan=\"{Math.Max(1, columns.Count)}\">… {missing}</td></tr></tfoot>\n");
        return html.Append("</table>").ToString();
    }

    /// <summary>A column as a table of itself.</summary>
    public static string Table(DataFrameColumn column, int maximumRows = 20) => Table(new DataFrame(column.Clone()), maximumRows);

    private static string? Missing(DataFrame frame, int rows, int columns)
    {
        var parts = new List<string>();
        if (rows < frame.Rows.Count)
            parts.Add($"{Count(rows)} of {Count(frame.Rows.Count)} rows");
        if (columns < frame.Columns.Count)
            parts.Add($"{Count(columns)} of {Count(frame.Columns.Count)} columns");
        return parts.Count == 0 ? null : "showing " + string.Join(" and ", parts);
    }

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
