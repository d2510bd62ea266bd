namespace Microsoft.Data.Analysis.Tests;

public class ColumnTests
{
    private static readonly double?[] Some = [2, null, -1];

    [Fact]
    public void A_new_column_of_a_length_holds_nulls()
    {
        Assert.Equal(3, new DoubleDataFrameColumn("a", 3).NullCount);
        Assert.Equal(3, new StringDataFrameColumn("a", 3).NullCount);
        Assert.Equal(0, new Int32DataFrameColumn("a").Length);
    }

    [Fact]
    public void Nulls_are_counted_as_they_come_and_go()
    {
        var numbers = new DoubleDataFrameColumn("a", Some);
        var texts = new StringDataFrameColumn("b", ["x", null]);

        numbers[0] = null;
        numbers[1] = 5;
        numbers.Append(null);
        numbers.AppendMany(1, 2);
        texts[1] = "y";

        Assert.Equal((6, 2), (numbers.Length, numbers.NullCount));
        Assert.Equal(0, texts.NullCount);
        Assert.True(numbers.IsValid(1));
        Assert.False(numbers.IsValid(0));
    }

    [Fact]
    public void Columns_of_one_type_combine_to_that_type()
    {
        DataFrameColumn a = new Int32DataFrameColumn("a", [7, 8]), b = new Int32DataFrameColumn("b", [2, 3]);

        Assert.Equal([9, 11], (a + b).Cast<int?>());
        Assert.Equal([5, 5], (a - b).Cast<int?>());
        Assert.Equal([14, 24], (a * b).Cast<int?>());
        Assert.Equal([3, 2], (a / b).Cast<int?>());
        Assert.Equal([1, 2], (a % b).Cast<int?>());
        Assert.Equal("a", (a + b).Name);
    }

    [Fact]
    public void Columns_of_two_types_combine_to_double()
    {
        DataFrameColumn whole = new Int32DataFrameColumn("a", [1, 2]), single = new SingleDataFrameColumn("b", [0.5f, 2f]);

        Assert.Equal(typeof(double), (whole * single).DataType);
        Assert.Equal([0.5, 4.0], (whole * single).Cast<double?>());
        Assert.Equal(typeof(double), (single + 1).DataType);
        Assert.Equal(typeof(float), (single + 1f).DataType);
        Assert.Equal(typeof(double), (single * 100.0).DataType);
    }

    [Fact]
    public void A_value_may_stand_on_the_left()
    {
        DataFrameColumn column = new DoubleDataFrameColumn("a", Some);

        Assert.Equal([-1.0, null, 2.0], (1.0 - column).Cast<double?>());
        Assert.Equal([0.5, null, -1.0], (1.0 / column).Cast<double?>());
        Assert.Equal([3.0, null, 0.0], column.ReverseAdd(1.0).Cast<double?>());
    }

    [Fact]
    public void Typed_columns_keep_their_type_at_compile_time()
    {
        var accuracy = new DoubleDataFrameColumn("a", [0.5, 0.25]);
        var frames = new Int32DataFrameColumn("t", [8, 16]);

        DoubleDataFrameColumn percent = accuracy * 100.0;
        DoubleDataFrameColumn sum = accuracy + accuracy;
        Int32DataFrameColumn half = frames / 2;

        Assert.Equal([50.0, 25.0], percent);
        Assert.Equal([1.0, 0.5], sum);
        Assert.Equal([4, 8], half);
    }

    [Fact]
    public void A_null_on_either_side_gives_null()
    {
        DataFrameColumn a = new DoubleDataFrameColumn("a", Some), b = new DoubleDataFrameColumn("b", new double?[] { 1, 1, null });

        Assert.Equal([3.0, null, null], (a + b).Cast<double?>());
        Assert.Equal([2.0, null, null], (a / b).Cast<double?>());
        Assert.Equal(2, (a + b).NullCount);
    }

    [Fact]
    public void In_place_changes_the_column_itself_and_cannot_change_its_type()
    {
        DataFrameColumn a = new DoubleDataFrameColumn("a", [1.0, 2.0]);

        var same = a.Multiply(2.0, inPlace: true);

        Assert.Same(a, same);
        Assert.Equal([2.0, 4.0], a.Cast<double?>());
        Assert.Throws<ArgumentException>(() => new Int32DataFrameColumn("n", [1]).Multiply<double>(2.0, inPlace: true));
    }

