namespace Plotly.NET.CSharp;

/// <summary>Modes of scatter traces, with one more thing drawn.</summary>
internal static class Modes
{
    public static StyleParam.Mode WithText(this StyleParam.Mode mode, bool show) => (show, mode.ToString()) switch
    {
        (true, "none") => StyleParam.Mode.Text,
        (true, "lines") => StyleParam.Mode.Lines_Text,
        (true, "markers") => StyleParam.Mode.Markers_Text,
        (true, "lines+markers") => StyleParam.Mode.Lines_Markers_Text,
        _ => mode,
    };

    public static StyleParam.Mode WithMarkers(this StyleParam.Mode mode, bool show) => (show, mode.ToString()) switch
    {
        (true, "none") => StyleParam.Mode.Markers,
        (true, "lines") => StyleParam.Mode.Lines_Markers,
        (true, "text") => StyleParam.Mode.Markers_Text,
        (true, "lines+text") => StyleParam.Mode.Lines_Markers_Text,
        _ => mode,
    };
}
