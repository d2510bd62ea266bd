using Plotly.NET;

namespace TimeSformer.Notebooks;

/// <summary>
/// The style of the course's figures: data and thin gray lines on a transparent background, legible on light and dark pages, in colors that
/// are safe for any color vision (Paul Tol's bright scheme), with room for labels.
/// </summary>
public static class FigureStyle
{
    /// <summary>The color of text if the page's is unknown: as far from white as from a dark page.</summary>
    internal const string NeutralText = "#7d7d7d";

    private const string Fonts = "system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif";
    private const string Clear = "rgba(0,0,0,0)";
    private const string Grid = "rgba(128,128,128,0.22)";
    private const string Line = "rgba(128,128,128,0.65)";

    private static readonly string[] colors = ["#4477AA", "#EE6677", "#228833", "#CCBB44", "#66CCEE", "#AA3377", "#999999"];

    private static readonly Template template = Create();

    /// <summary>The style's color of the trace with this number, from 0.</summary>
    public static string ColorOf(int trace) => colors[trace % colors.Length];

    /// <summary>The figure in the course's style.</summary>
    public static GenericChart WithCourseStyle(this GenericChart figure) => Chart.withTemplate(template).Invoke(figure);

    /// <summary>The figure with a title.</summary>
    public static GenericChart WithTitle(this GenericChart figure, string title) => Chart.withTitle(title, null).Invoke(figure);

    /// <summary>Makes this style, at 700 by 420 pixels, the default of all figures created from now on.</summary>
    public static void Use()
    {
        (Defaults.DefaultWidth, Defaults.DefaultHeight, Defaults.DefaultTemplate) = (700, 420, template);
        Defaults.DefaultConfig.SetProperty("displaylogo", false);
    }

    private static Template Create()
    {
        object Axis() => new
        {
            automargin = true, showline = true, gridcolor = Grid, linecolor = Line, tickcolor = Line,
            zerolinecolor = Line, zerolinewidth = 1, ticks = "outside", ticklen = 4,
            title = new { standoff = 10, font = new { size = 14 } },
        };
        var bar = new { thickness = 14, outlinewidth = 0, ticks = "outside", ticklen = 4, tickcolor = Line };
        var error = new { color = NeutralText, thickness = 1.5, width = 4 };
        var noLine = new { line = new { width = 0 } };
        var shades = new[] { new { colorscale = "Viridis", colorbar = bar } };
        var layout = Object<Layout>(new
        {
            font = new { family = Fonts, size = 13, color = NeutralText },
            title = new { x = 0.02, xanchor = "left", font = new { size = 17 } },
            colorway = colors, paper_bgcolor = Clear, plot_bgcolor = Clear, legend = new { bgcolor = Clear },
            margin = new { l = 64, r = 24, t = 56, b = 56 },
            hovermode = "closest", hoverlabel = new { align = "left", namelength = -1 },
            modebar = new { bgcolor = Clear, color = Line, activecolor = colors[0] },
            bargap = 0.15, bargroupgap = 0.08, coloraxis = new { colorscale = "Viridis", colorbar = bar }, xaxis = Axis(), yaxis = Axis(),
        });
        return Object<Template>(new
        {
            layout,
            data = new
            {
                scatter = new[] { new { line = new { width = 2.25 }, marker = new { size = 7 }, error_x = error, error_y = error } },
                bar = new[] { new { marker = noLine, error_x = error, error_y = error } }, histogram = new[] { new { marker = noLine } },
                heatmap = shades, contour = shades,
            },
        });
    }

    private static T Object<T>(object attributes) where T : DynamicObj.DynamicObj, new()
    {
        var made = new T();
        foreach (var attribute in attributes.GetType().GetProperties()) made.SetProperty(attribute.Name, attribute.GetValue(attributes));
        return made;
    }
}
