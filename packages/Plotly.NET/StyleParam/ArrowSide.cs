namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for arrow side.</summary>
    public sealed class ArrowSide : IStyleValue
    {
        private readonly object json;

        private ArrowSide(object json) => this.json = json;

        public static ArrowSide Start { get; } = new("start");
        public static ArrowSide End { get; } = new("end");
        public static ArrowSide StartEnd { get; } = new("startend");
        public static ArrowSide None { get; } = new("none");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
