namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>What a button does: which function of plotly.js it calls.</summary>
    public sealed class UpdateMethod : IStyleValue
    {
        private readonly object json;

        private UpdateMethod(object json) => this.json = json;

        public static UpdateMethod Restyle { get; } = new("restyle");
        public static UpdateMethod Relayout { get; } = new("relayout");
        public static UpdateMethod Animate { get; } = new("animate");
        public static UpdateMethod Update { get; } = new("update");
        public static UpdateMethod Skip { get; } = new("skip");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
