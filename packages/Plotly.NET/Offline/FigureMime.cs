namespace Plotly.NET.Offline;

/// <summary>A figure as the data that JupyterLab and VS Code draw with a plotly.js of their own.</summary>
public static class FigureMime
{
    /// <summary>The MIME type.</summary>
    public const string Type = "application/vnd.plotly.v1+json";

    /// <summary>An object with data, layout and config.</summary>
    public static string Json(GenericChart chart) => GenericChart.toJson(chart);
}
