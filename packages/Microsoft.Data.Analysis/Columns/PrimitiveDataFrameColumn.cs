using System.Collections;

namespace Microsoft.Data.Analysis;

/// <summary>A column of numbers, truth values or dates.</summary>
public partial class PrimitiveDataFrameColumn<T> : DataFrameColumn, IEnumerable<T?>
    where T : unmanaged
{
    private readonly List<T?> values;
    private long nulls;

    /// <summary>A column of these values.</summary>
    public PrimitiveDataFrameColumn(string name, IEnumerable<T?> values)
        : base(name, typeof(T))
    {
        this.values = [.. values];
        nulls = this.values.Count(v => v is null);
    }

    /// <inheritdoc cref="PrimitiveDataFrameColumn{T}(string, IEnumerable{T?})"/>
    public PrimitiveDataFrameColumn(string name, IEnumerable<T> values)
        : this(name, values.Select(v => (T?)v))
    {
    }

    /// <summary>A column of <paramref name="length"/> nulls.</summary>
    public PrimitiveDataFrameColumn(string name, long length = 0)
        : this(name, Enumerable.Repeat<T?>(null, checked((int)length)))
    {
    }

    /// <inheritdoc/>
    public override long NullCount => nulls;

    /// <inheritdoc cref="DataFrameColumn.this[long]"/>
    public new T? this[long rowIndex]
    {
        get => values[Checked(rowIndex)];
        set
        {
            ref var place = ref System.Runtime.InteropServices.CollectionsMarshal.AsSpan(values)[Checked(rowIndex)];
            nulls += (value is null ? 1 : 0) - (place is null ? 1 : 0);
            place = value;
        }
    }

    /// <inheritdoc cref="DataFrameColumn.this[long, int]"/>
    public new IReadOnlyList<T?> this[long startIndex, int length] => [.. Range(startIndex, length).Select(row => this[row])];

    /// <inheritdoc/>
    public override bool IsValid(long index) => this[index] is not null;

    /// <inheritdoc/>
    public override bool IsNumericColumn() => Computation.IsNumeric;

    /// <inheritdoc/>
    public override bool HasDescription() => IsNumericColumn() || typeof(T) == typeof(DateTime);

    /// <summary>Adds a value, or a null, at the end. A column in a data frame grows by <see cref="DataFrame.Append(IEnumerable{object}, bool, System.Globalization.CultureInfo)"/> instead.</summary>
    public void Append(T? value) => AppendMany(value, 1);

    /// <summary>Adds the same value <paramref name="count"/> times at the end.</summary>
    public void AppendMany(T? value, long count)
    {
        values.AddRange(Enumerable.Repeat(value, checked((int)count)));
        nulls += value is null ? count : 0;
    }

    /// <inheritdoc cref="DataFrameColumn.Clone(long)"/>
    public new PrimitiveDataFrameColumn<T> Clone(long numberOfNullsToAppend = 0) => (PrimitiveDataFrameColumn<T>)base.Clone(numberOfNullsToAppend);

    /// <inheritdoc cref="DataFrameColumn.Clone(DataFrameColumn, bool, long)"/>
    public new PrimitiveDataFrameColumn<T> Clone(DataFrameColumn? mapIndices, bool invertMapIndices = false, long numberOfNullsToAppend = 0) =>
        (PrimitiveDataFrameColumn<T>)base.Clone(mapIndices, invertMapIndices, numberOfNullsToAppend);

    /// <inheritdoc cref="DataFrameColumn.Sort"/>
    public new PrimitiveDataFrameColumn<T> Sort(bool ascending = true, bool putNullValuesLast = true) =>
        (PrimitiveDataFrameColumn<T>)base.Sort(ascending, putNullValuesLast);

    /// <summary>A copy in which <paramref name="value"/> takes the place of nulls.</summary>
    public PrimitiveDataFrameColumn<T> FillNulls(T value, bool inPlace = false) => Map(v => v ?? value, inPlace);

    /// <inheritdoc/>
    public override DataFrameColumn FillNulls(object value, bool inPlace = false) => FillNulls((T)Convert.ChangeType(value, typeof(T)), inPlace);

    /// <inheritdoc cref="DataFrameColumn.DropNulls"/>
    public new PrimitiveDataFrameColumn<T> DropNulls() => (PrimitiveDataFrameColumn<T>)base.DropNulls();

    /// <summary>Applies a function to each value that is there.</summary>
    /// <param name="func">From the old value to the new one.</param>
    /// <param name="inPlace">Whether this column is changed and returned.</param>
    public PrimitiveDataFrameColumn<T> Apply(Func<T, T> func, bool inPlace = false) => Map(v => v is { } value ? func(value) : null, inPlace);

    /// <summary>The values from <paramref name="min"/> to <paramref name="max"/>, both included, without the nulls.</summary>
    public PrimitiveDataFrameColumn<T> Filter(T min, T max) =>
        new(Name, values.Where(v => v is { } value && Comparer<T>.Default.Compare(value, min) >= 0 && Comparer<T>.Default.Compare(value, max) <= 0));

    /// <summary>Moves values below <paramref name="min"/> or above <paramref name="max"/> to that bound.</summary>
    public PrimitiveDataFrameColumn<T> Clamp(T min, T max, bool inPlace = false) =>
        Apply(v => Comparer<T>.Default.Compare(v, min) < 0 ? min : Comparer<T>.Default.Compare(v, max) > 0 ? max : v, inPlace);

    /// <inheritdoc/>
    public override DataFrame ValueCounts()
    {
        var groups = RowsByValue<T>();
        return new DataFrame(
            new PrimitiveDataFrameColumn<T>("Values", groups.Keys),
            new PrimitiveDataFrameColumn<long>("Counts", groups.Values.Select(rows => (long)rows.Count)));
    }

    /// <inheritdoc/>
    public override GroupBy GroupBy(int columnIndex, DataFrame parent) => new GroupBy<T>(parent, columnIndex, RowsByValue<T>());

    /// <summary>The values in order, nulls among them.</summary>
    public IEnumerator<T?> GetEnumerator() => values.GetEnumerator();

    internal override long Count => values.Count;

    internal override object? GetObject(long row) => this[row];

    internal override void SetObject(long row, object? value) => this[row] = Typed(value);

    internal override IEnumerator Objects() => values.GetEnumerator();

    internal override void AppendObject(object? value) => Append(Typed(value));

    internal override DataFrameColumn CloneWithNulls(long nulls)
    {
        var copy = CreateNewColumn(Name, values);
        copy.AppendMany(null, nulls);
        return copy;
    }

    internal override DataFrameColumn Take(IEnumerable<long?> rows, long nulls = 0)
    {
        var taken = CreateNewColumn(Name, rows.Select(row => row is { } r ? this[r] : null));
        taken.AppendMany(null, nulls);
        return taken;
    }

    /// <summary>A column of the same class as this one.</summary>
    internal virtual PrimitiveDataFrameColumn<T> CreateNewColumn(string name, IEnumerable<T?> values) => new(name, values);

    /// <summary>Replaces each value, in a copy or here.</summary>
    internal PrimitiveDataFrameColumn<T> Map(Func<T?, T?> replace, bool inPlace)
    {
        var column = inPlace ? this : Clone();
        for (var row = 0; row < column.values.Count; row++)
            column[row] = replace(column.values[row]);
        return column;
    }

    private T? Typed(object? value) => value switch
    {
        null => null,
        T typed => typed,
        _ => throw new ArgumentException($"column '{Name}' holds {DataType}, not {value.GetType()}", nameof(value)),
    };
}
