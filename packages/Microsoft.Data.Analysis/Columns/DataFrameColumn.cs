using System.Collections;

namespace Microsoft.Data.Analysis;

/// <summary>A named column of values of one type, of which any may be null.</summary>
public abstract partial class DataFrameColumn : IEnumerable
{
    private readonly List<DataFrameColumnCollection> owners = [];

    private protected DataFrameColumn(string name, Type type)
    {
        Name = name;
        DataType = type;
    }

    /// <summary>A column of numbers, truth values or dates, its type taken from the values. It is a plain <see cref="PrimitiveDataFrameColumn{T}"/>.</summary>
    public static PrimitiveDataFrameColumn<T> Create<T>(string name, IEnumerable<T?> values)
        where T : unmanaged => new(name, values);

    /// <inheritdoc cref="Create{T}(string, IEnumerable{T?})"/>
    public static PrimitiveDataFrameColumn<T> Create<T>(string name, IEnumerable<T> values)
        where T : unmanaged => new(name, values);

    /// <summary>A column of text.</summary>
    public static StringDataFrameColumn Create(string name, IEnumerable<string?> values) => new(name, values);

    /// <summary>What the column is called, in its data frame too.</summary>
    public string Name { get; private set; }

    /// <summary>The type of the values, without the question mark.</summary>
    public Type DataType { get; }

    /// <summary>How many values there are, nulls included.</summary>
    public long Length => Count;

    /// <summary>How many values are null.</summary>
    public abstract long NullCount { get; }

    /// <summary>The value of one row, or null.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    /// <exception cref="ArgumentException">The value that is set is not of the column's type.</exception>
    public object? this[long rowIndex]
    {
        get => GetObject(rowIndex);
        set => SetObject(rowIndex, value);
    }

    /// <summary>The values of up to <paramref name="length"/> rows from <paramref name="startIndex"/> on.</summary>
    public IReadOnlyList<object?> this[long startIndex, int length] => [.. Range(startIndex, length).Select(GetObject)];

    /// <summary>Renames the column, in the data frames that hold it too.</summary>
    /// <exception cref="ArgumentException">A data frame that holds it has another column of that name.</exception>
    public void SetName(string newName)
    {
        foreach (var owner in owners)
            owner.CheckName(this, newName);
        Name = newName;
    }

    /// <summary>Whether the value of a row is there, that is, not null.</summary>
    public virtual bool IsValid(long index) => this[index] is not null;

    /// <summary>Whether the column holds numbers. Truth values, characters and dates are none.</summary>
    public virtual bool IsNumericColumn() => false;

    /// <summary>A copy, with nulls at its end if wanted.</summary>
    public DataFrameColumn Clone(long numberOfNullsToAppend = 0) => CloneWithNulls(numberOfNullsToAppend);

    /// <summary>The values at the rows that <paramref name="mapIndices"/> names, or where it is true. A null index yields a null.</summary>
    /// <param name="mapIndices">A column of int, long or bool; null for all rows.</param>
    /// <param name="invertMapIndices">Whether the result is in reverse order.</param>
    /// <param name="numberOfNullsToAppend">How many nulls follow.</param>
    /// <exception cref="ArgumentException">The indices are of another type, or a filter is longer than the column.</exception>
    public DataFrameColumn Clone(DataFrameColumn? mapIndices, bool invertMapIndices = false, long numberOfNullsToAppend = 0) =>
        mapIndices is null ? CloneWithNulls(numberOfNullsToAppend) : Take(RowIndices.Of(mapIndices, Length, invertMapIndices), numberOfNullsToAppend);

    /// <summary>A copy in ascending or descending order; rows of equal value keep their order.</summary>
    public DataFrameColumn Sort(bool ascending = true, bool putNullValuesLast = true) => Take(SortedRows(ascending, putNullValuesLast));

    /// <summary>A copy in which <paramref name="value"/>, converted to the column's type, takes the place of nulls.</summary>
    /// <param name="value">What takes the place of nulls.</param>
    /// <param name="inPlace">Whether this column is changed and returned.</param>
    public virtual DataFrameColumn FillNulls(object value, bool inPlace = false) => throw NotDefined(nameof(FillNulls));

    /// <summary>A copy without the nulls.</summary>
    public virtual DataFrameColumn DropNulls() => Take(AllRows().Where(IsValid).Select(row => (long?)row));

