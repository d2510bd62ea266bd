using System.Collections;

namespace Microsoft.Data.Analysis;

/// <summary>A column of text.</summary>
public partial class StringDataFrameColumn : DataFrameColumn, IEnumerable<string?>
{
    private readonly List<string?> values;

    /// <summary>A column of <paramref name="length"/> nulls.</summary>
    public StringDataFrameColumn(string name, long length = 0)
        : this(name, Enumerable.Repeat<string?>(null, checked((int)length)))
    {
    }

    /// <summary>A column of these values.</summary>
    public StringDataFrameColumn(string name, IEnumerable<string?> values)
        : base(name, typeof(string)) => this.values = [.. values];

    /// <inheritdoc/>
    public override long NullCount => values.Count(v => v is null);

    /// <inheritdoc cref="DataFrameColumn.this[long]"/>
    public new string? this[long rowIndex]
    {
        get => values[Checked(rowIndex)];
        set => values[Checked(rowIndex)] = value;
    }

    /// <inheritdoc cref="DataFrameColumn.this[long, int]"/>
    public new List<string?> this[long startIndex, int length] => [.. Range(startIndex, length).Select(row => this[row])];

    /// <summary>Adds a value, or a null, at the end.</summary>
    public void Append(string? value) => values.Add(value);

    /// <summary>Applies a function to each value that is there.</summary>
    /// <param name="func">From the old value to the new one.</param>
    /// <param name="inPlace">Whether this column is changed and returned.</param>
    public StringDataFrameColumn Apply(Func<string, string?> func, bool inPlace = false) => Map(v => v is null ? null : func(v), inPlace);

    /// <inheritdoc cref="DataFrameColumn.Clone(long)"/>
    public new StringDataFrameColumn Clone(long numberOfNullsToAppend = 0) => (StringDataFrameColumn)base.Clone(numberOfNullsToAppend);

    /// <inheritdoc cref="DataFrameColumn.Sort"/>
    public new StringDataFrameColumn Sort(bool ascending = true, bool putNullValuesLast = true) =>
        (StringDataFrameColumn)base.Sort(ascending, putNullValuesLast);

    /// <summary>A copy in which <paramref name="value"/> takes the place of nulls.</summary>
    public StringDataFrameColumn FillNulls(string value, bool inPlace = false)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Map(v => v ?? value, inPlace);
    }

    /// <inheritdoc/>
    public override DataFrameColumn FillNulls(object value, bool inPlace = false) => value is string text
        ? FillNulls(text, inPlace)
        : throw new ArgumentException($"column '{Name}' holds text, not {value?.GetType().Name ?? "null"}", nameof(value));

    /// <inheritdoc cref="DataFrameColumn.DropNulls"/>
    public new StringDataFrameColumn DropNulls() => (StringDataFrameColumn)base.DropNulls();

    /// <inheritdoc/>
    public override DataFrame ValueCounts()
    {
        var groups = RowsByValue<string>();
        return new DataFrame(
            new StringDataFrameColumn("Values", groups.Keys),
            new PrimitiveDataFrameColumn<long>("Counts", groups.Values.Select(rows => (long)rows.Count)));
    }

    /// <inheritdoc/>
    public override GroupBy GroupBy(int columnIndex, DataFrame parent) => new GroupBy<string>(parent, columnIndex, RowsByValue<string>());

    /// <summary>The values in order, nulls among them.</summary>
    public IEnumerator<string?> GetEnumerator() => values.GetEnumerator();

    internal override long Count => values.Count;

    internal override object? GetObject(long row) => this[row];

    internal override void SetObject(long row, object? value) => this[row] = Typed(value);

    internal override IEnumerator Objects() => values.GetEnumerator();

    internal override void AppendObject(object? value) => Append(Typed(value));

    internal override DataFrameColumn CloneWithNulls(long nulls) =>
        new StringDataFrameColumn(Name, values.Concat(Enumerable.Repeat<string?>(null, checked((int)nulls))));

    internal override DataFrameColumn Take(IEnumerable<long?> rows, long nulls = 0) =>
        new StringDataFrameColumn(Name, rows.Select(row => row is { } r ? this[r] : null).Concat(Enumerable.Repeat<string?>(null, checked((int)nulls))));

    private StringDataFrameColumn Map(Func<string?, string?> replace, bool inPlace)
    {
        var column = inPlace ? this : Clone();
        for (var row = 0; row < column.values.Count; row++)
            column.values[row] = replace(column.values[row]);
        return column;
    }

    private string? Typed(object? value) => value switch
    {
        null => null,
        string text => text,
        _ => throw new ArgumentException($"column '{Name}' holds text, not {value.GetType()}", nameof(value)),
    };
}
