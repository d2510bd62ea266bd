using Microsoft.FSharp.Core;

namespace Plotly.NET;

/// <summary>What a figure takes where it says nothing itself.</summary>
public class Template : DynamicObj.DynamicObj
{
    /// <summary>A template of a layout, and of traces by their types.</summary>
    public static Template init<c>(Layout layoutTemplate, FSharpOption<IEnumerable<c>>? TraceTemplates = null)
        where c : Trace
    {
        var traces = new DynamicObj.DynamicObj();
        foreach (var group in (TraceTemplates?.Value ?? []).GroupBy(trace => trace.type))
            traces.SetValue(group.Key, group.Select(trace => trace.Copy()).ToArray());
        return new Template().With("layout", layoutTemplate).With("data", traces);
    }
}
