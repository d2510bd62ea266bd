namespace Microsoft.Data.Analysis.Computations;

/// <summary>What can be computed with values of a type: numbers all of arithmetic, truth values logic, everything comparisons.</summary>
internal abstract class Computation<T>
    where T : unmanaged
{
    public static readonly Computation<T> Instance = (Computation<T>)Create();

    public virtual bool IsNumeric => false;

    /// <exception cref="NotSupportedException">The type lacks the operation.</exception>
    public virtual Func<T, T, T> Function(Operation operation) => throw new NotSupportedException($"{typeof(T).Name} values have no operation {operation}");

    /// <exception cref="NotSupportedException">The type lacks the operation.</exception>
    public virtual Func<T, T, T> Function(Aggregate aggregate) => throw new NotSupportedException($"{typeof(T).Name} values have no {aggregate}");

    /// <summary>The product of nothing.</summary>
    public virtual T One => throw new NotSupportedException($"{typeof(T).Name} values have no product");

    public virtual T Abs(T value) => throw new NotSupportedException($"{typeof(T).Name} values have no absolute value");

    public virtual T Round(T value) => throw new NotSupportedException($"{typeof(T).Name} values cannot be rounded");

    public virtual Func<T, T, bool> Function(Comparison comparison)
    {
        var order = Comparer<T>.Default;
        return comparison switch
        {
            Comparison.Equals => (a, b) => order.Compare(a, b) == 0,
            Comparison.NotEquals => (a, b) => order.Compare(a, b) != 0,
            Comparison.GreaterThanOrEqual => (a, b) => order.Compare(a, b) >= 0,
            Comparison.LessThanOrEqual => (a, b) => order.Compare(a, b) <= 0,
            Comparison.GreaterThan => (a, b) => order.Compare(a, b) > 0,
            _ => (a, b) => order.Compare(a, b) < 0,
        };
    }

    private static object Create() => Type.GetTypeCode(typeof(T)) switch
    {
        TypeCode.Byte => new NumberComputation<byte>(),
        TypeCode.SByte => new NumberComputation<sbyte>(),
        TypeCode.Int16 => new NumberComputation<short>(),
        TypeCode.UInt16 => new NumberComputation<ushort>(),
        TypeCode.Int32 => new NumberComputation<int>(),
        TypeCode.UInt32 => new NumberComputation<uint>(),
        TypeCode.Int64 => new NumberComputation<long>(),
        TypeCode.UInt64 => new NumberComputation<ulong>(),
        TypeCode.Single => new NumberComputation<float>(),
        TypeCode.Double => new NumberComputation<double>(),
        TypeCode.Decimal => new NumberComputation<decimal>(),
        TypeCode.Boolean => new BooleanComputation(),
        _ => new ComparisonsOnly<T>(),
    };
}

/// <summary>Dates and characters.</summary>
internal sealed class ComparisonsOnly<T> : Computation<T>
    where T : unmanaged;
