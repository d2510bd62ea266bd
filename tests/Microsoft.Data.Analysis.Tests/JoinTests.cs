namespace Microsoft.Data.Analysis.Tests;

public class JoinTests
{
    private static DataFrame Paper() => new(
        new StringDataFrameColumn("scheme", ["space", "divided", "axial"]),
        new DoubleDataFrameColumn("accuracy", [76.9, 78.0, 73.5]));

    private static DataFrame Ours() => new(
        new StringDataFrameColumn("name", ["divided", "space", "space", "none"]),
        new DoubleDataFrameColumn("accuracy", [0.9, 0.5, 0.6, 0.1]));

    private static string Text(DataFrame frame) => string.Join("; ", frame.Rows.Select(row => string.Join(",", row.Select(v => v ?? "-"))));

    [Theory]
    [InlineData(JoinAlgorithm.Left, "space,76.9,space,0.5; space,76.9,space,0.6; divided,78,divided,0.9; axial,73.5,-,-")]
    [InlineData(JoinAlgorithm.Inner, "divided,78,divided,0.9; space,76.9,space,0.5; space,76.9,space,0.6")]
    [InlineData(JoinAlgorithm.Right, "divided,78,divided,0.9; space,76.9,space,0.5; space,76.9,space,0.6; -,-,none,0.1")]
    [InlineData(JoinAlgorithm.FullOuter, "space,76.9,space,0.5; space,76.9,space,0.6; divided,78,divided,0.9; axial,73.5,-,-; -,-,none,0.1")]
    public void Merging_puts_rows_of_equal_keys_side_by_side(JoinAlgorithm algorithm, string expected)
    {
        var merged = Paper().Merge<string>(Ours(), "scheme", "name", joinAlgorithm: algorithm);

        Assert.Equal(["scheme", "accuracy_left", "name", "accuracy_right"], merged.Columns.Select(c => c.Name));
        Assert.Equal(expected, Text(merged));
    }

    [Fact]
    public void Keys_of_two_columns_must_both_be_equal()
    {
        var left = new DataFrame(new Int32DataFrameColumn("a", [1, 1, 2]), new Int32DataFrameColumn("b", [1, 2, 1]), new Int32DataFrameColumn("x", [10, 20, 30]));
        var right = new DataFrame(new Int32DataFrameColumn("a", [1, 2]), new Int32DataFrameColumn("b", [2, 1]), new Int32DataFrameColumn("y", [7, 8]));

        var merged = left.Merge(right, ["a", "b"], ["a", "b"], joinAlgorithm: JoinAlgorithm.Inner);

        Assert.Equal([20, 30], merged["x"].Cast<int?>());
        Assert.Equal([7, 8], merged["y"].Cast<int?>());
    }

    [Fact]
    public void Null_keys_match_null_keys()
    {
        var left = new DataFrame(new StringDataFrameColumn("k", ["a", null]), new Int32DataFrameColumn("x", [1, 2]));
        var right = new DataFrame(new StringDataFrameColumn("k", [null, "b"]), new Int32DataFrameColumn("y", [3, 4]));

        Assert.Equal("a,1,-,-; -,2,-,3", Text(left.Merge<string>(right, "k", "k")));
        Assert.Equal("a,1,-,-", Text(left.Merge<string>(right.Tail(1), "k", "k")));
    }

    [Fact]
    public void Keys_of_different_types_or_numbers_are_errors()
    {
        Assert.Throws<ArgumentException>(() => Paper().Merge(Ours(), ["scheme"], ["accuracy"]));
        Assert.Throws<ArgumentException>(() => Paper().Merge(Ours(), ["scheme"], ["name", "accuracy"]));
        Assert.Throws<ArgumentException>(() => Paper().Merge(Ours(), ["none"], ["name"]));
    }

    [Theory]
    [InlineData(JoinAlgorithm.Left, 3)]
    [InlineData(JoinAlgorithm.Right, 4)]
    [InlineData(JoinAlgorithm.Inner, 3)]
    [InlineData(JoinAlgorithm.FullOuter, 4)]
    public void Joining_puts_rows_side_by_side_in_their_order(JoinAlgorithm algorithm, int rows)
    {
        var joined = Paper().Join(Ours(), joinAlgorithm: algorithm);

        Assert.Equal(["scheme", "accuracy_left", "name", "accuracy_right"], joined.Columns.Select(c => c.Name));
        Assert.Equal(rows, joined.Rows.Count);
        Assert.Equal(["space", 76.9, "divided", 0.9], joined.Rows[0]);
        Assert.Equal(rows - 3, joined["scheme"].NullCount);
    }
}
