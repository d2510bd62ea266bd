using Microsoft.FSharp.Core;

namespace Plotly.NET.LayoutObjects;

/// <summary>How long a change takes and how it moves.</summary>
public class Transition : DynamicObj.DynamicObj
{
    /// <summary>With these attributes.</summary>
    public static Transition init(
        FSharpOption<int>? Duration = null, FSharpOption<StyleParam.TransitionEasing>? Easing = null,
        FSharpOption<StyleParam.TransitionOrdering>? Ordering = null) =>
        new Transition()
            .With("duration", Duration)
            .With("easing", Easing)
            .With("ordering", Ordering);
}
