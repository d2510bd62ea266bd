namespace Microsoft.Data.Analysis.Computations;

/// <summary>Logic on truth values, which combine filters.</summary>
internal sealed class BooleanComputation : Computation<bool>
{
    public override Func<bool, bool, bool> Function(Operation operation) => operation switch
    {
        Operation.And => (a, b) => a & b,
        Operation.Or => (a, b) => a | b,
        Operation.Xor => (a, b) => a ^ b,
        _ => base.Function(operation),
    };
}
