using System.Xml.Linq;
using Microsoft.Data.Analysis;
using TimeSformer.Notebooks;

namespace TimeSformer.Tests.Notebooks;

public sealed class DataFrameHtmlTests
{
    private static List<string> Cells(string html, string element) =>
        [.. XElement.Parse($"<div>{html}</div>").Descendants(element).Select(cell => cell.Value)];

    private static List<string> Values(DataFrameColumn column) => Cells(DataFrameHtml.Of(new DataFrame(column)), "td");

    [Fact]
    public void Names_and_values_are_cells_and_numbers_are_right_aligned()
    {
        var schemes = new StringDataFrameColumn("scheme", ["divided", "space"]);
        var html = DataFrameHtml.Of(new DataFrame(schemes, new Int32DataFrameColumn("frames", [8, 32])));
        Assert.Equal(["scheme", "frames"], Cells(html, "th"));
        Assert.Equal(["divided", "8", "space", "32"], Cells(html, "td"));
        Assert.Contains("<td>divided</td><td class=\"number\" data-value=\"8\">8</td>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Hidden_rows_and_columns_are_counted()
    {
        var columns = Enumerable.Range(0, 31).Select(i => new Int32DataFrameColumn($"c{i}", Enumerable.Range(0, 1234)));
        var html = DataFrameHtml.Of(new DataFrame(columns));
        Assert.Equal(20 * 30, Cells(html, "td").Count - 1);
        Assert.Equal("… showing 20 of 1,234 rows and 30 of 31 columns", Cells(html, "tfoot").Single());
    }

    [Theory]
    [InlineData(new[] { 78.0, 76.9, 77.35 }, new[] { "78.00", "76.90", "77.35" })]
    [InlineData(new[] { 0.1 + 0.2, 1 }, new[] { "0.3", "1.0" })]
    [InlineData(new[] { 1.0 / 3, 2 }, new[] { "0.33333", "2.00000" })]
    [InlineData(new[] { 1e-7, 2e20, 0 }, new[] { "1E-07", "2E+20", "0" })]
    [InlineData(new[] { double.NaN, double.PositiveInfinity }, new[] { "NaN", "Infinity" })]
    public void The_numbers_of_a_column_have_as_many_decimals_as_they_need(double[] values, string[] expected) =>
        Assert.Equal(expected, Values(new DoubleDataFrameColumn("x", values)));

    [Fact]
    public void Dates_and_booleans_are_short_and_missing_values_are_null()
    {
        Assert.Equal(["2021-02-09"], Values(new DateTimeDataFrameColumn("d", [new DateTime(2021, 2, 9)])));
        Assert.Equal(["true", "null"], Values(new BooleanDataFrameColumn("b", new bool?[] { true, null })));
    }

    [Fact]
    public void Markup_in_text_is_escaped()
    {
        var html = DataFrameHtml.Of(new DataFrame(new StringDataFrameColumn("<b>", ["<script>alert(1)</script>", new string('"', 50)])));
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Equal("<script>alert(1)</script>", Cells(html, "td")[0]);
    }

    [Fact]
    public void Text_between_double_asterisks_is_bold_and_long_text_may_wrap()
    {
        var html = DataFrameHtml.Of(new DataFrame(new StringDataFrameColumn("x", ["**78.3 ± 2.1**", new string('a', 41)])));
        Assert.Contains("<td><b>78.3 ± 2.1</b></td>", System.Net.WebUtility.HtmlDecode(html), StringComparison.Ordinal);
        Assert.Contains($"<td class=\"long\">{new string('a', 41)}</td>", html, StringComparison.Ordinal);
    }
}
