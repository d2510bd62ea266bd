namespace Figures.Tests;

public class BarTests
{
    private static readonly string[] Schemes = ["space", "divided"];
    private static readonly double[] Accuracy = [76.9, 78.0];

    [Fact]
    public void Columns_have_keys_below_and_values_up()
    {
        var trace = Chart.Column<double, string, string>(Accuracy, Keys: Schemes, Name: "K400").Trace();

        Assert.Equal("bar", trace.At("type"));
        Assert.Equal("v", trace.At("orientation"));
        Assert.Equal("[space,divided]", trace.At("x"));
        Assert.Equal("[76.9,78]", trace.At("y"));
    }

    [Fact]
    public void Bars_have_keys_beside_and_values_across()
    {
        var trace = Chart.Bar<double, string, string>(Accuracy, Keys: Schemes, MarkerPatternShape: StyleParam.PatternShape.Dots).Trace();

        Assert.Equal("h", trace.At("orientation"));
        Assert.Equal("[76.9,78]", trace.At("x"));
        Assert.Equal("[space,divided]", trace.At("y"));
        Assert.Equal(".", trace.At("marker.pattern.shape"));
    }

    [Fact]
    public void Combined_columns_stand_beside_each_other_unless_stacked()
    {
        var grouped = Chart.Combine([Chart.Column<double, string, string>(Accuracy), Chart.Column<double, string, string>(Accuracy)]);
        var stacked = Chart.Combine([Chart.StackedColumn<double, string, string>(Accuracy), Chart.StackedColumn<double, string, string>(Accuracy)]);

        Assert.Equal(2, grouped.Data().Count);
        Assert.Null(grouped.Layout().At("barmode"));
        Assert.Equal("stack", stacked.Layout().At("barmode"));
        Assert.Equal("stack", Chart.StackedBar<double, string, string>(Accuracy).Layout().At("barmode"));
    }

    [Fact]
    public void Error_bars_are_symmetric_or_not()
    {
        var one = Chart.Column<double, string, string>(Accuracy).WithYErrorStyle<double, double>(Array: new[] { 0.4, 0.2 }).Trace();
        var two = Chart.Bar<double, string, string>(Accuracy).WithXErrorStyle<double, double>(Array: new[] { 0.4, 0.2 }, Arrayminus: new[] { 0.1, 0.3 }, Symmetric: false, Thickness: 2.0).Trace();

        Assert.Equal("[0.4,0.2]", one.At("error_y.array"));
        Assert.Equal("[0.1,0.3]", two.At("error_x.arrayminus"));
        Assert.Equal("false", two.At("error_x.symmetric"));
        Assert.Equal("2", two.At("error_x.thickness"));
    }
}
