using Plotly.NET.TraceObjects;

namespace Figures.Tests;

public class DistributionTests
{
    private static readonly double[] Values = [1, 2, 2, 3];

    [Fact]
    public void Histograms_count_values_in_bins()
    {
        var trace = Chart.Histogram<double, double, string>(X: Values, NBinsX: 4, HistNorm: StyleParam.HistNorm.Probability, XBins: Bins.init(Start: 0.0, End: 4.0, Size: 1.0)).Trace();

        Assert.Equal("histogram", trace.At("type"));
        Assert.Equal("[1,2,2,3]", trace.At("x"));
        Assert.Equal("4", trace.At("nbinsx"));
        Assert.Equal("probability", trace.At("histnorm"));
        Assert.Equal("1", trace.At("xbins.size"));
    }

    [Fact]
    public void Boxes_show_quartiles()
    {
        var trace = Chart.BoxPlot<string, double, string>(Y: Values, BoxPoints: StyleParam.BoxPoints.All, Jitter: 0.3, OutlineWidth: 2.0).Trace();

        Assert.Equal("box", trace.At("type"));
        Assert.Equal("[1,2,2,3]", trace.At("y"));
        Assert.Equal("all", trace.At("boxpoints"));
        Assert.Equal("0.3", trace.At("jitter"));
        Assert.Equal("2", trace.At("line.width"));
    }

    [Fact]
    public void Violins_may_have_a_box_within()
    {
        var trace = Chart.Violin<string, double, string>(Y: Values, ShowBox: true, MeanLine: MeanLine.init(Visible: true), Side: StyleParam.ViolinSide.Positive).Trace();

        Assert.Equal("violin", trace.At("type"));
        Assert.Equal("true", trace.At("box.visible"));
        Assert.Equal("true", trace.At("meanline.visible"));
        Assert.Equal("positive", trace.At("side"));
    }
}
