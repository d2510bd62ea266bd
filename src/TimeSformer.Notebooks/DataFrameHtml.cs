using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Data.Analysis;

namespace TimeSformer.Notebooks;

/// <summary>A table on a page, light or dark. It stands by itself: no script but a click handler that sorts.</summary>
/// <remarks>The class "dataframe" is the one that Jupyter and GitHub know from pandas.</remarks>
internal static class DataFrameHtml
{
    private const int MostRows = 20;
    private const int MostColumns = 30;

    private const string Style = """
        table.dataframe.sortable {
          border-collapse: collapse; color: inherit; font: inherit; font-variant-numeric: tabular-nums; margin: .3em 0
        }
        .dataframe.sortable :is(th, td) {
          border: 0; padding: .25em .8em; text-align: left; max-width: 32em; overflow: hidden; text-overflow: ellipsis; white-space: nowrap
        }
        .dataframe.sortable :is(th, td).number { text-align: right }
        .dataframe.sortable thead th {
          border-bottom: 2px solid rgba(128,128,128,.55); cursor: pointer; user-select: none; --arrow: '\2195'; --seen: .25
        }
        .dataframe.sortable tbody td { border-bottom: 1px solid rgba(128,128,128,.2) }
        .dataframe.sortable th[aria-sort=ascending] { --arrow: '\2191'; --seen: 1 }
        .dataframe.sortable th[aria-sort=descending] { --arrow: '\2193'; --seen: 1 }
        .dataframe.sortable th:not(.number)::after, .dataframe.sortable th.number::before {
          content: var(--arrow); opacity: var(--seen); padding: 0 .4em
        }
        .dataframe.sortable :is(.null, tfoot td) { opacity: .55 }
        """;

    // Sorts the rows that are shown by the column clicked on, in the other direction when clicked again; nulls stay last.
    private const string SortOnClick = """
        const header = event.target.closest('th');
        if (header) {
          const body = header.closest('table').tBodies[0], sign = header.getAttribute('aria-sort') === 'ascending' ? -1 : 1;
          const value = row => {
            const cell = row.cells[header.cellIndex];
            return cell.classList.contains('null') ? null : cell.dataset.value !== undefined ? +cell.dataset.value : cell.textContent;
          };
          for (const other of header.parentNode.cells) other.removeAttribute('aria-sort');
          header.setAttribute('aria-sort', sign > 0 ? 'ascending' : 'descending');
          body.append(...[...body.rows].sort((p, q) => {
            const x = value(p), y = value(q);
            return x === null || y === null ? (x === null) - (y === null) : sign * (x < y ? -1 : x > y ? 1 : 0);
          }));
        }
        """;

    /// <summary>The first rows, as many as a page takes, with a line that says so if there are more.</summary>
    public static string Of(DataFrame frame)
    {
        int rows = (int)Math.Min(frame.Rows.Count, MostRows);
        var columns = frame.Columns.Take(MostColumns).Select(column => new ColumnText(column, rows)).ToList();
        var html = new StringBuilder($"<style>\n{Style}\n</style>\n<table class=\"dataframe sortable\">\n");
        html.Append($"<thead onclick=\"{WebUtility.HtmlEncode(SortOnClick)}\"><tr>");
        html.AppendJoin("", columns.Select(column => column.Header)).Append("</tr></thead>\n<tbody>\n");
        for (int row = 0; row < rows; row++)
        {
            html.Append("<tr>").AppendJoin("", columns.Select(column => column.Cell(row))).Append("</tr>\n");
        }
        html.Append("</tbody>\n");
        List<string> shown = [];
        if (rows < frame.Rows.Count) shown.Add(Shown(rows, frame.Rows.Count, "rows"));
        if (columns.Count < frame.Columns.Count) shown.Add(Shown(columns.Count, frame.Columns.Count, "columns"));
        if (shown.Count > 0)
        {
            html.Append($"<tfoot><tr><td colspan=\"{columns.Count}\">… showing {string.Join(" and ", shown)}</td></tr></tfoot>\n");
        }
        return html.Append("</table>").ToString();
    }

    private static string Shown(long count, long all, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} of {all:N0} {what}");
}
