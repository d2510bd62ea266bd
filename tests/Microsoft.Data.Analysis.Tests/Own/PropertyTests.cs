using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Microsoft.Data.Analysis.Tests.Own;

/// <summary>What holds for all tables, the empty ones included, on which the original fails.</summary>
public class PropertyTests
{
    private static readonly Arbitrary<int?[]> Numbers = Gen.OneOf(Gen.Constant((int?)null), Gen.Choose(-5, 5).Select(n => (int?)n)).ArrayOf().ToArbitrary();

    // Texts as a reader gives them back: blanks around values are trimmed, the word null is a null.
    private static readonly Arbitrary<string[]> Texts = Gen.Elements("a", "b", "é", ",", "\"", "\n", ";", " x").ArrayOf()
        .Select(parts => string.Concat(parts).Trim()).Where(text => text.Length > 0).ArrayOf().ToArbitrary();

    private static DataFrame Frame(int?[] values) => new(
        new Int32DataFrameColumn("x", values),
        new Int32DataFrameColumn("row", Enumerable.Range(0, values.Length)));

    private static IEnumerable<int?> Values(DataFrame frame, string column) => frame[column].Cast<int?>();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sorting_is_a_permutation_of_rows_in_order_with_nulls_last(bool ascending) => Prop.ForAll(Numbers, values =>
    {
        var sorted = Frame(values).OrderBy("x", ascending);

        var numbers = values.OfType<int>().Order();
        var expected = (ascending ? numbers : numbers.Reverse()).Select(n => (int?)n).Concat(values.Where(v => v is null));
        Assert.Equal(expected, Values(sorted, "x"));
        Assert.Equal(Enumerable.Range(0, values.Length).Select(n => (int?)n), Values(sorted, "row").Order());
        Assert.All(sorted.Rows, row => Assert.Equal(values[(int)row["row"]!], row["x"]));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_filter_keeps_just_the_rows_that_it_names_in_their_order() => Prop.ForAll(Numbers, values =>
    {
        var kept = Frame(values).Filter(new Int32DataFrameColumn("x", values).ElementwiseIsNotNull());

        Assert.Equal(values.OfType<int>().Select(n => (int?)n), Values(kept, "x"));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Sums_of_groups_add_up_to_the_sum() => Prop.ForAll(Numbers, keys =>
    {
        var frame = Frame(keys).DropNulls();

        var sums = frame.GroupBy("x").Sum("row");

        Assert.Equal(frame["row"].Sum() ?? 0, sums["row"].Sum() ?? 0);
        Assert.Equal(frame.Rows.Count, frame.GroupBy("x").Count("row")["row"].Cast<long?>().Sum());
        Assert.Equal(keys.OfType<int>().Distinct().Count(), sums.Rows.Count);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_inner_merge_with_itself_has_the_squares_of_the_groups() => Prop.ForAll(Numbers, keys =>
    {
        var frame = Frame(keys).DropNulls();

        var merged = frame.Merge<int>(frame, "x", "x", joinAlgorithm: JoinAlgorithm.Inner);

        Assert.Equal(keys.OfType<int>().GroupBy(k => k).Sum(g => g.Count() * g.Count()), merged.Rows.Count);
        Assert.All(merged.Rows, row => Assert.Equal(row["x_left"], row["x_right"]));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Subtracting_undoes_adding() => Prop.ForAll(Numbers, Numbers, (left, right) =>
    {
        var length = Math.Min(left.Length, right.Length);
        DataFrameColumn a = new Int32DataFrameColumn("a", left.Take(length)), b = new Int32DataFrameColumn("b", right.Take(length));

        var back = a + b - b;

        Assert.Equal(left.Zip(right, (x, y) => y is null ? null : x), back.Cast<int?>());
        Assert.Equal(back.Cast<int?>().Count(v => v is null), back.NullCount);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_table_comes_back_from_its_file() => Prop.ForAll(Texts, ArbMap.Default.ArbFor<double>(), (texts, number) =>
    {
        var frame = new DataFrame(
            new StringDataFrameColumn("text", texts),
            new DoubleDataFrameColumn("number", texts.Select((_, i) => i % 3 == 0 ? (double?)null : number / i)));
        using var stream = new MemoryStream();

        DataFrame.SaveCsv(frame, stream, encoding: System.Text.Encoding.UTF8, cultureInfo: CultureInfo.InvariantCulture);
        stream.Position = 0;
        var read = DataFrame.LoadCsv(stream, dataTypes: [typeof(string), typeof(double)]);

        Assert.Equal(frame["text"].Cast<string>(), read["text"].Cast<string>());
        Assert.Equal(frame["number"].Cast<double?>(), read["number"].Cast<double?>());
    }).QuickCheckThrowOnFailure();
}
