namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>How far a line stays from its point.</summary>
    public abstract class BackOff : IStyleValue
    {
        private BackOff()
        {
        }

        private protected abstract object Json { get; }

        public static BackOff Auto { get; } = new Of("auto");

        public static BackOff NewValue(int item) => new Of(item);

        public static BackOff NewArray(IEnumerable<int> item) => new Of(item);

        object IStyleValue.Json => Json;

        private sealed class Of(object json) : BackOff
        {
            private protected override object Json => json;
        }
    }
}
