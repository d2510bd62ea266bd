namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>An axis as traces and other axes name it: x, x2, y, free.</summary>
    public abstract class LinearAxisId : IStyleValue
    {
        private LinearAxisId()
        {
        }

        public static LinearAxisId Free { get; } = new Named("free");

        public static LinearAxisId NewX(int item) => new Named(Numbered("x", item));

        public static LinearAxisId NewY(int item) => new Named(Numbered("y", item));

        object IStyleValue.Json => ToString()!;

        private sealed class Named(string name) : LinearAxisId
        {
            public override string ToString() => name;
        }
    }

    /// <summary>The first of a kind has no number.</summary>
    private static string Numbered(string name, int number) => number < 2 ? name : $"{name}{number}";
}
