using System.Globalization;

namespace Plotly.NET;

/// <summary>A colour, a list of colours for points one by one, or a list of numbers that a colour scale turns into colours.</summary>
public class Color : IStyleValue
{
    private Color(object value) => Value = value;

    /// <summary>What plotly.js gets.</summary>
    public object Value { get; }

    object IStyleValue.Json => Value;

    /// <summary>Opacity, red, green, blue, each from 0 to 255.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is not.</exception>
    public static Color fromARGB(int a, int r, int g, int b)
    {
        foreach (var component in (ReadOnlySpan<int>)[a, r, g, b])
            ArgumentOutOfRangeException.ThrowIfNotEqual(component, component & 255, nameof(component));
        return new Color($"rgba({r}, {g}, {b}, {(a / 255.0).ToString("0.###", CultureInfo.InvariantCulture)})");
    }

    /// <summary>Red, green, blue, each from 0 to 255.</summary>
    public static Color fromRGB(int r, int g, int b) => fromARGB(255, r, g, b);

    /// <summary>Six hexadecimal digits, with or without # or 0x before them.</summary>
    /// <exception cref="FormatException">They are no such digits.</exception>
    public static Color fromHex(string s)
    {
        var digits = s.TrimStart('#');
        digits = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? digits[2..] : digits;
        if (digits.Length != 6 || !int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var rgb))
            throw new FormatException($"'{s}' is no colour: write six hexadecimal digits, as in #4477AA");
        return fromRGB(rgb >> 16, (rgb >> 8) & 255, rgb & 255);
    }

    /// <summary>Any colour in the words of CSS, "teal" or "rgba(0, 0, 0, 0.5)", unchecked.</summary>
    public static Color fromString(string c) => new(c);

    /// <summary>A colour for each point.</summary>
    public static Color fromColors(IEnumerable<Color> c) => new(c.Select(color => color.Value).ToArray());

    /// <summary>A number for each point, which the colour scale turns into a colour.</summary>
    public static Color fromColorScaleValues<a>(IEnumerable<a> c)
        where a : IConvertible => new(c.ToArray());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Color other && FigureJson.Write(this) == FigureJson.Write(other);

    /// <inheritdoc/>
    public override int GetHashCode() => FigureJson.Write(this).GetHashCode(StringComparison.Ordinal);
}
