using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.Data.Analysis.Html;

namespace Microsoft.Data.Analysis.Tests.Own;

public class DataFrameHtmlTests
{
    private static XElement Parse(string html) => XElement.Parse($"<div>{html}</div>");

    private static List<string> Cells(XElement page, string element) => [.. page.Descendants(element).Select(e => e.Value)];

    [Fact]
    public void Headers_and_values_are_cells()
    {
        var page = Parse(DataFrameHtml.Table(new DataFrame(new StringDataFrameColumn("scheme", ["divided", "space"]), new Int32DataFrameColumn("frames", [8, 32]))));

        Assert.Equal(["scheme", "frames"], Cells(page, "th"));
        Assert.Equal(["divided", "8", "space", "32"], Cells(page, "td"));
        Assert.Empty(page.Descendants("tfoot"));
    }

    [Fact]
    public void Numbers_are_right_aligned_and_texts_are_not()
    {
        var html = DataFrameHtml.Table(new DataFrame(new StringDataFrameColumn("a", ["x"]), new DoubleDataFrameColumn("b", [0.5])));

        Assert.Matches(@"\.number\{text-align:right\}", html);
        Assert.Contains("<th>a</th><th class=\"number\">b</th>", html);
        Assert.Contains("<td>x</td><td class=\"number\" data-value=\"0.5\">0.5</td>", html);
    }

    [Fact]
    public void Many_rows_are_truncated_and_counted()
    {
        var page = Parse(DataFrameHtml.Table(new DataFrame(new Int32DataFrameColumn("n", Enumerable.Range(0, 1234)))));

        Assert.Equal(20, page.Descendants("tbody").Elements("tr").Count());
        Assert.Equal("… showing 20 of 1,234 rows", page.Descendants("tfoot").Single().Value);
    }

    [Fact]
    public void Many_columns_are_truncated_and_counted()
    {
        var page = Parse(DataFrameHtml.Table(new DataFrame(Enumerable.Range(0, 31).Select(i => new Int32DataFrameColumn($"c{i}", [i])))));

        Assert.Equal(30, Cells(page, "th").Count);
        Assert.Equal("… showing 30 of 31 columns", page.Descendants("tfoot").Single().Value);
    }

    [Theory]
    [InlineData(new[] { 78.0, 76.9, 77.35 }, new[] { "78.00", "76.90", "77.35" })]
    [InlineData(new[] { 0.1 + 0.2, 1 }, new[] { "0.3", "1.0" })]
    [InlineData(new[] { 121258752.0, 0.5 }, new[] { "121258752.0", "0.5" })]
    [InlineData(new[] { 1.0 / 3, 2 }, new[] { "0.33333", "2.00000" })]
    [InlineData(new[] { 1e-7, 2e20, 0 }, new[] { "1E-07", "2E+20", "0" })]
    [InlineData(new[] { double.NaN, double.PositiveInfinity }, new[] { "NaN", "Infinity" })]
    [InlineData(new[] { 12345678.9 }, new[] { "12345679" })]
    public void Fractions_of_a_column_have_as_many_decimals_as_they_need(double[] values, string[] expected) =>
        Assert.Equal(expected, Cells(Parse(DataFrameHtml.Table(new DoubleDataFrameColumn("x", values))), "td"));

    [Fact]
    public void Floats_read_as_what_was_written()
    {
        Assert.Equal(["0.1", "76.9"], Cells(Parse(DataFrameHtml.Table(new SingleDataFrameColumn("x", [0.1f, 76.9f]))), "td"));
    }

    [Fact]
    public void Nulls_are_marked_as_such()
    {
        var page = Parse(DataFrameHtml.Table(new DoubleDataFrameColumn("x", new double?[] { null, 1 })));

        Assert.Equal("number null", page.Descendants("td").First().Attribute("class")!.Value);
        Assert.Equal("null", page.Descendants("td").First().Value);
    }

    [Fact]
    public void Dates_and_truth_values_are_short()
    {
        Assert.Equal(["2021-02-09"], Cells(Parse(DataFrameHtml.Table(new DateTimeDataFrameColumn("d", [new DateTime(2021, 2, 9)]))), "td"));
        Assert.Equal(["true"], Cells(Parse(DataFrameHtml.Table(new BooleanDataFrameColumn("b", [true]))), "td"));
    }

    [Fact]
    public void Names_and_texts_cannot_smuggle_markup_in()
    {
        var html = DataFrameHtml.Table(new DataFrame(new StringDataFrameColumn("<b>", ["<script>alert(1)</script>", "\"" + new string('"', 50)])));

        Assert.DoesNotContain("<script", html);
        Assert.Equal("<script>alert(1)</script>", Cells(Parse(html), "td")[0]);
        Assert.Equal(["<b>"], Cells(Parse(html), "th"));
    }

    [Fact]
    public void No_colour_is_fixed_and_nothing_is_loaded()
    {
        var html = DataFrameHtml.Table(new DataFrame(new StringDataFrameColumn("a", ["x"])));

        Assert.DoesNotMatch(new Regex(@"#[0-9a-f]{3}|background|color:(?!inherit)|https?:|src=", RegexOptions.IgnoreCase), html);
    }

    [Fact]
    public void An_empty_table_is_a_table()
    {
        Assert.Empty(Cells(Parse(DataFrameHtml.Table(new DataFrame())), "td"));
        Assert.Equal(["a"], Cells(Parse(DataFrameHtml.Table(new StringDataFrameColumn("a"))), "th"));
    }
}
