namespace Microsoft.Data.Analysis;

/// <summary>A column of 64-bit integers.</summary>
public partial class Int64DataFrameColumn : PrimitiveDataFrameColumn<long>
{
    /// <summary>A column of these values.</summary>
    public Int64DataFrameColumn(string name, IEnumerable<long?> values)
        : base(name, values)
    {
    }

    /// <inheritdoc cref="Int64DataFrameColumn(string, IEnumerable{long?})"/>
    public Int64DataFrameColumn(string name, IEnumerable<long> values)
        : base(name, values)
    {
    }

    /// <summary>A column of <paramref name="length"/> nulls.</summary>
    public Int64DataFrameColumn(string name, long length = 0)
        : base(name, length)
    {
    }

    internal override PrimitiveDataFrameColumn<long> CreateNewColumn(string name, IEnumerable<long?> values) => new Int64DataFrameColumn(name, values);
}