    [Fact]
    public void A_column_combines_with_itself_in_place()
    {
        DataFrameColumn a = new DoubleDataFrameColumn("a", [1.0, 2.0, 3.0]);

        Assert.Equal([2.0, 4.0, 6.0], a.Add(a, inPlace: true).Cast<double?>());
    }

    [Fact]
    public void What_cannot_be_combined_is_an_error()
    {
        DataFrameColumn flags = new BooleanDataFrameColumn("f", [true]), number = new DoubleDataFrameColumn("a", [1.0]);

        Assert.Throws<NotSupportedException>(() => flags + number);
        Assert.Throws<NotSupportedException>(() => number + flags);
        Assert.Throws<ArgumentException>(() => number + new DoubleDataFrameColumn("b", [1.0, 2.0]));
        Assert.Throws<DivideByZeroException>(() => new Int32DataFrameColumn("n", [1]).Divide<int>(0));
    }

    [Fact]
    public void Comparisons_give_filters()
    {
        DataFrameColumn a = new DoubleDataFrameColumn("a", [1.0, 2.0, 3.0]);

        Assert.Equal([false, false, true], a.ElementwiseGreaterThan(2.0));
        Assert.Equal([false, true, true], a.ElementwiseGreaterThanOrEqual(2));
        Assert.Equal([true, false, false], a.ElementwiseLessThan(2.0));
        Assert.Equal([true, true, false], a.ElementwiseLessThanOrEqual(2f));
        Assert.Equal([false, true, false], a.ElementwiseEquals(2));
        Assert.Equal([true, false, true], a.ElementwiseNotEquals(2.0));
        Assert.Equal([true, true, true], a.ElementwiseEquals(a));
    }

    [Fact]
    public void A_null_compares_as_zero()
    {
        var column = new DoubleDataFrameColumn("a", Some);

        Assert.Equal([true, true, false], ((DataFrameColumn)column).ElementwiseGreaterThan(-1.0));
        Assert.Equal([false, true, false], column.ElementwiseIsNull());
        Assert.Equal([true, false, true], column.ElementwiseIsNotNull());
    }

    [Fact]
    public void NaN_equals_nothing()
    {
        DataFrameColumn a = new DoubleDataFrameColumn("a", [double.NaN, 1.0]);

        Assert.Equal([false, true], a.ElementwiseEquals(a));
        Assert.Equal([false, true], a.ElementwiseGreaterThan(0.0));
    }

    [Fact]
    public void Texts_compare_and_join()
    {
        var names = new StringDataFrameColumn("n", ["a", null, "b"]);

        Assert.Equal([true, false, false], names.ElementwiseEquals("a"));
        Assert.Equal([false, true, true], names.ElementwiseNotEquals("a"));
        Assert.Equal([false, true, false], names.ElementwiseIsNull());
        Assert.Equal(["a!", "!", "b!"], names + "!");
        Assert.Equal(["-a", "-", "-b"], "-" + names);
        Assert.Equal(["aa", "bb"], new StringDataFrameColumn("n", ["a", "b"]).Add((DataFrameColumn)new StringDataFrameColumn("m", ["a", "b"])).Cast<string>());
    }

    [Fact]
    public void Aggregates_leave_nulls_out()
    {
        var column = new DoubleDataFrameColumn("a", Some);

        Assert.Equal(1.0, column.Sum());
        Assert.Equal(-2.0, column.Product());
        Assert.Equal(2.0, column.Max());
        Assert.Equal(-1.0, column.Min());
        Assert.Equal(0.5, column.Mean());
        Assert.Equal(0.5, column.Median());
        Assert.Equal(3, new Int32DataFrameColumn("n", [9, 3, 1]).Median());
    }

    [Fact]
    public void Aggregates_of_nothing_are_null()
    {
        var nulls = new DoubleDataFrameColumn("a", 2);

        Assert.Null(nulls.Sum());
        Assert.Null(nulls.Max());
        Assert.Null(nulls.Min());
        Assert.Equal(1.0, nulls.Product());
        Assert.Equal(0, nulls.Median());
        Assert.Equal(0, new DoubleDataFrameColumn("a").Mean());
    }

    [Fact]
    public void Aggregates_of_given_rows_take_a_null_as_zero()
    {
        var column = new DoubleDataFrameColumn("a", new double?[] { 2, null, 5 });

        Assert.Equal(7.0, column.Sum([0, 1, 2]));
        Assert.Equal(0.0, column.Min([0, 1]));
        Assert.Equal(5.0, column.Max([1, 2]));
    }

