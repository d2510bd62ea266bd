using Microsoft.FSharp.Core;

namespace Plotly.NET.LayoutObjects;

/// <summary>A colour scale that several traces share.</summary>
public class ColorAxis : DynamicObj.DynamicObj
{
    /// <summary>With these attributes.</summary>
    public static ColorAxis init(
        FSharpOption<bool>? AutoColorScale = null, FSharpOption<double>? CAuto = null, FSharpOption<double>? CMin = null,
        FSharpOption<double>? CMid = null, FSharpOption<double>? CMax = null, FSharpOption<ColorBar>? ColorBar = null,
        FSharpOption<StyleParam.Colorscale>? ColorScale = null, FSharpOption<bool>? ShowScale = null, FSharpOption<bool>? ReverseScale = null) =>
        new ColorAxis()
            .With("autocolorscale", AutoColorScale)
            .With("cauto", CAuto)
            .With("cmin", CMin)
            .With("cmid", CMid)
            .With("cmax", CMax)
            .With("colorbar", ColorBar)
            .With("colorscale", ColorScale)
            .With("showscale", ShowScale)
            .With("reversescale", ReverseScale);
}
