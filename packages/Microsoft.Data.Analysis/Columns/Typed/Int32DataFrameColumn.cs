namespace Microsoft.Data.Analysis;

/// <summary>A column of 32-bit integers.</summary>
public partial class Int32DataFrameColumn : PrimitiveDataFrameColumn<int>
{
    /// <summary>A column of these values.</summary>
    public Int32DataFrameColumn(string name, IEnumerable<int?> values)
        : base(name, values)
    {
    }

    /// <inheritdoc cref="Int32DataFrameColumn(string, IEnumerable{int?})"/>
    public Int32DataFrameColumn(string name, IEnumerable<int> values)
        : base(name, values)
    {
    }

    /// <summary>A column of <paramref name="length"/> nulls.</summary>
    public Int32DataFrameColumn(string name, long length = 0)
        : base(name, length)
    {
    }

    internal override PrimitiveDataFrameColumn<int> CreateNewColumn(string name, IEnumerable<int?> values) => new Int32DataFrameColumn(name, values);
}
