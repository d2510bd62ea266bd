using Microsoft.FSharp.Core;

namespace Plotly.NET.LayoutObjects;

/// <summary>What happens when a slider comes to a place.</summary>
public class SliderStep : DynamicObj.DynamicObj
{
    /// <summary>With these attributes.</summary>
    public static SliderStep init(
        FSharpOption<IEnumerable<Tuple<string, object>>>? Args, FSharpOption<bool>? Execute, FSharpOption<string>? Label,
        FSharpOption<StyleParam.Method>? Method, FSharpOption<string>? Name, FSharpOption<string>? TemplateItemName, FSharpOption<string>? Value,
        FSharpOption<bool>? Visible) =>
        new SliderStep()
            .With("execute", Execute)
            .With("label", Label)
            .With("method", Method)
            .With("name", Name)
            .With("templateitemname", TemplateItemName)
            .With("value", Value)
            .With("visible", Visible)
            .With("args", Args?.Value.Select(arg => new Dictionary<string, object> { [arg.Item1] = arg.Item2 }).ToArray());
}
