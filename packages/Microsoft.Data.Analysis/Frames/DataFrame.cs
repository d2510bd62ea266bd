namespace Microsoft.Data.Analysis;

/// <summary>A table: named columns of equal length.</summary>
[Html.TypeFormatterSource(typeof(Html.NotebookFormatters), PreferredMimeTypes = ["text/html", "text/plain"])]
public partial class DataFrame
{
    /// <summary>How many rows the text form shows.</summary>
    internal const int PreviewRows = 25;

    /// <summary>A table of these columns, which it holds, not copies.</summary>
    /// <exception cref="ArgumentException">Two columns have one name, or lengths differ.</exception>
    public DataFrame(IEnumerable<DataFrameColumn> columns)
    {
        Columns = new DataFrameColumnCollection(columns);
        Rows = new DataFrameRowCollection(this);
    }

    /// <inheritdoc cref="DataFrame(IEnumerable{DataFrameColumn})"/>
    public DataFrame(params DataFrameColumn[] columns)
        : this((IEnumerable<DataFrameColumn>)columns)
    {
    }

    /// <summary>The columns, by number or by name.</summary>
    public DataFrameColumnCollection Columns { get; }

    /// <summary>The rows, by number.</summary>
    public DataFrameRowCollection Rows { get; }

    /// <summary>One value.</summary>
    public object? this[long rowIndex, int columnIndex]
    {
        get => Columns[columnIndex][rowIndex];
        set => Columns[columnIndex][rowIndex] = value;
    }

    /// <summary>The column of this name. Setting renames the column and puts it in the place of that name's, or at the end.</summary>
    /// <exception cref="ArgumentException">There is no such column to get, or the length of the one that is set differs.</exception>
    public DataFrameColumn this[string columnName]
    {
        get => Columns[columnName];
        set => Columns[columnName] = value;
    }

    /// <summary>The rows where the filter is true.</summary>
    public DataFrame this[PrimitiveDataFrameColumn<bool> rowFilter] => Filter(rowFilter);

    /// <summary>The rows of these numbers.</summary>
    public DataFrame this[PrimitiveDataFrameColumn<int> rowIndices] => Filter(rowIndices);

    /// <inheritdoc cref="this[PrimitiveDataFrameColumn{int}]"/>
    public DataFrame this[PrimitiveDataFrameColumn<long> rowIndices] => Filter(rowIndices);

    /// <inheritdoc cref="this[PrimitiveDataFrameColumn{int}]"/>
    public DataFrame this[IEnumerable<int> rowIndices] => Filter(new PrimitiveDataFrameColumn<int>("Filter", rowIndices));

    /// <inheritdoc cref="this[PrimitiveDataFrameColumn{int}]"/>
    public DataFrame this[IEnumerable<long> rowIndices] => Filter(new PrimitiveDataFrameColumn<long>("Filter", rowIndices));

    /// <inheritdoc cref="this[PrimitiveDataFrameColumn{bool}]"/>
    public DataFrame this[IEnumerable<bool> rowFilter] => Filter(new PrimitiveDataFrameColumn<bool>("Filter", rowFilter));

    /// <summary>The rows where the filter is true.</summary>
    public DataFrame Filter(PrimitiveDataFrameColumn<bool> filter) => ChooseRows(filter);

    /// <summary>The rows of these numbers; a null number yields a row of nulls.</summary>
    public DataFrame Filter(PrimitiveDataFrameColumn<int> rowIndices) => ChooseRows(rowIndices);

    /// <inheritdoc cref="Filter(PrimitiveDataFrameColumn{int})"/>
    public DataFrame Filter(PrimitiveDataFrameColumn<long> rowIndices) => ChooseRows(rowIndices);

    /// <summary>The first rows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public DataFrame Head(int numberOfRows) => this[Enumerable.Range(0, numberOfRows)];

    /// <summary>The last rows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public DataFrame Tail(int numberOfRows) => this[Enumerable.Range(0, numberOfRows).Select(row => Rows.Count - numberOfRows + row)];

    /// <summary>Rows drawn at random, each at most once.</summary>
    /// <exception cref="ArgumentException">There are not so many.</exception>
    public DataFrame Sample(int numberOfRows)
    {
        if (numberOfRows > Rows.Count)
            throw new ArgumentException($"cannot draw {numberOfRows} of {Rows.Count} rows", nameof(numberOfRows));
        var rows = Enumerable.Range(0, checked((int)Rows.Count)).ToArray();
        Random.Shared.Shuffle(rows);
        return this[rows.Take(numberOfRows)];
    }

    /// <summary>A full copy.</summary>
    public DataFrame Clone() => new(Columns.Select(column => column.Clone()));

    /// <summary>The rows in ascending order of a column.</summary>
    /// <param name="columnName">The column to order by; rows of equal value keep their order.</param>
    /// <param name="ascending">Whether the least comes first.</param>
    /// <param name="putNullValuesLast">Whether nulls come after all values, in either order, or before them.</param>
    public DataFrame OrderBy(string columnName, bool ascending = true, bool putNullValuesLast = true)
    {
        var rows = Columns[columnName].SortedRows(ascending, putNullValuesLast).ToList();
        return new DataFrame(Columns.Select(column => column.Take(rows)));
    }

    /// <summary>The rows in descending order of a column.</summary>
    /// <inheritdoc cref="OrderBy"/>
    public DataFrame OrderByDescending(string columnName, bool putNullValuesLast = true) => OrderBy(columnName, ascending: false, putNullValuesLast);

    /// <summary>Groups the rows by the values of a column; rows where it is null belong to no group.</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public GroupBy GroupBy(string columnName) => Columns[columnName].GroupBy(Columns.IndexOf(columnName), this);

    /// <inheritdoc cref="GroupBy(string)"/>
    /// <typeparam name="TKey">The type of the column.</typeparam>
    /// <exception cref="InvalidCastException">The column is of another type.</exception>
    public GroupBy<TKey> GroupBy<TKey>(string columnName) => GroupBy(columnName) as GroupBy<TKey>
        ?? throw new InvalidCastException($"column '{columnName}' holds {Columns[columnName].DataType.Name}: it gives no groups by {typeof(TKey).Name}");

    private DataFrame ChooseRows(DataFrameColumn rows) => new(Columns.Select(column => column.Clone(rows)));
}
