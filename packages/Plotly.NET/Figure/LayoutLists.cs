using System.Collections;
using Plotly.NET.LayoutObjects;

namespace Plotly.NET;

/// <summary>What a layout holds in lists and by numbered names.</summary>
internal static class LayoutLists
{
    private static readonly string[] Lists = ["annotations", "shapes", "selections", "images", "sliders", "hiddenlabels", "updatemenus"];

    /// <summary>Adds what the other layout says: its items join the lists, all else takes the place of what was there.</summary>
    public static Layout Combine(this Layout layout, Layout other)
    {
        var joined = Lists.Where(name => layout.Items(name) is not null || other.Items(name) is not null)
            .ToDictionary(name => name, name => (object[])[.. layout.Items(name) ?? [], .. other.Items(name) ?? []]);
        layout.Merge(other);
        foreach (var (name, items) in joined)
            layout.SetValue(name, items);
        return layout;
    }

    /// <summary>Adds items to a list, or puts them in its place.</summary>
    public static void AddItems(this Layout layout, string name, IEnumerable<object> items, bool append) =>
        layout.SetValue(name, append ? [.. layout.Items(name) ?? [], .. items] : items.ToArray());

    /// <summary>Adds what an axis says to the axis of this name.</summary>
    public static void AddAxis(this Layout layout, StyleParam.SubPlotId id, LinearAxis axis) => layout.GetOrAdd<LinearAxis>(id.ToString()).Merge(axis.Copy());

    private static IEnumerable<object>? Items(this Layout layout, string name) => layout.Get<IEnumerable>(name)?.Cast<object>();
}
