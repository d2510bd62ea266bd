using System.Globalization;

namespace Microsoft.Data.Analysis;

public partial class DataFrame
{
    /// <summary>Adds rows of another table, column by column of the same name.</summary>
    /// <inheritdoc cref="Append(IEnumerable{object}, bool, CultureInfo)"/>
    public DataFrame Append(IEnumerable<DataFrameRow> rows, bool inPlace = false, CultureInfo? cultureInfo = null)
    {
        var frame = inPlace ? this : Clone();
        foreach (var row in rows.ToList())
            frame.Append(row.GetValues(), inPlace: true, cultureInfo);
        return frame;
    }

    /// <summary>Adds a row. Values are converted to the columns' types; the text "null", and an empty text where the column holds none, become null.</summary>
    /// <param name="row">The values in the order of the columns; columns without one get a null.</param>
    /// <param name="inPlace">Whether this table is changed and returned; if not, the whole table is copied for the row.</param>
    /// <param name="cultureInfo">How numbers and dates are written in texts; null for the current culture.</param>
    /// <exception cref="ArgumentException">There are more values than columns.</exception>
    /// <exception cref="FormatException">A text is no value of its column's type.</exception>
    public DataFrame Append(IEnumerable<object?>? row = null, bool inPlace = false, CultureInfo? cultureInfo = null)
    {
        var values = row?.ToList() ?? [];
        if (values.Count > Columns.Count)
            throw new ArgumentException($"a row of {values.Count} values for {Columns.Count} columns", nameof(row));
        return AppendConverted([.. Columns.Select((column, i) => ConvertTo(column, values.ElementAtOrDefault(i), cultureInfo))], inPlace);
    }

    /// <summary>Adds a row given as column names and values; columns without one get a null.</summary>
    /// <exception cref="ArgumentException">There is no column of one of the names.</exception>
    /// <inheritdoc cref="Append(IEnumerable{object}, bool, CultureInfo)"/>
    public DataFrame Append(IEnumerable<KeyValuePair<string, object?>> row, bool inPlace = false, CultureInfo? cultureInfo = null)
    {
        ArgumentNullException.ThrowIfNull(row);
        var values = new object?[Columns.Count];
        foreach (var (name, value) in row)
            values[Columns.IndexOf(Columns[name])] = ConvertTo(Columns[name], value, cultureInfo);
        return AppendConverted(values, inPlace);
    }

    /// <summary>All values are converted before the first is added: a row that does not fit leaves the table as it is.</summary>
    private DataFrame AppendConverted(object?[] values, bool inPlace)
    {
        var frame = inPlace ? this : Clone();
        foreach (var (column, value) in frame.Columns.Zip(values))
            column.AppendObject(value);
        return frame;
    }

    private static object? ConvertTo(DataFrameColumn column, object? value, CultureInfo? culture)
    {
        if (value is null || value is string text && (text.Length == 0 && column.DataType != typeof(string) || text.Equals("null", StringComparison.OrdinalIgnoreCase)))
            return null;
        try
        {
            return Convert.ChangeType(value, column.DataType, culture ?? CultureInfo.CurrentCulture);
        }
        catch (FormatException e)
        {
            throw new FormatException($"column '{column.Name}' holds {column.DataType.Name} values: '{value}' is none", e);
        }
    }
}
