namespace OpenCvSharp;

/// <summary>How the size of an array is measured, and what <c>Normalize</c> brings to a given value.</summary>
[Flags]
public enum NormTypes
{
    INF = 1,
    L1 = 2,
    L2 = 4,
    L2SQR = 5,
    Hamming = 6,
    Hamming2 = 7,
    Relative = 8,
    MinMax = 32,
}
