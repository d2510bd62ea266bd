namespace OpenCvSharp;

/// <summary>Which pixels a filter or warp imagines outside the image.</summary>
public enum BorderTypes
{
    Constant = 0,
    Replicate = 1,
    Reflect = 2,
    Wrap = 3,
    Reflect101 = 4,
    Transparent = 5,
    Default = Reflect101,
    Isolated = 16,
}
