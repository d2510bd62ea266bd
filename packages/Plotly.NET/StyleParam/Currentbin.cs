namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>Values for currentbin.</summary>
    public sealed class Currentbin : IStyleValue
    {
        private readonly object json;

        private Currentbin(object json) => this.json = json;

        public static Currentbin Include { get; } = new("Include");
        public static Currentbin Exclude { get; } = new("Exclude");
        public static Currentbin Half { get; } = new("Half");

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
