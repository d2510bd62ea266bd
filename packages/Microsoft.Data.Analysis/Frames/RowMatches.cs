namespace Microsoft.Data.Analysis;

/// <summary>Finds the pairs of rows of two tables that have equal keys.</summary>
internal static class RowMatches
{
    /// <summary>The key of each row: the values of its key columns; null where one of them is null.</summary>
    public static List<Key?> Keys(DataFrameColumn[] columns)
    {
        var rows = columns.Length == 0 ? 0 : columns[0].Length;
        return [.. Enumerable.Range(0, checked((int)rows)).Select(row => columns.All(c => c.IsValid(row)) ? new Key([.. columns.Select(c => c[row]!)]) : null)];
    }

    /// <summary>Pairs of rows in the order of the leading ones; null stands for no row. Rows without a key go with each other.</summary>
    public static (List<long?> Leading, List<long?> Following) Match(List<Key?> leading, List<Key?> following, bool keepLeading, bool keepFollowing)
    {
        var byKey = Enumerable.Range(0, following.Count).ToLookup(row => following[row]);
        List<long?> leadingRows = [], followingRows = [];
        for (var row = 0; row < leading.Count; row++)
        {
            var matches = byKey[leading[row]].Select(match => (long?)match).ToList();
            // The original keeps a row without a key only where the other table has such rows too.
            if (matches.Count == 0 && keepLeading && leading[row] is not null)
                matches.Add(null);
            foreach (var match in matches)
            {
                leadingRows.Add(row);
                followingRows.Add(match);
            }
        }
        if (keepFollowing)
        {
            var found = followingRows.ToHashSet();
            foreach (var row in Enumerable.Range(0, following.Count).Where(row => following[row] is not null && !found.Contains(row)))
            {
                leadingRows.Add(null);
                followingRows.Add(row);
            }
        }
        return (leadingRows, followingRows);
    }

    /// <summary>Values that are equal one by one.</summary>
    internal sealed class Key(object[] values) : IEquatable<Key>
    {
        public bool Equals(Key? other) => other is not null && values.AsSpan().SequenceEqual(other.Values);

        public override bool Equals(object? obj) => Equals(obj as Key);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            foreach (var value in values)
                hash.Add(value);
            return hash.ToHashCode();
        }

        private object[] Values => values;
    }
}
