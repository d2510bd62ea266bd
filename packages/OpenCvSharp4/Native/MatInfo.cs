using System.Runtime.InteropServices;

namespace OpenCvSharp;

/// <summary>What a cv::Mat header says, in one call; laid out as the native struct.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct MatInfo
{
    public readonly int Flags, Dims, Rows, Cols, Type, Continuous, Submatrix, Empty;
    public readonly long Total, ElementSize, ElementSize1, Step0, Step1;
    public readonly IntPtr Data, DataStart, DataEnd, DataLimit;
}
