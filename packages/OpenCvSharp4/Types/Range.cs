using System.Runtime.InteropServices;

namespace OpenCvSharp;

/// <summary>Rows or columns from Start up to, not including, End.</summary>
[Serializable]
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Range(int Start, int End)
{
    public readonly int Start = Start;
    public readonly int End = End;

    /// <summary>The whole of a dimension.</summary>
    public static Range All => new(int.MinValue, int.MaxValue);
}
