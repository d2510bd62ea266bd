namespace OpenCvSharp;

/// <summary>The relation between two elements that a comparison asks for.</summary>
public enum CmpType
{
    EQ = 0,
    GT = 1,
    GE = 2,
    LT = 3,
    LE = 4,
    NE = 5,
}
