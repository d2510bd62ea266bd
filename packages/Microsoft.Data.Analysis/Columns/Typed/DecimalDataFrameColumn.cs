namespace Microsoft.Data.Analysis;

/// <summary>A column of decimal numbers.</summary>
public class DecimalDataFrameColumn : PrimitiveDataFrameColumn<decimal>
{
    /// <summary>A column of these values.</summary>
    public DecimalDataFrameColumn(string name, IEnumerable<decimal?> values)
        : base(name, values)
    {
    }

    /// <inheritdoc cref="DecimalDataFrameColumn(string, IEnumerable{decimal?})"/>
    public DecimalDataFrameColumn(string name, IEnumerable<decimal> values)
        : base(name, values)
    {
    }

    /// <summary>A column of <paramref name="length"/> nulls.</summary>
    public DecimalDataFrameColumn(string name, long length = 0)
        : base(name, length)
    {
    }

    internal override PrimitiveDataFrameColumn<decimal> CreateNewColumn(string name, IEnumerable<decimal?> values) => new DecimalDataFrameColumn(name, values);
}
