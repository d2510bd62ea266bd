using System.Collections;
using Plotly.NET.LayoutObjects;

namespace Plotly.NET.CSharp;

/// <summary>Charts in the cells of a grid: each gets axes of its own, to which its annotations and shapes move with it.</summary>
internal static class Subplots
{
    public static GenericChart Grid(
        GenericChart[] charts, int rows, int columns, Optional<IEnumerable<string>> titles, Optional<Font> titleFont, Optional<double> titleOffset,
        Optional<StyleParam.LayoutGridPattern> pattern, Optional<StyleParam.LayoutGridRowOrder> rowOrder, LayoutGrid grid)
    {
        var coupled = pattern.IsSome && pattern.Value == StyleParam.LayoutGridPattern.Coupled;
        var upwards = rowOrder.IsSome && rowOrder.Value == StyleParam.LayoutGridRowOrder.BottomToTop;
        grid.With("pattern", coupled ? StyleParam.LayoutGridPattern.Coupled : StyleParam.LayoutGridPattern.Independent)
            .With("roworder", upwards ? StyleParam.LayoutGridRowOrder.BottomToTop : StyleParam.LayoutGridRowOrder.TopToBottom);

        var cells = charts.Take(rows * columns).Select((chart, i) => InCell(chart, i + 1, coupled ? i % columns + 1 : i + 1, coupled ? i / columns + 1 : i + 1));
        var combined = GenericChart.combine(cells).WithLayoutGrid(grid);
        if (!titles.IsSome)
            return combined;

        var xs = Cells(columns, grid.Get<object>("xgap") is double x ? x : coupled ? 0.1 : 0.2);
        var ys = Cells(rows, grid.Get<object>("ygap") is double y ? y : coupled ? 0.1 : 0.3);
        return combined.WithAnnotations(titles.Value.Take(rows * columns).Select((title, i) => new Annotation()
            .With("x", (object)((xs[i % columns].Start + xs[i % columns].End) / 2)).With("xref", "paper").With("xanchor", StyleParam.XAnchorPosition.Center)
            .With("y", (object)(ys[upwards ? i / columns : rows - 1 - i / columns].End + (titleOffset.IsSome ? titleOffset.Value : 0)))
            .With("yref", "paper").With("yanchor", StyleParam.YAnchorPosition.Bottom)
            .With("text", title).With("showarrow", (object)false).With("font", titleFont)));
    }

    /// <summary>A copy of a chart on axes of its own numbers. Where axes are shared, traces go to the first of their row and column.</summary>
    private static GenericChart InCell(GenericChart chart, int number, int xNumber, int yNumber)
    {
        var cell = GenericChart.Create(chart.Traces.Select(trace => (Trace)trace.Copy()), useDefaults: false);
        GenericChart.setLayout((Layout)chart.Layout.Copy(), cell);
        GenericChart.setConfig(chart.Config, cell);

        foreach (var (letter, axisNumber) in (ReadOnlySpan<(char, int)>)[('x', xNumber), ('y', yNumber)])
        {
            var name = axisNumber == 1 ? $"{letter}" : $"{letter}{axisNumber}";
            var axis = cell.Layout.Get<LinearAxis>($"{letter}axis") ?? new LinearAxis();
            foreach (var other in cell.Layout.GetProperties(false).Select(p => p.Key).Where(key => key.StartsWith($"{letter}axis", StringComparison.Ordinal)).ToList())
                cell.Layout.Remove(other);
            cell.Layout.SetValue(number == 1 ? $"{letter}axis" : $"{letter}axis{number}", axis);
            cell.Traces.ForEach(trace => trace.SetValue($"{letter}axis", name));
            MoveTo(cell.Layout, $"{letter}ref", name);
        }
        return cell;
    }

    private static void MoveTo(Layout layout, string reference, string axis)
    {
        foreach (var list in (ReadOnlySpan<string>)["annotations", "shapes"])
        {
            if (layout.Get<IEnumerable>(list) is not { } items)
                continue;
            var copies = items.OfType<DynamicObj.DynamicObj>().Select(item => item.Copy()).ToArray();
            foreach (var item in copies.Where(item => (item.Get<string>(reference) ?? $"{reference[0]}") == $"{reference[0]}"))
                item.SetValue(reference, axis);
            layout.SetValue(list, copies);
        }
    }

    /// <summary>Start and end of each cell along one side of the grid, as plotly.js divides it.</summary>
    private static (double Start, double End)[] Cells(int count, double gap)
    {
        var step = 1 / (count - gap);
        return [.. Enumerable.Range(0, count).Select(i => (step * i, step * i + step * (1 - gap)))];
    }
}
