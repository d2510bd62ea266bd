using System.Globalization;
using System.Text;

namespace Microsoft.Data.Analysis;

public partial class DataFrame
{
    /// <summary>Writes comma-separated values to a file. Numbers are written so that reading gives the same ones; a null is an empty value.</summary>
    /// <param name="dataFrame">The table.</param>
    /// <param name="path">The file; what it held is lost.</param>
    /// <param name="separator">What is put between two values.</param>
    /// <param name="header">Whether the first line has the columns' names.</param>
    /// <param name="encoding">UTF-8 if not given.</param>
    /// <param name="cultureInfo">How numbers and dates are written; null for the current culture.</param>
    /// <exception cref="ArgumentException">The separator is the culture's decimal separator.</exception>
    public static void SaveCsv(DataFrame dataFrame, string path, char separator = ',', bool header = true, Encoding? encoding = null, CultureInfo? cultureInfo = null)
    {
        using var stream = File.Create(path);
        SaveCsv(dataFrame, stream, separator, header, encoding, cultureInfo);
    }

    /// <summary>Writes comma-separated values to a stream, which stays open.</summary>
    /// <inheritdoc cref="SaveCsv(DataFrame, string, char, bool, Encoding, CultureInfo)"/>
    public static void SaveCsv(DataFrame dataFrame, Stream csvStream, char separator = ',', bool header = true, Encoding? encoding = null, CultureInfo? cultureInfo = null)
    {
        var culture = cultureInfo ?? CultureInfo.CurrentCulture;
        if (culture.NumberFormat.NumberDecimalSeparator == separator.ToString())
            throw new ArgumentException($"numbers are written with '{separator}', which therefore cannot separate values", nameof(separator));
        using var writer = new StreamWriter(csvStream, encoding ?? new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        if (header)
            writer.WriteLine(string.Join(separator, dataFrame.Columns.Select(column => Quoted(column.Name, separator))));
        foreach (var row in dataFrame.Rows)
            writer.WriteLine(string.Join(separator, row.Select(value => Quoted(Convert.ToString(value, culture) ?? "", separator))));
    }

    private static string Quoted(string text, char separator) =>
        text.AsSpan().IndexOfAny([separator, '"', '\n', '\r']) < 0 ? text : $"\"{text.Replace("\"", "\"\"")}\"";
}