    [Fact]
    public void Texts_and_truth_values_have_no_sum()
    {
        Assert.Throws<NotImplementedException>(() => new StringDataFrameColumn("a", ["x"]).Sum());
        Assert.Throws<NotSupportedException>(() => new BooleanDataFrameColumn("a", [true]).Sum());
        Assert.Throws<NotImplementedException>(() => new StringDataFrameColumn("a", ["x"]).Mean());
    }

    [Fact]
    public void Cumulative_values_go_up_to_each_row()
    {
        var column = new Int32DataFrameColumn("a", [3, 1, 2]);

        Assert.Equal([3, 4, 6], column.CumulativeSum().Cast<int?>());
        Assert.Equal([3, 3, 6], column.CumulativeProduct().Cast<int?>());
        Assert.Equal([3, 3, 3], column.CumulativeMax().Cast<int?>());
        Assert.Equal([3, 1, 1], column.CumulativeMin().Cast<int?>());
    }

    [Fact]
    public void Truth_values_are_all_or_any_true()
    {
        var column = new BooleanDataFrameColumn("a", [true, false]);

        Assert.False(column.All());
        Assert.True(column.Any());
        Assert.Equal([true, true], (column | true).Cast<bool?>());
        Assert.Equal([false, true], (column ^ true).Cast<bool?>());
    }

    [Fact]
    public void Values_are_rounded_clamped_filtered_and_mapped()
    {
        var column = new DoubleDataFrameColumn("a", new double?[] { -2.5, null, 0.4, 1.5 });

        Assert.Equal([-2.0, null, 0.0, 2.0], column.Round().Cast<double?>());
        Assert.Equal([2.5, null, 0.4, 1.5], column.Abs().Cast<double?>());
        Assert.Equal([-1.0, null, 0.4, 1.0], column.Clamp(-1, 1));
        Assert.Equal([0.4, 1.5], column.Filter(0, 2));
        Assert.Equal([-5.0, null, 0.8, 3.0], column.Apply(v => 2 * v));
        Assert.Equal(["A", null], new StringDataFrameColumn("t", ["a", null]).Apply(t => t.ToUpperInvariant()));
    }

    [Fact]
    public void Values_are_counted_in_the_order_of_their_first_occurrence()
    {
        var counts = new StringDataFrameColumn("a", ["y", "x", null, "y"]).ValueCounts();

        Assert.Equal(["y", "x"], counts["Values"].Cast<string>());
        Assert.Equal([2L, 1L], counts["Counts"].Cast<long?>());
    }

    [Fact]
    public void Nulls_are_dropped_or_filled()
    {
        var column = new DoubleDataFrameColumn("a", Some);

        Assert.Equal([2.0, -1.0], column.DropNulls());
        Assert.Equal([2.0, 9.0, -1.0], column.FillNulls(9));
        Assert.Equal(1, column.NullCount);
        Assert.Equal(["x", "y"], new StringDataFrameColumn("t", ["x", null]).FillNulls("y"));
    }

    [Fact]
    public void Rows_are_taken_by_numbers_of_which_null_gives_null()
    {
        var column = new StringDataFrameColumn("t", ["a", "b", "c"]);

        Assert.Equal(["c", null, "a"], ((DataFrameColumn)column).Clone(new Int64DataFrameColumn("i", new long?[] { 2, null, 0 })).Cast<string?>());
        Assert.Equal(["a", "b", "c", null], column.Clone(1));
        Assert.Throws<ArgumentException>(() => ((DataFrameColumn)column).Clone(new DoubleDataFrameColumn("i", [0.0])));
    }

    [Fact]
    public void Part_of_a_column_is_a_list()
    {
        Assert.Equal([null, -1.0], new DoubleDataFrameColumn("a", Some)[1, 5]);
        Assert.Equal(["b"], new StringDataFrameColumn("t", ["a", "b", "c"])[1, 1]);
    }

    [Fact]
    public void Text_lists_values_then_name_and_type()
    {
        var lines = new DoubleDataFrameColumn("loss", Some).ToString().Split('\n', StringSplitOptions.TrimEntries);

        Assert.Equal(["loss2", "null", "-1", "Name: loss, Type: System.Double"], lines);
    }
}
