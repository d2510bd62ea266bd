using System.Runtime.InteropServices;

namespace OpenCvSharp;

/// <summary>A rectangle turned around its centre by Angle degrees, clockwise on the screen.</summary>
[StructLayout(LayoutKind.Sequential)]
public record struct RotatedRect
{
    public Point2f Center;
    public Size2f Size;
    public float Angle;

    public RotatedRect(Point2f center, Size2f size, float angle)
    {
        Center = center;
        Size = size;
        Angle = angle;
    }

    /// <summary>The corners in order: bottom left, top left, top right, bottom right where Angle is 0.</summary>
    public readonly Point2f[] Points()
    {
        var (sin, cos) = Math.SinCos(Angle * Math.PI / 180);
        var along = new Point2f((float)(cos * Size.Width / 2), (float)(sin * Size.Width / 2));
        var down = new Point2f((float)(-sin * Size.Height / 2), (float)(cos * Size.Height / 2));
        return [Center - along + down, Center - along - down, Center + along - down, Center + along + down];
    }
}
