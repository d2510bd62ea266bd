namespace TimeSformer.Data;

/// <summary>Random numbers as pure functions of seed, epoch and item, so that a resumed run draws the same ones.</summary>
public static class Seeds
{
    /// <summary>A random generator for one item in one epoch.</summary>
    public static Random For(long seed, long epoch, long item) => new((int)Mix(Mix(Mix(seed) + epoch) + item));

    /// <summary>A random permutation of 0 to count - 1 for one epoch.</summary>
    public static long[] Order(long count, long seed, long epoch)
    {
        var order = new long[count];
        for (long k = 0; k < count; k++) order[k] = k;
        // The Fisher-Yates shuffle, written out because Random.Shuffle may change with the runtime, which would break resumed runs.
        long state = Mix(Mix(Mix(seed) + epoch) - 1);
        for (long left = count; left > 1; left--)
        {
            state = Mix(state);
            long other = (long)Math.BigMul((ulong)state, (ulong)left, out _);
            (order[left - 1], order[other]) = (order[other], order[left - 1]);
        }
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
