using Microsoft.FSharp.Core;

namespace Plotly.NET.TraceObjects;

/// <summary>The line at the mean within a violin.</summary>
public class MeanLine : DynamicObj.DynamicObj
{
    /// <summary>With these attributes.</summary>
    public static MeanLine init(
        FSharpOption<bool>? Visible = null, FSharpOption<Color>? Color = null, FSharpOption<double>? Width = null) =>
        new MeanLine()
            .With("visible", Visible)
            .With("color", Color)
            .With("width", Width);
}
