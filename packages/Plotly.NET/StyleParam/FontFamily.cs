namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>The family of a font.</summary>
    public sealed class FontFamily : IStyleValue
    {
        private readonly object json;

        private FontFamily(object json) => this.json = json;

        public static FontFamily Arial { get; } = new("Arial");
        public static FontFamily Balto { get; } = new("Balto");
        public static FontFamily Courier_New { get; } = new("Courier New");
        public static FontFamily Consolas { get; } = new("Consolas");
        public static FontFamily Droid_Sans { get; } = new("Droid Sans");
        public static FontFamily Droid_Serif { get; } = new("Droid Serif");
        public static FontFamily Droid_Sans_Mono { get; } = new("Droid Sans Mono");
        public static FontFamily Gravitas_One { get; } = new("Gravitas One");
        public static FontFamily Old_Standard_TT { get; } = new("Old Standard TT");
        public static FontFamily Open_Sans { get; } = new("Open Sans");
        public static FontFamily Overpass { get; } = new("Overpass");
        public static FontFamily PT_Sans_Narrow { get; } = new("PT Sans Narrow");
        public static FontFamily Raleway { get; } = new("Raleway");
        public static FontFamily Times_New_Roman { get; } = new("Times New Roman");

        /// <summary>Any family, or a list in the order of preference, as in CSS.</summary>
        public static FontFamily NewCustom(string item) => new(item);

        object IStyleValue.Json => json;

        public override string ToString() => json.ToString()!;
    }
}
