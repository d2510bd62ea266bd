namespace OpenCvSharp;

/// <summary>A position in a video file: its first or its last frame.</summary>
public enum CapturePosAviRatio
{
    Start = 0,
    End = 1,
}
