using Microsoft.Data.Analysis.Computations;

namespace Microsoft.Data.Analysis;

public partial class PrimitiveDataFrameColumn<T>
{
    private static readonly Computation<T> Computation = Computation<T>.Instance;

    /// <inheritdoc/>
    public override double Mean() => Length == 0 ? 0 : Number(Aggregate(Computations.Aggregate.Sum) ?? double.NaN) / (Length - NullCount);

    /// <inheritdoc/>
    public override double Median()
    {
        var present = values.OfType<T>().Order().ToArray();
        var middle = present.Length / 2;
        return present.Length == 0 ? 0
            : present.Length % 2 == 1 ? Number(present[middle])
            : (Number(present[middle - 1]) + Number(present[middle])) / 2;
    }

    /// <inheritdoc/>
    public override DataFrameColumn Abs(bool inPlace = false) => Apply(Computation.Abs, inPlace);

    /// <inheritdoc/>
    public override DataFrameColumn Round(bool inPlace = false) => Apply(Computation.Round, inPlace);

    /// <inheritdoc/>
    public override bool All() => Truths.All(v => v == true);

    /// <inheritdoc/>
    public override bool Any() => Truths.Any(v => v == true);

    /// <inheritdoc/>
    public override DataFrameColumn Description()
    {
        float? Float(object? value) => value is null ? null : Convert.ToSingle(value);
        var sums = IsNumericColumn();
        return new PrimitiveDataFrameColumn<float>(Name,
        [
            Length - NullCount,
            sums ? Float(Max()) : null,
            sums ? Float(Min()) : null,
            sums ? Float(Sum()) / Length : null,
        ]);
    }

    internal override object? Aggregate(Aggregate aggregate, IEnumerable<long>? rows = null)
    {
        var function = Computation.Function(aggregate);
        var chosen = rows is null ? values.OfType<T>() : rows.Select(row => this[row].GetValueOrDefault());
        T? result = aggregate == Computations.Aggregate.Product ? Computation.One : null;
        foreach (var value in chosen)
            result = result is { } previous ? function(previous, value) : value;
        return result;
    }

    internal override DataFrameColumn Cumulate(Aggregate aggregate, bool inPlace)
    {
        var function = Computation.Function(aggregate);
        T? previous = null;
        return Apply(value => (previous = previous is { } p ? function(p, value) : value).Value, inPlace);
    }

    private static double Number(object value) => Convert.ToDouble(value);

    private IEnumerable<bool?> Truths => this as IEnumerable<bool?> ?? throw new NotSupportedException($"column '{Name}' of {DataType.Name} holds no truth values");
}
