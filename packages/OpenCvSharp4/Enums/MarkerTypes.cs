namespace OpenCvSharp;

/// <summary>The sign that <c>DrawMarker</c> puts at a point.</summary>
public enum MarkerTypes
{
    Cross = 0,
    TiltedCross = 1,
    Star = 2,
    Diamond = 3,
    Square = 4,
    TriangleUp = 5,
    TriangleDown = 6,
}
