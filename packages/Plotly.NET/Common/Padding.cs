using Microsoft.FSharp.Core;

namespace Plotly.NET;

/// <summary>Empty space around something, in pixels.</summary>
public class Padding : DynamicObj.DynamicObj
{
    /// <summary>With these attributes.</summary>
    public static Padding init(
        FSharpOption<int>? B = null, FSharpOption<int>? L = null, FSharpOption<int>? R = null, FSharpOption<int>? T = null) =>
        new Padding()
            .With("b", B)
            .With("l", L)
            .With("r", R)
            .With("t", T);
}
