namespace Microsoft.Data.Analysis;

/// <summary>Rows of a table in groups of equal value of one column. Each method gives a table whose first column has the groups' values, in the order of first occurrence.</summary>
/// <remarks>Columns are all the others where none is named: name the numeric ones where there are others. In sums, means and bounds a null counts as 0.</remarks>
public abstract class GroupBy
{
    private protected GroupBy()
    {
    }

    /// <summary>How many values of each group are not null, as long.</summary>
    public abstract DataFrame Count(params string[] columnNames);

    /// <summary>The values of each group's first row.</summary>
    public abstract DataFrame First(params string[] columnNames);

    /// <summary>The first rows of each group.</summary>
    public abstract DataFrame Head(int numberOfRows);

    /// <summary>The last rows of each group.</summary>
    public abstract DataFrame Tail(int numberOfRows);

    /// <summary>The greatest value of each group.</summary>
    public abstract DataFrame Max(params string[] columnNames);

    /// <summary>The least value of each group.</summary>
    public abstract DataFrame Min(params string[] columnNames);

    /// <summary>The sum of each group.</summary>
    public abstract DataFrame Sum(params string[] columnNames);

    /// <summary>The mean of each group, as double: the sum over the number of rows.</summary>
    public abstract DataFrame Mean(params string[] columnNames);
}
