namespace TimeSformer.Data;

/// <summary>Random numbers as pure functions of what they are for, so that a resumed run draws the same ones.</summary>
public static class Seeds
{
    /// <summary>A source of randomness for one item of one epoch.</summary>
    public static Random For(long seed, long epoch, long item) => new((int)Mix(Mix(Mix(seed) + epoch) + item));

    /// <summary>The numbers 0 to count - 1 in the order of one epoch.</summary>
    public static long[] Order(long count, long seed, long epoch)
    {
        var order = new long[count];
        for (long k = 0; k < count; k++) order[k] = k;
        For(seed, epoch, -1).Shuffle(order);
        return order;
    }

    // The finalizer of SplitMix64 (Steele, Lea, Flood, 2014).
    private static long Mix(long value)
    {
        ulong z = unchecked((ulong)value + 0x9E3779B97F4A7C15);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return unchecked((long)(z ^ (z >> 31)));
    }
}
