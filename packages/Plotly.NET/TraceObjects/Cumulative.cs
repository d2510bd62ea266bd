using Microsoft.FSharp.Core;

namespace Plotly.NET.TraceObjects;

/// <summary>Whether a histogram adds up from bin to bin.</summary>
public class Cumulative : DynamicObj.DynamicObj
{
    /// <summary>With these attributes.</summary>
    public static Cumulative init(
        FSharpOption<bool>? Enabled = null, FSharpOption<StyleParam.CumulativeDirection>? Direction = null,
        FSharpOption<StyleParam.Currentbin>? Currentbin = null) =>
        new Cumulative()
            .With("enabled", Enabled)
            .With("direction", Direction)
            .With("currentbin", Currentbin);
}
