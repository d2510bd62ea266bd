using System.Collections.ObjectModel;

namespace Microsoft.Data.Analysis;

/// <summary>The columns of a table: their names differ, their lengths do not.</summary>
public class DataFrameColumnCollection : Collection<DataFrameColumn>
{
    internal DataFrameColumnCollection(IEnumerable<DataFrameColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        foreach (var column in columns)
            Add(column);
    }

    internal long RowCount => Count == 0 ? 0 : this[0].Length;

    /// <summary>The column of this name. Setting renames the column and puts it in the place of that name's, or at the end.</summary>
    /// <exception cref="ArgumentException">There is no such column to get, or the length of the one that is set differs.</exception>
    public DataFrameColumn this[string columnName]
    {
        get => IndexOf(columnName) is >= 0 and var index ? this[index]
            : throw new ArgumentException($"there is no column '{columnName}', only {string.Join(", ", this.Select(c => $"'{c.Name}'"))}", nameof(columnName));
        set
        {
            value.SetName(columnName);
            if (IndexOf(columnName) is >= 0 and var index)
                this[index] = value;
            else
                Add(value);
        }
    }

    /// <summary>The number of the column of this name, or -1.</summary>
    public int IndexOf(string columnName)
    {
        for (var i = 0; i < Count; i++)
        {
            if (this[i].Name == columnName)
                return i;
        }
        return -1;
    }

    /// <summary>Renames a column.</summary>
    public void RenameColumn(string currentName, string newName) => this[currentName].SetName(newName);

    /// <summary>Removes the column of this name, if there is one.</summary>
    public void Remove(string columnName)
    {
        if (IndexOf(columnName) is >= 0 and var index)
            RemoveAt(index);
    }

    /// <summary>Puts a new column of these values in place.</summary>
    public void Insert<T>(int columnIndex, IEnumerable<T> column, string columnName)
        where T : unmanaged => Insert(columnIndex, new PrimitiveDataFrameColumn<T>(columnName, column));

    /// <summary>The column of this name and of exactly this class of values.</summary>
    /// <exception cref="ArgumentException">There is no such column, or it is of another type.</exception>
    public PrimitiveDataFrameColumn<T> GetPrimitiveColumn<T>(string name)
        where T : unmanaged => Get<PrimitiveDataFrameColumn<T>>(name);

    /// <inheritdoc cref="GetPrimitiveColumn"/>
    public StringDataFrameColumn GetStringColumn(string name) => Get<StringDataFrameColumn>(name);

    /// <inheritdoc cref="GetPrimitiveColumn"/>
    public BooleanDataFrameColumn GetBooleanColumn(string name) => Get<BooleanDataFrameColumn>(name);

    /// <inheritdoc cref="GetPrimitiveColumn"/>
    public DateTimeDataFrameColumn GetDateTimeColumn(string name) => Get<DateTimeDataFrameColumn>(name);

    /// <inheritdoc cref="GetPrimitiveColumn"/>
    public Int32DataFrameColumn GetInt32Column(string name) => Get<Int32DataFrameColumn>(name);

    /// <inheritdoc cref="GetPrimitiveColumn"/>
    public Int64DataFrameColumn GetInt64Column(string name) => Get<Int64DataFrameColumn>(name);

    /// <inheritdoc cref="GetPrimitiveColumn"/>
    public SingleDataFrameColumn GetSingleColumn(string name) => Get<SingleDataFrameColumn>(name);

    /// <inheritdoc cref="GetPrimitiveColumn"/>
    public DoubleDataFrameColumn GetDoubleColumn(string name) => Get<DoubleDataFrameColumn>(name);

    /// <inheritdoc/>
    protected override void InsertItem(int columnIndex, DataFrameColumn column)
    {
        Check(column, except: -1);
        base.InsertItem(columnIndex, column);
        column.AddOwner(this);
    }

    /// <inheritdoc/>
    protected override void SetItem(int columnIndex, DataFrameColumn column)
    {
        Check(column, except: columnIndex);
        this[columnIndex].RemoveOwner(this);
        base.SetItem(columnIndex, column);
        column.AddOwner(this);
    }

    /// <inheritdoc/>
    protected override void RemoveItem(int columnIndex)
    {
        this[columnIndex].RemoveOwner(this);
        base.RemoveItem(columnIndex);
    }

    /// <inheritdoc/>
    protected override void ClearItems()
    {
        foreach (var column in this)
            column.RemoveOwner(this);
        base.ClearItems();
    }

    /// <summary>Whether a column here may take a new name.</summary>
    internal void CheckName(DataFrameColumn column, string name)
    {
        if (IndexOf(name) is >= 0 and var index && this[index] != column)
            throw new ArgumentException($"there is a column '{name}' already", nameof(name));
    }

    private TColumn Get<TColumn>(string name)
        where TColumn : DataFrameColumn => this[name] as TColumn
        ?? throw new ArgumentException($"column '{name}' is a {this[name].GetType().Name} of {this[name].DataType.Name}, no {typeof(TColumn).Name}", nameof(name));

    private void Check(DataFrameColumn column, int except)
    {
        ArgumentNullException.ThrowIfNull(column);
        if (IndexOf(column.Name) is >= 0 and var index && index != except)
            throw new ArgumentException($"there is a column '{column.Name}' already", nameof(column));
        if (Count > 0 && RowCount > 0 && column.Length != RowCount)
            throw new ArgumentException($"column '{column.Name}' has {column.Length} rows, the table {RowCount}", nameof(column));
    }
}
