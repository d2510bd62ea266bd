using System.Numerics;

namespace Microsoft.Data.Analysis.Computations;

/// <summary>Arithmetic as the language has it: integers wrap around, their division by zero throws, NaN equals nothing.</summary>
internal sealed class NumberComputation<T> : Computation<T>
    where T : unmanaged, INumber<T>
{
    public override bool IsNumeric => true;

    public override Func<T, T, T> Function(Operation operation) => operation switch
    {
        Operation.Add => (a, b) => a + b,
        Operation.Subtract => (a, b) => a - b,
        Operation.Multiply => (a, b) => a * b,
        Operation.Divide => (a, b) => a / b,
        Operation.Modulo => (a, b) => a % b,
        _ => base.Function(operation),
    };

    public override Func<T, T, T> Function(Aggregate aggregate) => aggregate switch
    {
        Aggregate.Sum => (a, b) => a + b,
        Aggregate.Product => (a, b) => a * b,
        Aggregate.Max => T.Max,
        _ => T.Min,
    };

    public override T One => T.One;

    public override T Abs(T value) => T.Abs(value);

    public override T Round(T value) => value switch
    {
        double number => (T)(object)Math.Round(number),
        float number => (T)(object)MathF.Round(number),
        decimal number => (T)(object)Math.Round(number),
        _ => value,
    };

    public override Func<T, T, bool> Function(Comparison comparison) => comparison switch
    {
        Comparison.Equals => (a, b) => a == b,
        Comparison.NotEquals => (a, b) => a != b,
        Comparison.GreaterThanOrEqual => (a, b) => a >= b,
        Comparison.LessThanOrEqual => (a, b) => a <= b,
        Comparison.GreaterThan => (a, b) => a > b,
        _ => (a, b) => a < b,
    };
}
