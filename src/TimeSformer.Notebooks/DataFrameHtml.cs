using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Data.Analysis;

namespace TimeSformer.Notebooks;

/// <summary>
/// A table in HTML for light and dark pages. Self-contained: its only script is a click handler that sorts. Text between two asterisks on
/// either side is bold, as in Markdown.
/// </summary>
/// <remarks>Jupyter and GitHub know the class "dataframe" from pandas.</remarks>
internal static class DataFrameHtml
{
    private const int MostRows = 20, MostColumns = 30;

    private const string Style = """
        table.dataframe.sortable {
          border-collapse: collapse; color: inherit; font: inherit; font-variant-numeric: tabular-nums; margin: .3em 0
        }
        .dataframe.sortable :is(th, td) {
          border: 0; padding: .25em .8em; text-align: left; max-width: 32em; overflow: hidden; text-overflow: ellipsis; white-space: nowrap
        }
        .dataframe.sortable td.long { min-width: 16em; white-space: normal }
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

    // Sorts the visible rows by the clicked column, and in reverse when clicked again; nulls stay last.
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

    /// <summary>The first 20 rows and 30 columns, with a footer that counts the others if there are more.</summary>
    public static string Of(DataFrame frame)
    {
        int rows = (int)Math.Min(frame.Rows.Count, MostRows);
        var columns = frame.Columns.Take(MostColumns).Select(column => new ColumnText(column, rows)).ToList();
        var html = new StringBuilder($"<style>\n{Style}\n</style>\n<table class=\"dataframe sortable\">\n");
        html.Append($"<thead onclick=\"{WebUtility.HtmlEncode(SortOnClick)}\"><tr>");
        html.AppendJoin("", columns.Select(column => column.Header)).Append("</tr></thead>\n<tbody>\n");
        for (int row = 0; row < rows; row++) html.Append($"<tr>{string.Concat(columns.Select(column => column.Cell(row)))}</tr>\n");
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

    // The cells of one column. Fractions have as many decimals as its values need at five significant digits, at most six.
    private sealed class ColumnText(DataFrameColumn column, int rows)
    {
        private const int SignificantDigits = 5, MostDecimals = 6;

        private readonly bool isNumber = column.IsNumericColumn();
        private readonly int decimals = Enumerable.Range(0, rows).Select(row => Decimals(column[row])).DefaultIfEmpty().Max();

        public string Header => $"<th{(isNumber ? " class=\"number\"" : "")}>{WebUtility.HtmlEncode(column.Name)}</th>";

        public string Cell(int row)
        {
            if (column[row] is not { } value) return $"<td class=\"{(isNumber ? "number " : "")}null\">null</td>";
            var exact = Convert.ToString(value, CultureInfo.InvariantCulture);
            if (isNumber) return $"<td class=\"number\" data-value=\"{exact}\">{Text(value)}</td>";
            var text = WebUtility.HtmlEncode(Text(value));
            if (text is ['*', '*', .. var bold, '*', '*']) text = $"<b>{bold}</b>";
            return text.Length > 40 ? $"<td class=\"long\">{text}</td>" : $"<td>{text}</td>";
        }

        private string Text(object value) => value switch
        {
            double or float => Convert.ToDouble(value) is var number && IsOrdinary(number)
                ? number.ToString($"F{decimals}", CultureInfo.InvariantCulture)
                : number.ToString($"G{SignificantDigits}", CultureInfo.InvariantCulture),
            DateTime { TimeOfDay.Ticks: 0 } date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
            bool truth => truth ? "true" : "false",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };

        private static int Decimals(object? value)
        {
            if (value is not (double or float) || !IsOrdinary(Convert.ToDouble(value))) return 0;
            var rounded = Convert.ToDouble(value).ToString($"E{SignificantDigits - 1}", CultureInfo.InvariantCulture);
            var text = decimal.Parse(rounded, NumberStyles.Float, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
            int point = text.IndexOf('.', StringComparison.Ordinal);
            return point < 0 ? 0 : Math.Min(MostDecimals, text.TrimEnd('0').Length - point - 1);
        }

        // Whether a number is shown without an exponent.
        private static bool IsOrdinary(double value) => value == 0 || Math.Abs(value) is >= 1e-4 and < 1e15;
    }
}
