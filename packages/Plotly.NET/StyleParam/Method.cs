namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>What a slider step does: which function of plotly.js it calls.</summary>
    public sealed class Method : IStyleValue
    {
        private readonly object json;

        private Method(object json) => this.json = json;

        public static Method Restyle { get; } = new("restyle");
        public static Method Relayout { get; } = new("relayout");
        public static Method Animate { get; } = new("animate");
        public static Method Update { get; } = new("update");
        public static Method Skip { get; } = new("skip");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
