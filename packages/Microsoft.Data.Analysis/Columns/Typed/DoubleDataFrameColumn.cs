namespace Microsoft.Data.Analysis;

/// <summary>A column of double precision numbers.</summary>
public partial class DoubleDataFrameColumn : PrimitiveDataFrameColumn<double>
{
    /// <summary>A column of these values.</summary>
    public DoubleDataFrameColumn(string name, IEnumerable<double?> values)
        : base(name, values)
    {
    }

    /// <inheritdoc cref="DoubleDataFrameColumn(string, IEnumerable{double?})"/>
    public DoubleDataFrameColumn(string name, IEnumerable<double> values)
        : base(name, values)
    {
    }

    /// <summary>A column of <paramref name="length"/> nulls.</summary>
    public DoubleDataFrameColumn(string name, long length = 0)
        : base(name, length)
    {
    }

    internal override PrimitiveDataFrameColumn<double> CreateNewColumn(string name, IEnumerable<double?> values) => new DoubleDataFrameColumn(name, values);
}
