namespace OpenCvSharp;

/// <summary>What can be asked of, and partly set on, a video file that is being written.</summary>
public enum VideoWriterProperties
{
    Quality = 1,
    FrameBytes = 2,
    NStripes = 3,
    IsColor = 4,
    Depth = 5,
    HwAcceleration = 6,
    HwDevice = 7,
}
