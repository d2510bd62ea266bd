namespace OpenCvSharp;

/// <summary>What thresholding does to values above and below the threshold; <c>Otsu</c> and <c>Triangle</c> choose the threshold.</summary>
[Flags]
public enum ThresholdTypes
{
    Binary = 0,
    BinaryInv = 1,
    Trunc = 2,
    Tozero = 3,
    TozeroInv = 4,
    Mask = 7,
    Otsu = 8,
    Triangle = 16,
}
