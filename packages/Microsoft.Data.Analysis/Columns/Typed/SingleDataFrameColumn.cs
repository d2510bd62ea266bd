namespace Microsoft.Data.Analysis;

/// <summary>A column of single precision numbers.</summary>
public partial class SingleDataFrameColumn : PrimitiveDataFrameColumn<float>
{
    /// <summary>A column of these values.</summary>
    public SingleDataFrameColumn(string name, IEnumerable<float?> values)
        : base(name, values)
    {
    }

    /// <inheritdoc cref="SingleDataFrameColumn(string, IEnumerable{float?})"/>
    public SingleDataFrameColumn(string name, IEnumerable<float> values)
        : base(name, values)
    {
    }

    /// <summary>A column of <paramref name="length"/> nulls.</summary>
    public SingleDataFrameColumn(string name, long length = 0)
        : base(name, length)
    {
    }

    internal override PrimitiveDataFrameColumn<float> CreateNewColumn(string name, IEnumerable<float?> values) => new SingleDataFrameColumn(name, values);
}
