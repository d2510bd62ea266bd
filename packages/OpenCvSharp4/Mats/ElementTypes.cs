namespace OpenCvSharp;

/// <summary>Which C# type is an element of which array.</summary>
internal static class ElementTypes
{
    private static readonly Dictionary<Type, MatType> Known = new()
    {
        [typeof(byte)] = MatType.CV_8UC1,
        [typeof(sbyte)] = MatType.CV_8SC1,
        [typeof(ushort)] = MatType.CV_16UC1,
        [typeof(short)] = MatType.CV_16SC1,
        [typeof(int)] = MatType.CV_32SC1,
        [typeof(float)] = MatType.CV_32FC1,
        [typeof(double)] = MatType.CV_64FC1,
        [typeof(Vec3b)] = MatType.CV_8UC3,
        [typeof(Vec4b)] = MatType.CV_8UC4,
        [typeof(Vec2i)] = MatType.CV_32SC2,
        [typeof(Vec3i)] = MatType.CV_32SC3,
        [typeof(Vec2f)] = MatType.CV_32FC2,
        [typeof(Vec3f)] = MatType.CV_32FC3,
        [typeof(Vec3d)] = MatType.CV_64FC3,
        [typeof(Point)] = MatType.CV_32SC2,
        [typeof(Point2f)] = MatType.CV_32FC2,
        [typeof(Size)] = MatType.CV_32SC2,
        [typeof(Size2f)] = MatType.CV_32FC2,
        [typeof(Rect)] = MatType.CV_32SC4,
    };

    public static MatType Of<T>() =>
        Known.TryGetValue(typeof(T), out var type) ? type : throw new ArgumentException($"{typeof(T)} cannot be an element of a Mat");

    /// <summary>Signed and unsigned 8- and 16-bit numbers stand in for each other, as in the original.</summary>
    public static bool Fits<T>(MatType type)
    {
        var own = Of<T>();
        return own == type || (own.Channels == 1 && type.Channels == 1 && own.Depth < MatType.CV_32S && (own.Depth ^ 1) == type.Depth);
    }
}
