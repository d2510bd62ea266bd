namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for marker symbol3d.</summary>
    public sealed class MarkerSymbol3D : IStyleValue
    {
        private readonly object json;

        private MarkerSymbol3D(object json) => this.json = json;

        public static MarkerSymbol3D Circle { get; } = new("circle");
        public static MarkerSymbol3D CircleOpen { get; } = new("circle-open");
        public static MarkerSymbol3D Cross { get; } = new("cross");
        public static MarkerSymbol3D Diamond { get; } = new("diamond");
        public static MarkerSymbol3D DiamondOpen { get; } = new("diamond-open");
        public static MarkerSymbol3D Square { get; } = new("square");
        public static MarkerSymbol3D SquareOpen { get; } = new("square-open");
        public static MarkerSymbol3D X { get; } = new("x");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
