using System.Globalization;
using System.Net;
using Microsoft.Data.Analysis;

namespace TimeSformer.Notebooks;

/// <summary>
/// The cells of one column. Fractions have as many decimals as the column's values need at five significant digits, at most six.
/// </summary>
internal sealed class ColumnText(DataFrameColumn column, int rows)
{
    private const int SignificantDigits = 5;
    private const int MostDecimals = 6;

    private readonly bool isNumber = column.IsNumericColumn();
    private readonly int decimals = Enumerable.Range(0, rows).Select(row => Decimals(column[row])).DefaultIfEmpty().Max();

    public string Header => $"<th{(isNumber ? " class=\"number\"" : "")}>{WebUtility.HtmlEncode(column.Name)}</th>";

    public string Cell(int row)
    {
        if (column[row] is not { } value) return $"<td class=\"{(isNumber ? "number " : "")}null\">null</td>";
        var exact = Convert.ToString(value, CultureInfo.InvariantCulture);
        if (isNumber) return $"<td class=\"number\" data-value=\"{exact}\">{Text(value)}</td>";
        var text = WebUtility.HtmlEncode(Text(value));
        return text.Length > 40 ? $"<td title=\"{text}\">{text}</td>" : $"<td>{text}</td>";
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

    /// <summary>Whether a number is written without an exponent.</summary>
    private static bool IsOrdinary(double value) => value == 0 || Math.Abs(value) is >= 1e-4 and < 1e15;
}