    /// <summary>How often each value occurs, in the order of first occurrence: columns "Values" and "Counts". Nulls are not counted.</summary>
    public virtual DataFrame ValueCounts() => throw NotDefined(nameof(ValueCounts));

    /// <summary>Groups the rows of <paramref name="parent"/>, of which this is the column at <paramref name="columnIndex"/>, by this column's values.</summary>
    public virtual GroupBy GroupBy(int columnIndex, DataFrame parent) => throw NotDefined(nameof(GroupBy));

    /// <summary>The column's type and its number of values that are there.</summary>
    public virtual StringDataFrameColumn Info() => new(Name, [DataType.ToString(), (Length - NullCount).ToString()]);

    /// <summary>Whether <see cref="Description"/> has something to say.</summary>
    public virtual bool HasDescription() => false;

    /// <summary>Four floats: number of values that are there, maximum, minimum, mean.</summary>
    public virtual DataFrameColumn Description() => throw NotDefined(nameof(Description));

    /// <summary>The first 25 values, one a line, then name and type.</summary>
    public override string ToString() => ToString(DataFrame.PreviewRows);

    /// <summary>The first <paramref name="rowsToShow"/> values, one a line, then name and type.</summary>
    public string ToString(long rowsToShow)
    {
        var shown = Math.Min(Length, rowsToShow);
        using var text = new StringWriter();
        text.Write(Name);
        for (long row = 0; row < shown; row++)
            text.WriteLine(this[row] ?? "null");
        if (shown < Length)
            text.WriteLine($"  ... {rowsToShow} of total {Length}");
        text.Write($"Name: {Name}, Type: {DataType}");
        return text.ToString();
    }

    IEnumerator IEnumerable.GetEnumerator() => Objects();

    internal abstract long Count { get; }

    internal abstract object? GetObject(long row);

    internal abstract void SetObject(long row, object? value);

    internal abstract IEnumerator Objects();

    /// <summary>A value of any type joins the end; what fits the column's type only after conversion is the caller's to convert.</summary>
    internal abstract void AppendObject(object? value);

    internal abstract DataFrameColumn CloneWithNulls(long nulls);

    /// <summary>The values at these rows, a null for each null among them.</summary>
    internal abstract DataFrameColumn Take(IEnumerable<long?> rows, long nulls = 0);

    internal IEnumerable<long?> SortedRows(bool ascending, bool nullsLast)
    {
        var present = AllRows().Where(IsValid);
        var sorted = ascending ? present.OrderBy(GetObject) : present.OrderByDescending(GetObject);
        var absent = AllRows().Where(row => !IsValid(row));
        return (nullsLast ? sorted.Concat(absent) : absent.Concat(sorted)).Select(row => (long?)row);
    }

    /// <summary>The rows of each value, in the order of first occurrence, without the nulls.</summary>
    internal OrderedDictionary<TKey, ICollection<long>> RowsByValue<TKey>()
        where TKey : notnull
    {
        var groups = new OrderedDictionary<TKey, ICollection<long>>();
        foreach (var row in AllRows())
        {
            if (GetObject(row) is not TKey value)
                continue;
            if (!groups.TryGetValue(value, out var rows))
                groups.Add(value, rows = new List<long>());
            rows.Add(row);
        }
        return groups;
    }

    /// <summary>An empty column of the same name and type.</summary>
    internal DataFrameColumn Empty() => Take([]);

    internal void AddOwner(DataFrameColumnCollection owner) => owners.Add(owner);

    internal void RemoveOwner(DataFrameColumnCollection owner) => owners.Remove(owner);

    private protected IEnumerable<long> AllRows() => Range(0, int.MaxValue);

    private protected IEnumerable<long> Range(long start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Length);
        for (var row = start; row < Math.Min(Length, start + length); row++)
            yield return row;
    }

    /// <summary>The row as an index into the values.</summary>
    private protected int Checked(long row)
    {
        if (row < 0 || row >= Length)
            throw new ArgumentOutOfRangeException(nameof(row), $"column '{Name}' has {Length} rows, none at {row}");
        return (int)row;
    }

    private protected NotImplementedException NotDefined(string operation) =>
        new($"{operation} is not there for column '{Name}' of {DataType.Name}");
}
