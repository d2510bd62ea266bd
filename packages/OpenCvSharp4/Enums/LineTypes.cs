namespace OpenCvSharp;

/// <summary>How a line is rasterised: 4- or 8-connected, or antialiased.</summary>
public enum LineTypes
{
    Link8 = 8,
    Link4 = 4,
    AntiAlias = 16,
}
