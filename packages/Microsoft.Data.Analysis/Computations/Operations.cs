namespace Microsoft.Data.Analysis.Computations;

/// <summary>Two values become one of the same type.</summary>
internal enum Operation
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    And,
    Or,
    Xor,
}

/// <summary>Two values become a truth value.</summary>
internal enum Comparison
{
    Equals,
    NotEquals,
    GreaterThanOrEqual,
    LessThanOrEqual,
    GreaterThan,
    LessThan,
}

/// <summary>Many values become one.</summary>
internal enum Aggregate
{
    Sum,
    Product,
    Max,
    Min,
}
