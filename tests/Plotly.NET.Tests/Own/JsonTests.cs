using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Figures.Tests.Own;

public class JsonTests
{
    [Fact]
    public void What_is_no_number_is_a_gap()
    {
        Assert.Equal("[1,null,null,null]", Chart.Line<int, double, string>([1, 2, 3, 4], [1, double.NaN, double.PositiveInfinity, double.NegativeInfinity]).Trace().At("y"));
        Assert.Equal("[null,0.1]", Chart.Line<int, float, string>([1, 2], [float.NaN, 0.1f]).Trace().At("y"));
    }

    [Fact]
    public void Every_finite_number_arrives_as_it_was() => Prop.ForAll(ArbMap.Default.ArbFor<double[]>(), values =>
    {
        var finite = values.Where(double.IsFinite).ToArray();

        var read = Chart.Line<double, double, string>(finite, finite).Trace()["y"]!.AsArray().Select(v => v!.GetValue<double>());

        Assert.Equal(finite, read);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_text_arrives_as_it_was_and_never_ends_a_script() => Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text =>
    {
        var json = GenericChart.toJson(Chart.Point<int, int, string>([1], [1], Name: text.Get + "</script>"));

        Assert.DoesNotContain("</", json);
        Assert.Equal(JsonValue.Create(text.Get + "</script>").ToJsonString(), JsonNode.Parse(json)!["data"]![0]!["name"]!.ToJsonString());
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Attributes_may_be_dictionaries_lists_dates_and_nodes()
    {
        var chart = Chart.Point<int, int, string>([1], [1]);
        chart.GetTraces()[0].SetValue("meta", new Dictionary<string, object?> { ["a"] = new[] { 1, 2 }, ["b"] = new DateTime(2021, 2, 9, 12, 30, 0), ["c"] = JsonNode.Parse("{\"d\":[true]}"), ["e"] = 1.5m, ["f"] = 'x' });

        Assert.Equal("{a:[1,2],b:2021-02-09 12:30:00,c:{d:[true]},e:1.5,f:x}", chart.Trace().At("meta"));
    }

    [Fact]
    public void What_no_figure_can_hold_is_named()
    {
        var chart = Chart.Point<int, int, string>([1], [1]);
        chart.GetTraces()[0].SetValue("meta", new object());

        Assert.Contains("System.Object", Assert.Throws<NotSupportedException>(() => GenericChart.toJson(chart)).Message);
    }

    [Fact]
    public void Attributes_are_dynamic_members()
    {
        var chart = Chart.Point<int, int, string>([1], [1]);
        dynamic trace = chart.GetTraces()[0];

        trace.hovertemplate = "%{x}";

        Assert.Equal("%{x}", chart.Trace().At("hovertemplate"));
        Assert.Equal("%{x}", trace.hovertemplate);
        Assert.Contains("hovertemplate", chart.GetTraces()[0].GetProperties(true).Select(p => p.Key));
    }
}
