using System.Runtime.InteropServices;

namespace OpenCvSharp;

/// <summary>Width and height, fractions included.</summary>
[Serializable]
[StructLayout(LayoutKind.Sequential)]
public record struct Size2f(float Width, float Height)
{
    public float Width = Width;
    public float Height = Height;

    public Size2f(double width, double height)
        : this((float)width, (float)height)
    {
    }

    public readonly Size ToSize() => new(Width, Height);

    public static implicit operator Size2f(Size size) => new((float)size.Width, size.Height);
}
