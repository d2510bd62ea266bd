namespace Microsoft.Data.Analysis.Tests;

public class GroupByTests
{
    private static DataFrame Runs() => new(
        new StringDataFrameColumn("scheme", ["divided", "space", "divided", null, "space"]),
        new DoubleDataFrameColumn("accuracy", new double?[] { 0.5, 0.25, null, 1, 0.75 }),
        new Int32DataFrameColumn("seed", [1, 2, 3, 4, 5]));

    [Fact]
    public void Groups_come_in_the_order_of_first_occurrence_without_the_null()
    {
        var counts = Runs().GroupBy("scheme").Count();

        Assert.Equal(["scheme", "accuracy", "seed"], counts.Columns.Select(c => c.Name));
        Assert.Equal(["divided", "space"], counts["scheme"].Cast<string>());
        Assert.Equal([1L, 2L], counts["accuracy"].Cast<long?>());
        Assert.Equal([2L, 2L], counts["seed"].Cast<long?>());
    }

    [Fact]
    public void Sums_means_and_bounds_take_nulls_as_zero()
    {
        var groups = Runs().GroupBy("scheme");

        Assert.Equal([0.5, 1.0], groups.Sum("accuracy")["accuracy"].Cast<double?>());
        Assert.Equal([0.25, 0.5], groups.Mean("accuracy")["accuracy"].Cast<double?>());
        Assert.Equal([0.0, 0.25], groups.Min("accuracy")["accuracy"].Cast<double?>());
        Assert.Equal([0.5, 0.75], groups.Max("accuracy")["accuracy"].Cast<double?>());
        Assert.Equal([4, 7], groups.Sum("seed")["seed"].Cast<int?>());
        Assert.Equal([2.0, 3.5], groups.Mean("seed")["seed"].Cast<double?>());
    }

    [Fact]
    public void First_head_and_tail_are_rows_of_the_groups()
    {
        var groups = Runs().GroupBy("scheme");

        Assert.Equal([1, 2], groups.First("seed")["seed"].Cast<int?>());
        Assert.Equal([1, 3, 2, 5], groups.Head(2)["seed"].Cast<int?>());
        Assert.Equal([3, 5], groups.Tail(1)["seed"].Cast<int?>());
        Assert.Equal(["divided", "space"], groups.Tail(1)["scheme"].Cast<string>());
    }

    [Fact]
    public void Groupings_are_for_LINQ()
    {
        var seeds = Runs().GroupBy<string>("scheme").Groupings.ToDictionary(g => g.Key, g => g.Sum(row => (int)row["seed"]!));

        Assert.Equal(4, seeds["divided"]);
        Assert.Equal(7, seeds["space"]);
    }

    [Fact]
    public void Groups_by_number_have_numbers_as_keys()
    {
        var groups = Runs().GroupBy<int>("seed");

        Assert.Equal([1, 2, 3, 4, 5], groups.Groupings.Select(g => g.Key));
        Assert.Throws<InvalidCastException>(() => Runs().GroupBy<long>("seed"));
        Assert.Throws<ArgumentException>(() => Runs().GroupBy("loss"));
    }

    [Fact]
    public void A_text_column_that_is_not_left_out_is_an_error()
    {
        var runs = Runs();
        runs["note"] = new StringDataFrameColumn("note", 5);

        Assert.Throws<NotImplementedException>(() => runs.GroupBy("scheme").Sum());
    }
}
