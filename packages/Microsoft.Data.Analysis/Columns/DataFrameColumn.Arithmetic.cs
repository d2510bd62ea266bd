using Microsoft.Data.Analysis.Computations;

namespace Microsoft.Data.Analysis;

// Arithmetic and logic, row by row. Two columns of one type give that type; decimal with anything gives decimal; all other mixtures give
// double. Where one side is null the result is null.
public abstract partial class DataFrameColumn
{
    /// <summary>Adds another column, row by row.</summary>
    /// <param name="column">A column of the same length.</param>
    /// <param name="inPlace">Whether this column is changed and returned; then both must be of one type.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the types do and <paramref name="inPlace"/> is set.</exception>
    public DataFrameColumn Add(DataFrameColumn column, bool inPlace = false) => Combine(Operation.Add, column, inPlace);

    /// <summary>Adds a value, or a column if it is one.</summary>
    public DataFrameColumn Add<T>(T value, bool inPlace = false) => Combine(Operation.Add, value, inPlace);

    /// <summary>Adds the values to one value.</summary>
    public DataFrameColumn ReverseAdd<T>(T value, bool inPlace = false) => CombineValue(Operation.Add, value, inPlace, reversed: true);

    /// <summary>Subtracts another column, row by row.</summary>
    /// <param name="column">A column of the same length.</param>
    /// <param name="inPlace">Whether this column is changed and returned; then both must be of one type.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the types do and <paramref name="inPlace"/> is set.</exception>
    public DataFrameColumn Subtract(DataFrameColumn column, bool inPlace = false) => Combine(Operation.Subtract, column, inPlace);

    /// <summary>Subtracts a value, or a column if it is one.</summary>
    public DataFrameColumn Subtract<T>(T value, bool inPlace = false) => Combine(Operation.Subtract, value, inPlace);

    /// <summary>Subtracts the values from one value.</summary>
    public DataFrameColumn ReverseSubtract<T>(T value, bool inPlace = false) => CombineValue(Operation.Subtract, value, inPlace, reversed: true);

    /// <summary>Multiplies by another column, row by row.</summary>
    /// <param name="column">A column of the same length.</param>
    /// <param name="inPlace">Whether this column is changed and returned; then both must be of one type.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the types do and <paramref name="inPlace"/> is set.</exception>
    public DataFrameColumn Multiply(DataFrameColumn column, bool inPlace = false) => Combine(Operation.Multiply, column, inPlace);

    /// <summary>Multiplies by a value, or a column if it is one.</summary>
    public DataFrameColumn Multiply<T>(T value, bool inPlace = false) => Combine(Operation.Multiply, value, inPlace);

    /// <summary>Multiplies one value by the values.</summary>
    public DataFrameColumn ReverseMultiply<T>(T value, bool inPlace = false) => CombineValue(Operation.Multiply, value, inPlace, reversed: true);

    /// <summary>Divides by another column, row by row.</summary>
    /// <param name="column">A column of the same length.</param>
    /// <param name="inPlace">Whether this column is changed and returned; then both must be of one type.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the types do and <paramref name="inPlace"/> is set.</exception>
    public DataFrameColumn Divide(DataFrameColumn column, bool inPlace = false) => Combine(Operation.Divide, column, inPlace);

    /// <summary>Divides by a value, or a column if it is one.</summary>
    public DataFrameColumn Divide<T>(T value, bool inPlace = false) => Combine(Operation.Divide, value, inPlace);

    /// <summary>Divides one value by the values.</summary>
    public DataFrameColumn ReverseDivide<T>(T value, bool inPlace = false) => CombineValue(Operation.Divide, value, inPlace, reversed: true);

    /// <summary>Takes the remainder of the division by another column, row by row.</summary>
    /// <param name="column">A column of the same length.</param>
    /// <param name="inPlace">Whether this column is changed and returned; then both must be of one type.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the types do and <paramref name="inPlace"/> is set.</exception>
    public DataFrameColumn Modulo(DataFrameColumn column, bool inPlace = false) => Combine(Operation.Modulo, column, inPlace);

    /// <summary>Takes the remainder of the division by a value, or a column if it is one.</summary>
    public DataFrameColumn Modulo<T>(T value, bool inPlace = false) => Combine(Operation.Modulo, value, inPlace);

    /// <summary>Takes the remainder of one value divided by the values.</summary>
    public DataFrameColumn ReverseModulo<T>(T value, bool inPlace = false) => CombineValue(Operation.Modulo, value, inPlace, reversed: true);

    /// <summary>Combines truth values: true where both are.</summary>
    public DataFrameColumn And(DataFrameColumn column, bool inPlace = false) => Combine(Operation.And, column, inPlace);

    /// <summary>Combines truth values with one: true where both are.</summary>
    public PrimitiveDataFrameColumn<bool> And(bool value, bool inPlace = false) =>
        (PrimitiveDataFrameColumn<bool>)CombineValue(Operation.And, value, inPlace, reversed: false);

    /// <summary>Combines truth values: true where one is or both are.</summary>
    public DataFrameColumn Or(DataFrameColumn column, bool inPlace = false) => Combine(Operation.Or, column, inPlace);

    /// <summary>Combines truth values with one: true where one is or both are.</summary>
    public PrimitiveDataFrameColumn<bool> Or(bool value, bool inPlace = false) =>
        (PrimitiveDataFrameColumn<bool>)CombineValue(Operation.Or, value, inPlace, reversed: false);

    /// <summary>Combines truth values: true where just one is.</summary>
    public DataFrameColumn Xor(DataFrameColumn column, bool inPlace = false) => Combine(Operation.Xor, column, inPlace);

    /// <summary>Combines truth values with one: true where just one is.</summary>
    public PrimitiveDataFrameColumn<bool> Xor(bool value, bool inPlace = false) =>
        (PrimitiveDataFrameColumn<bool>)CombineValue(Operation.Xor, value, inPlace, reversed: false);

    /// <summary>Combines with a column of the same length.</summary>
    internal virtual DataFrameColumn CombineColumn(Operation operation, DataFrameColumn right, bool inPlace) => throw NotDefined(operation.ToString());

    /// <summary>Combines with one value, which is the left operand if <paramref name="reversed"/>.</summary>
    internal virtual DataFrameColumn CombineValue<T>(Operation operation, T value, bool inPlace, bool reversed) => throw NotDefined(operation.ToString());

    internal DataFrameColumn Combine<T>(Operation operation, T other, bool inPlace)
    {
        if (other is not DataFrameColumn column)
            return CombineValue(operation, other, inPlace, reversed: false);
        CheckSameLength(column);
        return CombineColumn(operation, column, inPlace);
    }

    private protected void CheckSameLength(DataFrameColumn column)
    {
        if (column.Length != Length)
            throw new ArgumentException($"columns '{Name}' and '{column.Name}' have {Length} and {column.Length} rows", nameof(column));
    }
}
