namespace TimeSformer.Video;

/// <summary>Color operations that treat all pixels alike, in place on interleaved RGB bytes.</summary>
internal static class ColorOperations
{
    private const int Channels = 3;

    /// <summary>Inverts values of at least <paramref name="threshold"/>.</summary>
    public static void Solarize(Span<byte> pixels, double threshold) => Map(pixels, value => value >= threshold ? 255 - value : value);

    /// <summary>Keeps the highest <paramref name="bits"/> bits of each value.</summary>
    public static void Posterize(Span<byte> pixels, int bits) => Map(pixels, value => value & (0xFF << (8 - bits)));

    /// <summary>Scales the brightness: a factor of 0 yields black, 1 changes nothing.</summary>
    public static void Brighten(Span<byte> pixels, double factor) => Map(pixels, value => value * factor);

    /// <summary>Moves all values away from the mean gray or, with a factor below 1, towards it.</summary>
    public static void Contrast(Span<byte> pixels, double factor)
    {
        double total = 0;
        for (int k = 0; k < pixels.Length; k += Channels) total += Gray(pixels[k..]);
        double mean = total / Math.Max(1, pixels.Length / Channels);
        Map(pixels, value => mean + (factor * (value - mean)));
    }

    /// <summary>Moves each pixel away from its gray or, with a factor below 1, towards it.</summary>
    public static void Saturate(Span<byte> pixels, double factor)
    {
        for (int k = 0; k < pixels.Length; k += Channels)
        {
            double gray = Gray(pixels[k..]);
            for (int c = 0; c < Channels; c++) pixels[k + c] = Byte(gray + (factor * (pixels[k + c] - gray)));
        }
    }

    /// <summary>Stretches each color channel to the full range.</summary>
    public static void AutoContrast(Span<byte> pixels) => MapChannels(pixels, counts =>
    {
        int low = Array.FindIndex(counts, count => count > 0), high = Array.FindLastIndex(counts, count => count > 0);
        return high > low ? value => 255.0 * (value - low) / (high - low) : value => value;
    });

    /// <summary>Equalizes the histogram of each color channel.</summary>
    public static void Equalize(Span<byte> pixels) => MapChannels(pixels, counts =>
    {
        var below = new long[256];
        for (int value = 1; value < 256; value++) below[value] = below[value - 1] + counts[value - 1];
        // The highest value present maps to 255.
        long belowHighest = counts.Sum() - counts[Array.FindLastIndex(counts, count => count > 0)];
        return belowHighest > 0 ? value => 255.0 * below[value] / belowHighest : value => value;
    });

    private static void Map(Span<byte> pixels, Func<int, double> change)
    {
        var table = Table(change);
        foreach (ref byte pixel in pixels) pixel = table[pixel];
    }

    // The mapping of a channel depends on its histogram.
    private static void MapChannels(Span<byte> pixels, Func<long[], Func<int, double>> change)
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

    private static double Gray(ReadOnlySpan<byte> rgb) => (0.299 * rgb[0]) + (0.587 * rgb[1]) + (0.114 * rgb[2]);

    private static byte Byte(double value) => (byte)Math.Clamp(Math.Round(value), 0, 255);
}
