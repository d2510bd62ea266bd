namespace Microsoft.Data.Analysis.Tests;

public class DataFrameTests
{
    private static DataFrame Schemes() => new(
        new StringDataFrameColumn("scheme", ["space", "joint", "divided", "axial"]),
        new DoubleDataFrameColumn("accuracy", [76.9, 77.4, 78.0, 73.5]),
        new Int32DataFrameColumn("frames", new int?[] { 8, null, 8, 32 }));

    [Fact]
    public void Rows_and_columns_are_counted_and_reached_by_number_and_name()
    {
        var frame = Schemes();

        Assert.Equal(4, frame.Rows.Count);
        Assert.Equal(3, frame.Columns.Count);
        Assert.Equal("divided", frame[2, 0]);
        Assert.Equal("divided", frame["scheme"][2]);
        Assert.Equal(78.0, frame.Rows[2]["accuracy"]);
        Assert.Equal(78.0, frame.Rows[2][1]);
        Assert.Null(frame["frames"][1]);
        Assert.Equal(1, frame.Columns.IndexOf("accuracy"));
        Assert.Equal(-1, frame.Columns.IndexOf("Accuracy"));
    }

    [Fact]
    public void A_value_can_be_set_and_must_have_the_column_s_type()
    {
        var frame = Schemes();

        frame[0, 1] = 80.0;
        frame.Rows[1]["frames"] = 16;

        Assert.Equal(80.0, frame["accuracy"][0]);
        Assert.Equal(0, frame["frames"].NullCount);
        Assert.Throws<ArgumentException>(() => frame[0, 1] = 80);
        Assert.Throws<ArgumentException>(() => frame[0, 0] = 1.5);
    }

    [Fact]
    public void A_missing_column_and_a_missing_row_are_errors()
    {
        var frame = Schemes();

        Assert.Throws<ArgumentException>(() => frame["loss"]);
        Assert.Throws<ArgumentOutOfRangeException>(() => frame["accuracy"][4]);
        Assert.Throws<ArgumentOutOfRangeException>(() => frame["scheme"][4]);
        Assert.Throws<ArgumentOutOfRangeException>(() => frame.Head(5));
    }

    [Fact]
    public void Columns_of_other_lengths_or_of_a_name_that_is_there_are_refused()
    {
        var frame = Schemes();

        Assert.Throws<ArgumentException>(() => frame.Columns.Add(new DoubleDataFrameColumn("loss", new double[3])));
        Assert.Throws<ArgumentException>(() => frame.Columns.Add(new DoubleDataFrameColumn("accuracy", new double[4])));
        Assert.Throws<ArgumentException>(() => new DataFrame(new DoubleDataFrameColumn("a", 1), new DoubleDataFrameColumn("a", 1)));
        Assert.Equal(3, frame.Columns.Count);
    }

    [Fact]
    public void A_column_assigned_to_a_name_takes_that_name_and_place()
    {
        var frame = Schemes();

        frame["accuracy"] = new SingleDataFrameColumn("other", [1f, 2f, 3f, 4f]);
        frame["top5"] = new DoubleDataFrameColumn("x", new double[4]);

        Assert.Equal(["scheme", "accuracy", "frames", "top5"], frame.Columns.Select(c => c.Name));
        Assert.Equal(2f, frame["accuracy"][1]);
    }

    [Fact]
    public void Columns_are_renamed_and_removed_by_name()
    {
        var frame = Schemes();

        frame.Columns.RenameColumn("accuracy", "top1");
        frame["frames"].SetName("T");
        frame.Columns.Remove("scheme");

        Assert.Equal(["top1", "T"], frame.Columns.Select(c => c.Name));
        Assert.Equal(77.4, frame["top1"][1]);
        Assert.Throws<ArgumentException>(() => frame.Columns.RenameColumn("top1", "T"));
    }

