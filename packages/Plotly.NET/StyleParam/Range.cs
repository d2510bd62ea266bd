namespace Plotly.NET;

public static partial class StyleParam
{
    /// <summary>From where to where, or a list of values. On a logarithmic axis both are exponents of ten.</summary>
    public abstract class Range : IStyleValue
    {
        private Range()
        {
        }

        private protected abstract object Json { get; }

        public static Range NewMinMax(IConvertible item1, IConvertible item2) => new Of([item1, item2]);

        public static Range NewValues(IConvertible[] item) => new Of(item);

        public static Range ofMinMax<a, b>(a min, b max)
            where a : IConvertible
            where b : IConvertible => new Of([min, max]);

        object IStyleValue.Json => Json;

        private sealed class Of(IConvertible[] values) : Range
        {
            private protected override object Json => values;
        }
    }
}
