using Microsoft.FSharp.Core;

namespace Plotly.NET.TraceObjects;

/// <summary>The lines of equal value of a contour chart.</summary>
public class Contours : DynamicObj.DynamicObj
{
    /// <summary>With these attributes.</summary>
    public static Contours init<a>(
        FSharpOption<StyleParam.ContourColoring>? Coloring = null, FSharpOption<double>? End = null, FSharpOption<Font>? LabelFont = null,
        FSharpOption<string>? LabelFormat = null, FSharpOption<StyleParam.ConstraintOperation>? Operation = null,
        FSharpOption<bool>? ShowLabels = null, FSharpOption<bool>? ShowLines = null, FSharpOption<double>? Size = null,
        FSharpOption<double>? Start = null, FSharpOption<StyleParam.ContourType>? Type = null, FSharpOption<a>? Value = null)
        where a : IConvertible =>
        new Contours()
            .With("coloring", Coloring)
            .With("end", End)
            .With("labelfont", LabelFont)
            .With("labelformat", LabelFormat)
            .With("operation", Operation)
            .With("showlabels", ShowLabels)
            .With("showlines", ShowLines)
            .With("size", Size)
            .With("start", Start)
            .With("type", Type)
            .With("value", Value);
}
