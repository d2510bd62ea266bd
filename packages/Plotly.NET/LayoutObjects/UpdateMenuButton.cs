using Microsoft.FSharp.Core;

namespace Plotly.NET.LayoutObjects;

/// <summary>What happens when a button is pressed.</summary>
public class UpdateMenuButton : DynamicObj.DynamicObj
{
    /// <summary>With these attributes.</summary>
    public static UpdateMenuButton init(
        FSharpOption<IEnumerable<DynamicObj.DynamicObj>>? Args = null, FSharpOption<IEnumerable<DynamicObj.DynamicObj>>? Args2 = null,
        FSharpOption<bool>? Execute = null, FSharpOption<string>? Label = null, FSharpOption<StyleParam.UpdateMethod>? Method = null,
        FSharpOption<string>? Name = null, FSharpOption<string>? TemplateItemName = null, FSharpOption<bool>? Visible = null) =>
        new UpdateMenuButton()
            .With("args", Args)
            .With("args2", Args2)
            .With("execute", Execute)
            .With("label", Label)
            .With("method", Method)
            .With("name", Name)
            .With("templateitemname", TemplateItemName)
            .With("visible", Visible);
}
