using Microsoft.FSharp.Core;

namespace Plotly.NET.LayoutObjects;

/// <summary>The space around the plot for titles and tick labels, in pixels.</summary>
public class Margin : DynamicObj.DynamicObj
{
    /// <summary>With these attributes.</summary>
    public static Margin init<a, b, c, d, e, f>(
        FSharpOption<a>? Left = null, FSharpOption<b>? Right = null, FSharpOption<c>? Top = null, FSharpOption<d>? Bottom = null,
        FSharpOption<e>? Pad = null, FSharpOption<f>? Autoexpand = null) =>
        new Margin()
            .With("l", Left)
            .With("r", Right)
            .With("t", Top)
            .With("b", Bottom)
            .With("pad", Pad)
            .With("autoexpand", Autoexpand);
}
