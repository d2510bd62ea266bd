namespace Microsoft.Data.Analysis;

/// <summary>Which rows <see cref="DataFrame.DropNulls"/> leaves out.</summary>
public enum DropNullOptions
{
    /// <summary>Rows with a null in any column.</summary>
    Any,

    /// <summary>Rows with nulls in all columns.</summary>
    All,
}

public partial class DataFrame
{
    /// <summary>The rows without nulls.</summary>
    public DataFrame DropNulls(DropNullOptions options = DropNullOptions.Any) => this[
        Enumerable.Range(0, checked((int)Rows.Count)).Where(row => options == DropNullOptions.Any
            ? Columns.All(column => column.IsValid(row))
            : Columns.Any(column => column.IsValid(row)))];

    /// <summary>Puts one value, converted to each column's type, in the place of all nulls.</summary>
    /// <param name="value">What takes the place of nulls.</param>
    /// <param name="inPlace">Whether this table is changed and returned.</param>
    public DataFrame FillNulls(object value, bool inPlace = false)
    {
        var frame = inPlace ? this : Clone();
        foreach (var column in frame.Columns)
            column.FillNulls(value, inPlace: true);
        return frame;
    }

    /// <summary>Puts a value in the place of nulls, another one in each column.</summary>
    /// <exception cref="ArgumentException">There are not as many values as columns.</exception>
    public DataFrame FillNulls(IList<object> values, bool inPlace = false)
    {
        if (values.Count != Columns.Count)
            throw new ArgumentException($"{values.Count} values for {Columns.Count} columns", nameof(values));
        var frame = inPlace ? this : Clone();
        foreach (var (column, value) in frame.Columns.Zip(values))
            column.FillNulls(value, inPlace: true);
        return frame;
    }
}