    [Fact]
    public void Rows_are_chosen_by_a_filter_or_by_numbers()
    {
        var frame = Schemes();

        var good = frame.Filter(frame["accuracy"].ElementwiseGreaterThan(77.0));
        var chosen = frame[new[] { 3, 0 }];
        var same = frame[new Int64DataFrameColumn("rows", [3L, 0L])];

        Assert.Equal(["joint", "divided"], good["scheme"].Cast<string>());
        Assert.Equal(["axial", "space"], chosen["scheme"].Cast<string>());
        Assert.Equal(["axial", "space"], same["scheme"].Cast<string>());
        Assert.Equal(32, chosen["frames"][0]);
    }

    [Fact]
    public void Filters_combine()
    {
        var frame = Schemes();

        var both = frame["accuracy"].ElementwiseGreaterThan(76.0).And(frame["scheme"].ElementwiseNotEquals("joint"));
        var either = frame["scheme"].ElementwiseEquals("joint") | frame["scheme"].ElementwiseEquals("axial");

        Assert.Equal(["space", "divided"], frame.Filter((PrimitiveDataFrameColumn<bool>)both)["scheme"].Cast<string>());
        Assert.Equal(["joint", "axial"], frame.Filter((PrimitiveDataFrameColumn<bool>)either)["scheme"].Cast<string>());
    }

    [Fact]
    public void Head_and_tail_are_the_first_and_last_rows()
    {
        var frame = Schemes();

        Assert.Equal(["space", "joint"], frame.Head(2)["scheme"].Cast<string>());
        Assert.Equal(["divided", "axial"], frame.Tail(2)["scheme"].Cast<string>());
    }

    [Fact]
    public void A_sample_has_different_rows_of_the_table()
    {
        var frame = Schemes();

        var sample = frame.Sample(3)["scheme"].Cast<string>().ToList();

        Assert.Equal(3, sample.Distinct().Count());
        Assert.Subset(frame["scheme"].Cast<string>().ToHashSet(), sample.ToHashSet());
        Assert.Throws<ArgumentException>(() => frame.Sample(5));
    }

    [Fact]
    public void A_clone_shares_nothing()
    {
        var frame = Schemes();

        var copy = frame.Clone();
        copy["accuracy"][0] = 0.0;

        Assert.Equal(76.9, frame["accuracy"][0]);
        Assert.IsType<DoubleDataFrameColumn>(copy["accuracy"]);
    }

    [Fact]
    public void Sorting_orders_all_columns_with_nulls_last()
    {
        var frame = Schemes();

        Assert.Equal(["axial", "space", "joint", "divided"], frame.OrderBy("accuracy")["scheme"].Cast<string>());
        Assert.Equal(["divided", "joint", "space", "axial"], frame.OrderByDescending("accuracy")["scheme"].Cast<string>());
        Assert.Equal([8, 8, 32, null], frame.OrderBy("frames")["frames"].Cast<int?>());
        Assert.Equal([32, 8, 8, null], frame.OrderByDescending("frames")["frames"].Cast<int?>());
        Assert.Equal([null, 8, 8, 32], frame.OrderBy("frames", ascending: true, putNullValuesLast: false)["frames"].Cast<int?>());
        Assert.Equal(["axial", "divided", "joint", "space"], frame.OrderBy("scheme")["scheme"].Cast<string>());
    }

    [Fact]
    public void A_row_is_appended_in_the_order_of_the_columns_or_by_name()
    {
        var frame = Schemes();

        frame.Append(["local-global", "75.9", 8], inPlace: true);
        frame.Append(new Dictionary<string, object?> { ["accuracy"] = 12, ["scheme"] = "none" }, inPlace: true);
        var longer = frame.Append(["x"]);

        Assert.Equal(6, frame.Rows.Count);
        Assert.Equal(75.9, frame["accuracy"][4]);
        Assert.Equal(["none", 12.0, null], frame.Rows[5]);
        Assert.Equal(7, longer.Rows.Count);
        Assert.Equal(["x", null, null], longer.Rows[6]);
    }

    [Fact]
    public void A_row_that_does_not_fit_is_refused_and_leaves_the_table_as_it_is()
    {
        var frame = Schemes();

        Assert.Throws<ArgumentException>(() => frame.Append(["a", 1.0, 2, 3], inPlace: true));
        Assert.Throws<FormatException>(() => frame.Append(["a", "much"], inPlace: true));
        Assert.Throws<ArgumentException>(() => frame.Append(new Dictionary<string, object?> { ["loss"] = 1.0 }, inPlace: true));
        Assert.Equal(4, frame.Rows.Count);
        Assert.All(frame.Columns, column => Assert.Equal(4, column.Length));
    }

