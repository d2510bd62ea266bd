namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>The angle of a text, in degrees.</summary>
    public abstract class TextAngle : IStyleValue
    {
        private TextAngle()
        {
        }

        private protected abstract object Json { get; }

        public static TextAngle Auto { get; } = new Of("auto");

        public static TextAngle NewDegrees(double item) => new Of(item);

        object IStyleValue.Json => Json;

        private sealed class Of(object json) : TextAngle
        {
            private protected override object Json => json;
        }
    }
}
