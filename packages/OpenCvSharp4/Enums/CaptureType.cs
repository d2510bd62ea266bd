namespace OpenCvSharp;

/// <summary>Where a <see cref="VideoCapture"/> gets its frames from.</summary>
public enum CaptureType
{
    File = 0,
    Camera = 1,
    NotSpecified = 2,
}
