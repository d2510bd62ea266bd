namespace TimeSformer.Video;

/// <summary>Changes of colour and brightness that treat all pixels alike; on interleaved RGB bytes, in place.</summary>
internal static class Tones
{
    private const int Channels = 3;

    /// <summary>Inverts what is at least `threshold`.</summary>
    public static void Solarize(Span<byte> pixels, double threshold) => Map(pixels, value => value >= threshold ? 255 - value : value);

    /// <summary>Keeps the highest bits.</summary>
    public static void Posterize(Span<byte> pixels, int bits) => Map(pixels, value => value & (0xFF << (8 - bits)));

    /// <summary>0 gives black, 1 changes nothing.</summary>
    public static void Brighten(Span<byte> pixels, double factor) => Map(pixels, value => value * factor);

    /// <summary>Away from the mean grey, or below 1 towards it.</summary>
    public static void Contrast(Span<byte> pixels, double factor)
    {
        double total = 0;
        for (int k = 0; k < pixels.Length; k += Channels) total += Grey(pixels[k..]);
        double mean = total / Math.Max(1, pixels.Length / Channels);
        Map(pixels, value => mean + (factor * (value - mean)));
    }

    /// <summary>Away from each pixel's grey, or below 1 towards it.</summary>
    public static void Saturate(Span<byte> pixels, double factor)
    {
        for (int k = 0; k < pixels.Length; k += Channels)
        {
            double grey = Grey(pixels[k..]);
            for (int c = 0; c < Channels; c++) pixels[k + c] = Byte(grey + (factor * (pixels[k + c] - grey)));
        }
    }

    /// <summary>Stretches each colour to the whole range.</summary>
    public static void AutoContrast(Span<byte> pixels) => MapByColour(pixels, counts =>
    {
        int low = Array.FindIndex(counts, count => count > 0), high = Array.FindLastIndex(counts, count => count > 0);
        return high > low ? value => 255.0 * (value - low) / (high - low) : value => value;
    });

    /// <summary>Spreads each colour so that its values are about equally frequent.</summary>
    public static void Equalize(Span<byte> pixels) => MapByColour(pixels, counts =>
    {
        var below = new long[256];
        for (int value = 1; value < 256; value++) below[value] = below[value - 1] + counts[value - 1];
        // All but the most frequent end of the range shares 255 levels.
        long rest = counts.Sum() - counts[Array.FindLastIndex(counts, count => count > 0)];
        return rest > 0 ? value => 255.0 * below[value] / rest : value => value;
    });

    private static void Map(Span<byte> pixels, Func<int, double> change)
    {
        var table = Table(change);
        foreach (ref byte pixel in pixels) pixel = table[pixel];
    }

    // The change of a colour depends on how often each of its values occurs.
    private static void MapByColour(Span<byte> pixels, Func<long[], Func<int, double>> change)
    {
        for (int c = 0; c < Channels; c++)
        {
            var counts = new long[256];
            for (int k = c; k < pixels.Length; k += Channels) counts[pixels[k]]++;
            if (counts.Sum() == 0) return;
            var table = Table(change(counts));
            for (int k = c; k < pixels.Length; k += Channels) pixels[k] = table[pixels[k]];
        }
    }

    private static byte[] Table(Func<int, double> change) => [.. Enumerable.Range(0, 256).Select(value => Byte(change(value)))];

    private static double Grey(ReadOnlySpan<byte> rgb) => (0.299 * rgb[0]) + (0.587 * rgb[1]) + (0.114 * rgb[2]);

    private static byte Byte(double value) => (byte)Math.Clamp(Math.Round(value), 0, 255);
}
