namespace Microsoft.Data.Analysis;

/// <summary>Which rows a join keeps that have no counterpart.</summary>
public enum JoinAlgorithm
{
    /// <summary>Those of the table that the method is called on.</summary>
    Left,

    /// <summary>Those of the other table.</summary>
    Right,

    /// <summary>Those of both.</summary>
    FullOuter,

    /// <summary>None.</summary>
    Inner,
}

public partial class DataFrame
{
    /// <summary>Puts the columns of another table beside this one's, row by row in their order.</summary>
    /// <param name="other">The other table.</param>
    /// <param name="leftSuffix">What is added to a name of this table that the other one has too.</param>
    /// <param name="rightSuffix">What is added to that name of the other table.</param>
    /// <param name="joinAlgorithm">Whose number of rows counts; where the other one is shorter there are nulls.</param>
    public DataFrame Join(DataFrame other, string leftSuffix = "_left", string rightSuffix = "_right", JoinAlgorithm joinAlgorithm = JoinAlgorithm.Left)
    {
        var length = joinAlgorithm switch
        {
            JoinAlgorithm.Left => Rows.Count,
            JoinAlgorithm.Right => other.Rows.Count,
            JoinAlgorithm.FullOuter => Math.Max(Rows.Count, other.Rows.Count),
            _ => Math.Min(Rows.Count, other.Rows.Count),
        };
        return SideBySide(other, RowsOf(this), RowsOf(other), leftSuffix, rightSuffix);

        List<long?> RowsOf(DataFrame frame) => [.. Enumerable.Range(0, checked((int)length)).Select(row => row < frame.Rows.Count ? row : (long?)null)];
    }

    /// <summary>Puts rows of this and another table side by side where their key columns are equal, as a database does; nulls match nulls.</summary>
    /// <param name="other">The other table.</param>
    /// <param name="leftJoinColumns">The key columns of this table.</param>
    /// <param name="rightJoinColumns">The key columns of the other table, in the same order and of the same types.</param>
    /// <param name="leftSuffix">What is added to a name of this table that the other one has too.</param>
    /// <param name="rightSuffix">What is added to that name of the other table.</param>
    /// <param name="joinAlgorithm">Which rows without counterpart are kept, with nulls beside them.</param>
    /// <exception cref="ArgumentException">The numbers of key columns or their types differ.</exception>
    public DataFrame Merge(DataFrame other, string[] leftJoinColumns, string[] rightJoinColumns, string leftSuffix = "_left", string rightSuffix = "_right", JoinAlgorithm joinAlgorithm = JoinAlgorithm.Left)
    {
        ArgumentNullException.ThrowIfNull(other);
        ArgumentNullException.ThrowIfNull(leftJoinColumns);
        ArgumentNullException.ThrowIfNull(rightJoinColumns);
        var leftKeys = leftJoinColumns.Select(name => Columns[name]).ToArray();
        var rightKeys = rightJoinColumns.Select(name => other.Columns[name]).ToArray();
        CheckKeys(leftKeys, rightKeys);

        // Whose rows lead, in whose order the result is. An inner join leads with the longer table, as the original does.
        var rightLeads = joinAlgorithm == JoinAlgorithm.Right || joinAlgorithm == JoinAlgorithm.Inner && Rows.Count <= other.Rows.Count;
        var (leading, following) = rightLeads ? (RowMatches.Keys(rightKeys), RowMatches.Keys(leftKeys)) : (RowMatches.Keys(leftKeys), RowMatches.Keys(rightKeys));
        var (leadingRows, followingRows) = RowMatches.Match(leading, following, keepLeading: joinAlgorithm != JoinAlgorithm.Inner, keepFollowing: joinAlgorithm == JoinAlgorithm.FullOuter);
        return rightLeads
            ? SideBySide(other, followingRows, leadingRows, leftSuffix, rightSuffix)
            : SideBySide(other, leadingRows, followingRows, leftSuffix, rightSuffix);
    }

    /// <summary>Merges on one key column each.</summary>
    /// <typeparam name="TKey">The type of the keys.</typeparam>
    /// <inheritdoc cref="Merge(DataFrame, string[], string[], string, string, JoinAlgorithm)"/>
    public DataFrame Merge<TKey>(DataFrame other, string leftJoinColumn, string rightJoinColumn, string leftSuffix = "_left", string rightSuffix = "_right", JoinAlgorithm joinAlgorithm = JoinAlgorithm.Left) =>
        Merge(other, [leftJoinColumn], [rightJoinColumn], leftSuffix, rightSuffix, joinAlgorithm);

    private DataFrame SideBySide(DataFrame other, List<long?> leftRows, List<long?> rightRows, string leftSuffix, string rightSuffix)
    {
        var frame = new DataFrame(Columns.Select(column => column.Take(leftRows)));
        foreach (var column in other.Columns)
        {
            var right = column.Take(rightRows);
            while (frame.Columns.IndexOf(right.Name) is >= 0 and var index)
            {
                frame.Columns[index].SetName(right.Name + leftSuffix);
                right.SetName(right.Name + rightSuffix);
            }
            frame.Columns.Add(right);
        }
        return frame;
    }

    private static void CheckKeys(DataFrameColumn[] left, DataFrameColumn[] right)
    {
        if (left.Length != right.Length)
            throw new ArgumentException($"{left.Length} key columns on the left, {right.Length} on the right");
        foreach (var (mine, theirs) in left.Zip(right))
        {
            if (mine.DataType != theirs.DataType)
                throw new ArgumentException($"key columns '{mine.Name}' of {mine.DataType.Name} and '{theirs.Name}' of {theirs.DataType.Name} cannot be equal");
        }
    }
}
