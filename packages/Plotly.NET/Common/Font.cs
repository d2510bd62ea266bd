using Microsoft.FSharp.Core;

namespace Plotly.NET;

/// <summary>A font: family, size in pixels, colour.</summary>
public class Font : DynamicObj.DynamicObj
{
    /// <summary>With these attributes.</summary>
    public static Font init(
        FSharpOption<StyleParam.FontFamily>? Family = null, FSharpOption<double>? Size = null, FSharpOption<Color>? Color = null) =>
        new Font()
            .With("family", Family)
            .With("size", Size)
            .With("color", Color);
}
