namespace Plotly.NET;

/// <summary>One set of data and how it is drawn.</summary>
public class Trace : DynamicObj.DynamicObj
{
    /// <summary>A trace of a type that plotly.js knows: scatter, bar, heatmap.</summary>
    public Trace(string traceTypeName) => type = traceTypeName;

    /// <summary>The type that plotly.js knows.</summary>
    public string type
    {
        get => this.Get<string>("type") ?? "";
        set => SetValue("type", value);
    }
}
