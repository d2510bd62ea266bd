namespace Plotly.NET;

/// <summary>What new charts start with. Setting one changes all charts made afterwards.</summary>
public static class Defaults
{
    static Defaults() => reset();

    /// <summary>The width of a figure in pixels: 700. (The original makes squares of 600.)</summary>
    public static int DefaultWidth { get; set; }

    /// <summary>The height of a figure in pixels: 420.</summary>
    public static int DefaultHeight { get; set; }

    /// <summary>How a figure behaves on a page.</summary>
    public static Config DefaultConfig { get; set; } = new();

    /// <summary>The style: <see cref="CleanTemplate"/>, which reads on light and dark pages.</summary>
    public static Template DefaultTemplate { get; set; } = new();

    /// <summary>Back to what they were.</summary>
    public static void reset()
    {
        DefaultWidth = 700;
        DefaultHeight = 420;
        DefaultConfig = Config.init(Responsive: true).With("displaylogo", false);
        DefaultTemplate = CleanTemplate.Create();
    }
}
