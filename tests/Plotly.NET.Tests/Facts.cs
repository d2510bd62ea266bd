using System.Text.Json.Nodes;

namespace Figures.Tests;

/// <summary>What plotly.js gets to read of a chart.</summary>
internal static class Facts
{
    public static JsonNode Figure(this GenericChart chart) => JsonNode.Parse(GenericChart.toFigureJson(chart))!;

    public static JsonArray Data(this GenericChart chart) => chart.Figure()["data"]!.AsArray();

    public static JsonNode Trace(this GenericChart chart) => Assert.Single(chart.Data())!;

    public static JsonNode Layout(this GenericChart chart) => chart.Figure()["layout"]!;

    /// <summary>An attribute by its path, "marker.line.width", as text that ignores how numbers are written.</summary>
    public static string? At(this JsonNode node, string path)
    {
        JsonNode? found = node;
        foreach (var name in path.Split('.'))
            found = found is JsonArray list ? list[int.Parse(name)] : found?[name];
        return found is null ? null : Text(found);
    }

    private static string Text(JsonNode? node) => node switch
    {
        null => "null",
        JsonArray list => $"[{string.Join(",", list.Select(Text))}]",
        JsonObject members => $"{{{string.Join(",", members.Select(m => $"{m.Key}:{Text(m.Value)}"))}}}",
        JsonValue value when value.TryGetValue<double>(out var number) => $"{number}",
        _ => node.ToString(),
    };
}
