namespace Microsoft.Data.Analysis;

/// <summary>A column of bytes.</summary>
public class ByteDataFrameColumn : PrimitiveDataFrameColumn<byte>
{
    /// <summary>A column of these values.</summary>
    public ByteDataFrameColumn(string name, IEnumerable<byte?> values)
        : base(name, values)
    {
    }

    /// <inheritdoc cref="ByteDataFrameColumn(string, IEnumerable{byte?})"/>
    public ByteDataFrameColumn(string name, IEnumerable<byte> values)
        : base(name, values)
    {
    }

    /// <summary>A column of <paramref name="length"/> nulls.</summary>
    public ByteDataFrameColumn(string name, long length = 0)
        : base(name, length)
    {
    }

    internal override PrimitiveDataFrameColumn<byte> CreateNewColumn(string name, IEnumerable<byte?> values) => new ByteDataFrameColumn(name, values);
}
