namespace TimeSformer.Data;

/// <summary>A point of an outline, in units of its radius.</summary>
internal readonly record struct Corner(double X, double Y);

/// <summary>Outlines of the objects in procedural videos, of radius about one.</summary>
internal static class Outlines
{
    private static readonly Corner[][] ofAppearance =
    [
        Polygon(48, 0.9),
        Polygon(4, 1.1),
        Polygon(3, 1.15),
        Closed((-0.3, -1), (0.3, -1), (0.3, -0.3), (1, -0.3), (1, 0.3), (0.3, 0.3), (0.3, 1), (-0.3, 1), (-0.3, 0.3), (-1, 0.3), (-1, -0.3), (-0.3, -0.3)),
    ];

    private static readonly Corner[][] ofStills =
    [
        Star(5),
        Bar,
        [.. Polygon(48, 1.1).Where(corner => corner.Y >= 0)],
        Closed((-0.7, -1), (-0.1, -1), (-0.1, 0.4), (0.8, 0.4), (0.8, 1), (-0.7, 1)),
        Closed((-0.9, -0.9), (0.9, -0.9), (0.9, -0.3), (0.3, -0.3), (0.3, 1), (-0.3, 1), (-0.3, -0.3), (-0.9, -0.3)),
        Closed((1.1, 0), (0.2, 0.9), (0.2, 0.3), (-1, 0.3), (-1, -0.3), (0.2, -0.3), (0.2, -0.9)),
    ];

    /// <summary>A bar, four to five times as long as wide.</summary>
    public static Corner[] Bar => [new(-1, -0.22), new(1, -0.22), new(1, 0.22), new(-1, 0.22)];

    /// <summary>Disc, square, triangle, cross.</summary>
    public static Corner[] OfAppearance(int kind) => ofAppearance[kind];

    /// <summary>Star, bar, half disc, L, T, arrow: none of those of the appearance family.</summary>
    public static Corner[] OfStills(int kind) => ofStills[kind];

    private static Corner[] Closed(params (double X, double Y)[] corners) => Array.ConvertAll(corners, corner => new Corner(corner.X, corner.Y));

    private static Corner[] Polygon(int corners, double radius) =>
        [.. Enumerable.Range(0, corners).Select(k => new Corner(radius * Math.Cos(2 * Math.PI * k / corners), radius * Math.Sin(2 * Math.PI * k / corners)))];

    private static Corner[] Star(int points) =>
        [.. Polygon(2 * points, 1.15).Select((corner, k) => k % 2 == 0 ? corner : new Corner(0.45 * corner.X, 0.45 * corner.Y))];
}
