using System.Runtime.InteropServices;

namespace OpenCvSharp;

/// <summary>A rectangle of pixels; Right and Bottom lie just outside it.</summary>
[Serializable]
[StructLayout(LayoutKind.Sequential)]
public record struct Rect(int X, int Y, int Width, int Height)
{
    public int X = X;
    public int Y = Y;
    public int Width = Width;
    public int Height = Height;

    public Rect(Point location, Size size)
        : this(location.X, location.Y, size.Width, size.Height)
    {
    }

    public static Rect FromLTRB(int left, int top, int right, int bottom)
    {
        if (right < left || bottom < top)
            throw new ArgumentException($"({left}, {top}) lies right of or below ({right}, {bottom})");
        return new Rect(left, top, right - left, bottom - top);
    }

    public int Left
    {
        readonly get => X;
        set => X = value;
    }

    public int Top
    {
        readonly get => Y;
        set => Y = value;
    }

    public readonly int Right => X + Width;

    public readonly int Bottom => Y + Height;

    public Point Location
    {
        readonly get => new(X, Y);
        set => (X, Y) = (value.X, value.Y);
    }

    public Size Size
    {
        readonly get => new(Width, Height);
        set => (Width, Height) = (value.Width, value.Height);
    }

    public readonly Point TopLeft => new(X, Y);

    public readonly Point BottomRight => new(Right, Bottom);

    public readonly Rect Add(Point pt) => new(X + pt.X, Y + pt.Y, Width, Height);

    public readonly Rect Subtract(Point pt) => new(X - pt.X, Y - pt.Y, Width, Height);

    public readonly Rect Add(Size size) => new(X, Y, Width + size.Width, Height + size.Height);

    public readonly Rect Subtract(Size size) => new(X, Y, Width - size.Width, Height - size.Height);

    public static Rect operator +(Rect rect, Point pt) => rect.Add(pt);

    public static Rect operator -(Rect rect, Point pt) => rect.Subtract(pt);

    public static Rect operator +(Rect rect, Size size) => rect.Add(size);

    public static Rect operator -(Rect rect, Size size) => rect.Subtract(size);

    public static Rect operator &(Rect a, Rect b) => Intersect(a, b);

    public static Rect operator |(Rect a, Rect b) => Union(a, b);

    public readonly bool Contains(int x, int y) => x >= X && x < Right && y >= Y && y < Bottom;

    public readonly bool Contains(Point pt) => Contains(pt.X, pt.Y);

    public readonly bool Contains(Rect rect) => rect.X >= X && rect.Right <= Right && rect.Y >= Y && rect.Bottom <= Bottom;

    /// <summary>Moves each side outwards.</summary>
    public void Inflate(int width, int height) => this = new(X - width, Y - height, Width + (2 * width), Height + (2 * height));

    public void Inflate(Size size) => Inflate(size.Width, size.Height);

    public static Rect Inflate(Rect rect, int x, int y)
    {
        rect.Inflate(x, y);
        return rect;
    }

    /// <summary>What both cover; all zeros where they do not meet.</summary>
    public static Rect Intersect(Rect a, Rect b)
    {
        var (left, top) = (Math.Max(a.X, b.X), Math.Max(a.Y, b.Y));
        var (right, bottom) = (Math.Min(a.Right, b.Right), Math.Min(a.Bottom, b.Bottom));
        return right < left || bottom < top ? default : new Rect(left, top, right - left, bottom - top);
    }

    public readonly Rect Intersect(Rect rect) => Intersect(this, rect);

    public readonly bool IntersectsWith(Rect rect) => X < rect.Right && rect.X < Right && Y < rect.Bottom && rect.Y < Bottom;

    /// <summary>The smallest rectangle that holds both.</summary>
    public static Rect Union(Rect a, Rect b) =>
        FromLTRB(Math.Min(a.X, b.X), Math.Min(a.Y, b.Y), Math.Max(a.Right, b.Right), Math.Max(a.Bottom, b.Bottom));

    public readonly Rect Union(Rect rect) => Union(this, rect);
}
