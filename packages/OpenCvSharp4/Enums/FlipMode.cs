namespace OpenCvSharp;

/// <summary>The axis around which an image is mirrored: X turns it upside down.</summary>
public enum FlipMode
{
    X = 0,
    Y = 1,
    XY = -1,
}
