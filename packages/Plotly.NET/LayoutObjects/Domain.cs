using Microsoft.FSharp.Core;

namespace Plotly.NET.LayoutObjects;

/// <summary>The part of the figure that a subplot takes, in fractions or as a cell of the grid.</summary>
public class Domain : DynamicObj.DynamicObj
{
    /// <summary>With these attributes.</summary>
    public static Domain init(
        FSharpOption<StyleParam.Range>? X = null, FSharpOption<StyleParam.Range>? Y = null, FSharpOption<int>? Row = null,
        FSharpOption<int>? Column = null) =>
        new Domain()
            .With("x", X)
            .With("y", Y)
            .With("row", Row)
            .With("column", Column);
}
