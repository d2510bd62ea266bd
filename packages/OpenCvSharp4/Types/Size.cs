using System.Runtime.InteropServices;

namespace OpenCvSharp;

/// <summary>Width and height in pixels.</summary>
[Serializable]
[StructLayout(LayoutKind.Sequential)]
public record struct Size(int Width, int Height)
{
    public int Width = Width;
    public int Height = Height;

    /// <summary>Cuts off the fractions.</summary>
    public Size(double width, double height)
        : this((int)width, (int)height)
    {
    }

    public static explicit operator Size(Size2f size) => new(size.Width, size.Height);
}
