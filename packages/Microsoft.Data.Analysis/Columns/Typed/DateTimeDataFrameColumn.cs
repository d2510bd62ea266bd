namespace Microsoft.Data.Analysis;

/// <summary>A column of dates.</summary>
public class DateTimeDataFrameColumn : PrimitiveDataFrameColumn<DateTime>
{
    /// <summary>A column of these values.</summary>
    public DateTimeDataFrameColumn(string name, IEnumerable<DateTime?> values)
        : base(name, values)
    {
    }

    /// <inheritdoc cref="DateTimeDataFrameColumn(string, IEnumerable{DateTime?})"/>
    public DateTimeDataFrameColumn(string name, IEnumerable<DateTime> values)
        : base(name, values)
    {
    }

    /// <summary>A column of <paramref name="length"/> nulls.</summary>
    public DateTimeDataFrameColumn(string name, long length = 0)
        : base(name, length)
    {
    }

    internal override PrimitiveDataFrameColumn<DateTime> CreateNewColumn(string name, IEnumerable<DateTime?> values) => new DateTimeDataFrameColumn(name, values);
}
