using Microsoft.FSharp.Core;
using Plotly.NET.LayoutObjects;

namespace Plotly.NET;

public static partial class GenericChartExtensions
{
    /// <summary>Adds what a layout says.</summary>
    public static GenericChart WithLayout(this GenericChart @this, Layout layout) => GenericChart.addLayout(layout, @this);

    /// <summary>How the figure behaves on a page, in the place of what it had.</summary>
    public static GenericChart WithConfig(this GenericChart @this, Config config) => GenericChart.setConfig(config, @this);

    /// <summary>The title above the figure.</summary>
    public static GenericChart WithTitle(
        this GenericChart @this, string title, FSharpOption<Font>? TitleFont = null) =>
        @this.OnLayout(layout => layout.GetOrAdd<Title>("title").With("text", (object)title).With("font", TitleFont));

    /// <summary>Whether there is a legend.</summary>
    public static GenericChart WithLegend(
        this GenericChart @this, bool showlegend) => @this.OnLayout(layout => layout.SetValue("showlegend", showlegend));

    /// <summary>Width and height in pixels.</summary>
    public static GenericChart WithSize(
        this GenericChart @this, int width, int height) =>
        @this.OnLayout(layout => layout.With("width", (object)width).With("height", (object)height));

    /// <summary>The space around the plot.</summary>
    public static GenericChart WithMargin(
        this GenericChart @this, Margin margin) => @this.OnLayout(layout => layout.GetOrAdd<Margin>("margin").Merge(margin.Copy()));

    /// <summary>What the figure takes where it says nothing itself.</summary>
    public static GenericChart WithTemplate(
        this GenericChart @this, Template template) => @this.OnLayout(layout => layout.SetValue("template", template.Copy()));

    /// <summary>Adds a text at a place, or puts it in the place of all.</summary>
    public static GenericChart WithAnnotation(
        this GenericChart @this, Annotation annotation, FSharpOption<bool>? Append = null) => @this.WithAnnotations([annotation], Append);

    /// <summary>Adds such, or puts them in the place of all.</summary>
    public static GenericChart WithAnnotations(
        this GenericChart @this, IEnumerable<Annotation> annotations, FSharpOption<bool>? Append = null) =>
        @this.OnLayout(layout => layout.AddItems("annotations", annotations, Append?.Value ?? true));

    /// <summary>Adds a line, rectangle or circle, or puts it in the place of all.</summary>
    public static GenericChart WithShape(this GenericChart @this, Shape shape, FSharpOption<bool>? Append = null) =>
        @this.WithShapes([shape], Append);

    /// <summary>Adds such, or puts them in the place of all.</summary>
    public static GenericChart WithShapes(
        this GenericChart @this, IEnumerable<Shape> shapes, FSharpOption<bool>? Append = null) =>
        @this.OnLayout(layout => layout.AddItems("shapes", shapes, Append?.Value ?? true));

    /// <summary>Adds a picture, or puts it in the place of all.</summary>
    public static GenericChart WithLayoutImage(
        this GenericChart @this, LayoutImage image, FSharpOption<bool>? Append = null) => @this.WithLayoutImages([image], Append);

    /// <summary>Adds such, or puts them in the place of all.</summary>
    public static GenericChart WithLayoutImages(
        this GenericChart @this, IEnumerable<LayoutImage> images, FSharpOption<bool>? Append = null) =>
        @this.OnLayout(layout => layout.AddItems("images", images, Append?.Value ?? true));

    /// <summary>Adds buttons or a drop-down list, or puts it in the place of all.</summary>
    public static GenericChart WithUpdateMenu(
        this GenericChart @this, UpdateMenu updateMenu, FSharpOption<bool>? Append = null) => @this.WithUpdateMenus([updateMenu], Append);

    /// <summary>Adds such, or puts them in the place of all.</summary>
    public static GenericChart WithUpdateMenus(
        this GenericChart @this, IEnumerable<UpdateMenu> updateMenus, FSharpOption<bool>? Append = null) =>
        @this.OnLayout(layout => layout.AddItems("updatemenus", updateMenus, Append?.Value ?? true));

    /// <summary>Adds a slider.</summary>
    public static GenericChart WithSlider(this GenericChart @this, Slider slider) => @this.WithSliders([slider]);

    /// <summary>Adds sliders.</summary>
    public static GenericChart WithSliders(
        this GenericChart @this, IEnumerable<Slider> sliders) => @this.OnLayout(layout => layout.AddItems("sliders", sliders, append: true));

    internal static GenericChart OnLayout(this GenericChart chart, Action<Layout> change)
    {
        change(chart.Layout);
        return chart;
    }
}
