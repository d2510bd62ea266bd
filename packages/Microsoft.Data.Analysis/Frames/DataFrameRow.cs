using System.Collections;

namespace Microsoft.Data.Analysis;

/// <summary>One row of a table: a view, not a copy.</summary>
public class DataFrameRow : IEnumerable<object?>
{
    private readonly DataFrame frame;
    private readonly long row;

    internal DataFrameRow(DataFrame frame, long row)
    {
        this.frame = frame;
        this.row = row;
    }

    /// <summary>The value in a column.</summary>
    public object? this[int index]
    {
        get => frame.Columns[index][row];
        set => frame.Columns[index][row] = value;
    }

    /// <inheritdoc cref="this[int]"/>
    public object? this[string columnName]
    {
        get => frame[columnName][row];
        set => frame[columnName][row] = value;
    }

    /// <summary>The values with their columns' names.</summary>
    public IEnumerable<KeyValuePair<string, object?>> GetValues() => frame.Columns.Select(column => KeyValuePair.Create(column.Name, column[row]));

    /// <summary>The values in the order of the columns.</summary>
    public IEnumerator<object?> GetEnumerator() => frame.Columns.Select(column => column[row]).GetEnumerator();

    /// <summary>The values, each followed by a space.</summary>
    public override string ToString() => string.Concat(this.Select(value => $"{value ?? "null"} "));

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