    [Fact]
    public void Rows_of_another_table_are_appended_by_column_name()
    {
        var other = new DataFrame(new DoubleDataFrameColumn("accuracy", [1.0]), new StringDataFrameColumn("scheme", ["none"]));

        var both = Schemes().Append(other.Rows);

        Assert.Equal(5, both.Rows.Count);
        Assert.Equal(["none", 1.0, null], both.Rows[4]);
    }

    [Fact]
    public void Nulls_are_dropped_or_filled()
    {
        var frame = new DataFrame(
            new DoubleDataFrameColumn("a", new double?[] { 1, null, null }),
            new Int32DataFrameColumn("b", new int?[] { 1, 2, null }));

        Assert.Equal(1, frame.DropNulls().Rows.Count);
        Assert.Equal(2, frame.DropNulls(DropNullOptions.All).Rows.Count);
        Assert.Equal([1.0, 7.0, 7.0], frame.FillNulls(7)["a"].Cast<double?>());
        Assert.Equal([1, 2, 7], frame.FillNulls(7)["b"].Cast<int?>());
        Assert.Equal(2, frame["a"].NullCount);
        Assert.Throws<ArgumentException>(() => Schemes().Append(["x"]).Append().FillNulls(7));
    }

    [Fact]
    public void Text_shows_padded_columns_and_25_rows()
    {
        var frame = new DataFrame(new Int32DataFrameColumn("n", Enumerable.Range(0, 30)), new StringDataFrameColumn("long column name", 30));

        var lines = frame.ToString().Split('\n', StringSplitOptions.TrimEntries);

        Assert.Equal("n                long column name", lines[0]);
        Assert.Equal("0                null", lines[1]);
        Assert.Equal("24               null", lines[25]);
        Assert.StartsWith("... 25 of total 30", lines[26]);
        Assert.Equal(3, frame.Head(2).ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void A_row_reads_as_its_values()
    {
        Assert.Equal("joint 77.4 null ", Schemes().Rows[1].ToString());
        Assert.Equal([new("scheme", "joint"), new("accuracy", 77.4), new("frames", null)], Schemes().Rows[1].GetValues().Cast<KeyValuePair<string, object?>>());
    }

    [Fact]
    public void Info_and_description_summarise_the_columns()
    {
        var info = Schemes().Info();
        var description = Schemes().Description();

        Assert.Equal(["DataType", "Length (excluding null values)"], info["Info"].Cast<string>());
        Assert.Equal(["System.Int32", "3"], info["frames"].Cast<string>());
        Assert.Equal(["Length (excluding null values)", "Max", "Min", "Mean"], description["Description"].Cast<string>());
        Assert.Equal([3f, 32f, 8f, 12f], description["frames"].Cast<float?>());
        Assert.Equal(-1, description.Columns.IndexOf("scheme"));
    }

    [Fact]
    public void Columns_are_had_as_what_they_are()
    {
        var frame = Schemes();
        frame["plain"] = DataFrameColumn.Create("plain", new[] { 1, 2, 3, 4 });

        Assert.Equal(78.0, frame.Columns.GetDoubleColumn("accuracy")[2]);
        Assert.Equal("space", frame.Columns.GetStringColumn("scheme")[0]);
        Assert.Equal(4, frame.Columns.GetPrimitiveColumn<int>("plain")[3]);
        Assert.Throws<ArgumentException>(() => frame.Columns.GetSingleColumn("accuracy"));
        Assert.Throws<ArgumentException>(() => frame.Columns.GetInt32Column("plain"));
    }

    [Fact]
    public void Rows_in_memory_become_a_table()
    {
        var frame = DataFrame.LoadFrom([["divided", 78], ["joint", null!]], [("scheme", typeof(string)), ("accuracy", typeof(double))]);

        Assert.Equal([78.0, null], frame["accuracy"].Cast<double?>());
        Assert.Equal("joint", frame[1, 0]);
    }
}
