using System.Collections;

namespace Microsoft.Data.Analysis;

/// <summary>The rows of a table.</summary>
public class DataFrameRowCollection : IEnumerable<DataFrameRow>
{
    private readonly DataFrame frame;

    internal DataFrameRowCollection(DataFrame frame) => this.frame = frame;

    /// <summary>How many rows there are.</summary>
    public long Count => frame.Columns.RowCount;

    /// <summary>The row of a number. A number that is too great is noticed when a value is asked for.</summary>
    public DataFrameRow this[long index] => new(frame, index);

    /// <summary>The rows in order.</summary>
    public IEnumerator<DataFrameRow> GetEnumerator()
    {
        for (long row = 0; row < Count; row++)
            yield return this[row];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
