using Microsoft.Data.Analysis.Computations;

namespace Microsoft.Data.Analysis;

public partial class PrimitiveDataFrameColumn<T>
{
    internal override DataFrameColumn CombineColumn(Operation operation, DataFrameColumn right, bool inPlace)
    {
        if (right is PrimitiveDataFrameColumn<T> same)
            return Combine(operation, same, inPlace, reversed: false);
        CheckMixture(right.DataType, inPlace);
        return IsDecimal(right.DataType)
            ? As<decimal>().Combine(operation, right.As<decimal>(), inPlace: true, reversed: false)
            : As<double>().Combine(operation, right.As<double>(), inPlace: true, reversed: false);
    }

    internal override DataFrameColumn CombineValue<TValue>(Operation operation, TValue value, bool inPlace, bool reversed)
    {
        if (value is T same)
            return Combine(operation, Repeat(same), inPlace, reversed);
        CheckMixture(typeof(TValue), inPlace);
        return IsDecimal(typeof(TValue))
            ? As<decimal>().CombineValue(operation, Convert.ToDecimal(value), inPlace: true, reversed)
            : As<double>().CombineValue(operation, Convert.ToDouble(value), inPlace: true, reversed);
    }

    internal override PrimitiveDataFrameColumn<bool> CompareColumn(Comparison comparison, DataFrameColumn right)
    {
        if (right is PrimitiveDataFrameColumn<T> same)
            return Compare(comparison, same);
        CheckMixture(right.DataType, inPlace: false);
        return IsDecimal(right.DataType)
            ? As<decimal>().Compare(comparison, right.As<decimal>())
            : As<double>().Compare(comparison, right.As<double>());
    }

    internal override PrimitiveDataFrameColumn<bool> CompareValue<TValue>(Comparison comparison, TValue value)
    {
        if (value is T same)
            return Compare(comparison, Repeat(same));
        CheckMixture(typeof(TValue), inPlace: false);
        return IsDecimal(typeof(TValue))
            ? As<decimal>().CompareValue(comparison, Convert.ToDecimal(value))
            : As<double>().CompareValue(comparison, Convert.ToDouble(value));
    }

    internal override PrimitiveDataFrameColumn<TTo> As<TTo>()
    {
        if (!IsNumericColumn())
            return base.As<TTo>();
        var converted = values.Select(v => v is { } value ? (TTo?)Convert.ChangeType(value, typeof(TTo)) : null);
        return typeof(TTo) == typeof(double) ? (PrimitiveDataFrameColumn<TTo>)(object)new DoubleDataFrameColumn(Name, (IEnumerable<double?>)converted)
            : typeof(TTo) == typeof(decimal) ? (PrimitiveDataFrameColumn<TTo>)(object)new DecimalDataFrameColumn(Name, (IEnumerable<decimal?>)converted)
            : new PrimitiveDataFrameColumn<TTo>(Name, converted);
    }

    private PrimitiveDataFrameColumn<T> Combine(Operation operation, IEnumerable<T?> others, bool inPlace, bool reversed)
    {
        var function = Computation.Function(operation);
        using var other = others.ToList().GetEnumerator(); // a copy: the other column may be this one, changed in place
        return Map(Next, inPlace);

        T? Next(T? value) => (other.MoveNext(), value, other.Current) is (_, { } mine, { } theirs)
            ? reversed ? function(theirs, mine) : function(mine, theirs)
            : null;
    }

    private BooleanDataFrameColumn Compare(Comparison comparison, IEnumerable<T?> others)
    {
        var function = Computation.Function(comparison);
        return new BooleanDataFrameColumn(Name, values.Zip(others, (a, b) => function(a.GetValueOrDefault(), b.GetValueOrDefault())));
    }

    private IEnumerable<T?> Repeat(T value) => Enumerable.Repeat((T?)value, values.Count);

    private static bool IsDecimal(Type other) => typeof(T) == typeof(decimal) || other == typeof(decimal);

    /// <summary>Only numbers mix, and not in place, where the type cannot change.</summary>
    private void CheckMixture(Type other, bool inPlace)
    {
        var number = Type.GetTypeCode(other) is >= TypeCode.SByte and <= TypeCode.Decimal;
        if (!IsNumericColumn() || !number)
            throw new NotSupportedException($"column '{Name}' of {DataType.Name} cannot be combined with {other.Name}");
        if (inPlace)
            throw new ArgumentException($"column '{Name}' stays a column of {DataType.Name}: in place it combines with nothing else", nameof(other));
    }
}
