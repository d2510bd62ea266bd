namespace TorchSharp;

/// <summary>One length for all spatial dimensions, or one for each.</summary>
internal static class Lengths
{
    public static long[] Two(long length) => [length, length];

    public static long[] Two((long, long) lengths) => [lengths.Item1, lengths.Item2];

    public static long[]? Two(long? length) => length is { } given ? Two(given) : null;

    public static long[]? Two((long, long)? lengths) => lengths is { } given ? Two(given) : null;

    public static long[] Three(long length) => [length, length, length];

    public static long[] Three((long, long, long) lengths) => [lengths.Item1, lengths.Item2, lengths.Item3];

    public static long[]? Three(long? length) => length is { } given ? Three(given) : null;

    public static long[]? Three((long, long, long)? lengths) => lengths is { } given ? Three(given) : null;
}
