using System.Collections;

namespace Microsoft.Data.Analysis;

/// <summary>Groups whose common value is of a known type.</summary>
public class GroupBy<TKey> : GroupBy
{
    private readonly DataFrame frame;
    private readonly DataFrameColumn keys;
    private readonly IReadOnlyList<KeyValuePair<TKey, ICollection<long>>> groups;

    internal GroupBy(DataFrame frame, int columnIndex, IEnumerable<KeyValuePair<TKey, ICollection<long>>> groups)
    {
        this.frame = frame;
        keys = frame.Columns[columnIndex];
        this.groups = [.. groups];
    }

    /// <summary>The groups with their rows, for LINQ.</summary>
    public IEnumerable<IGrouping<TKey, DataFrameRow>> Groupings => groups.Select(group => new Grouping(group.Key, group.Value.Select(row => frame.Rows[row])));

    /// <inheritdoc/>
    public override DataFrame Count(params string[] columnNames) =>
        Table(columnNames, column => new PrimitiveDataFrameColumn<long>(column.Name, groups.Select(group => group.Value.LongCount(column.IsValid))));

    /// <inheritdoc/>
    public override DataFrame First(params string[] columnNames) => Table(columnNames, column => column.Take(FirstRows()));

    /// <inheritdoc/>
    public override DataFrame Head(int numberOfRows) => Rows(groups.SelectMany(group => group.Value.Take(numberOfRows)));

    /// <inheritdoc/>
    public override DataFrame Tail(int numberOfRows) => Rows(groups.SelectMany(group => group.Value.TakeLast(numberOfRows)));

    /// <inheritdoc/>
    public override DataFrame Max(params string[] columnNames) => Aggregate(columnNames, (column, rows) => column.Max(rows));

    /// <inheritdoc/>
    public override DataFrame Min(params string[] columnNames) => Aggregate(columnNames, (column, rows) => column.Min(rows));

    /// <inheritdoc/>
    public override DataFrame Sum(params string[] columnNames) => Aggregate(columnNames, (column, rows) => column.Sum(rows));

    /// <inheritdoc/>
    public override DataFrame Mean(params string[] columnNames) =>
        Table(columnNames, column => new PrimitiveDataFrameColumn<double>(column.Name, groups.Select(group => Convert.ToDouble(column.Sum(group.Value)) / group.Value.Count)));

    private DataFrame Aggregate(string[] names, Func<DataFrameColumn, ICollection<long>, object?> aggregate) => Table(names, column =>
    {
        var result = column.Empty();
        foreach (var group in groups)
            result.AppendObject(aggregate(column, group.Value));
        return result;
    });

    private DataFrame Rows(IEnumerable<long> rows)
    {
        List<long?> chosen = [.. rows];
        return new DataFrame(frame.Columns.Where(column => column != keys).Prepend(keys).Select(column => column.Take(chosen)));
    }

    private DataFrame Table(string[] names, Func<DataFrameColumn, DataFrameColumn> summarise)
    {
        var columns = names.Length == 0 ? frame.Columns : names.Select(name => frame.Columns[name]);
        return new DataFrame(columns.Where(column => column != keys).Select(summarise).Prepend(keys.Take(FirstRows())));
    }

    private IEnumerable<long?> FirstRows() => groups.Select(group => (long?)group.Value.First());

    private sealed class Grouping(TKey key, IEnumerable<DataFrameRow> rows) : IGrouping<TKey, DataFrameRow>
    {
        public TKey Key => key;

        public IEnumerator<DataFrameRow> GetEnumerator() => rows.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
