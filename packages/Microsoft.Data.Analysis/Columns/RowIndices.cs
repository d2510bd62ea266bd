namespace Microsoft.Data.Analysis;

/// <summary>Reads a column as a choice of rows: by number (int, long) or by truth value.</summary>
internal static class RowIndices
{
    /// <summary>The rows that a column chooses among <paramref name="length"/> rows; a null number stays null, a null truth value is false.</summary>
    /// <exception cref="ArgumentException">The column is of another type, or a filter is longer than what it filters.</exception>
    public static IEnumerable<long?> Of(DataFrameColumn column, long length, bool reversed = false)
    {
        IEnumerable<long?> rows = column switch
        {
            PrimitiveDataFrameColumn<long> numbers => numbers,
            PrimitiveDataFrameColumn<int> numbers => numbers.Select(n => (long?)n),
            PrimitiveDataFrameColumn<bool> filter when filter.Length <= length =>
                filter.Select((keep, row) => (keep, row)).Where(item => item.keep == true).Select(item => (long?)item.row),
            PrimitiveDataFrameColumn<bool> filter =>
                throw new ArgumentException($"filter '{filter.Name}' has {filter.Length} rows, more than the {length} that it filters", nameof(column)),
            _ => throw new ArgumentException($"column '{column.Name}' of {column.DataType.Name} cannot choose rows: use int, long or bool", nameof(column)),
        };
        return reversed ? rows.Reverse() : rows;
    }
}
