namespace OpenCvSharp;

/// <summary>Conversions that stop at the ends of a type's range instead of wrapping around.</summary>
internal static class SaturateCast
{
    public static byte ToByte(int value) => (byte)Math.Clamp(value, byte.MinValue, byte.MaxValue);

    public static byte ToByte(double value) => (byte)Math.Clamp(Math.Round(value), byte.MinValue, byte.MaxValue);

    public static int ToInt32(long value) => (int)Math.Clamp(value, int.MinValue, int.MaxValue);

    public static int ToInt32(double value) => (int)Math.Clamp(Math.Round(value), int.MinValue, int.MaxValue);
}
