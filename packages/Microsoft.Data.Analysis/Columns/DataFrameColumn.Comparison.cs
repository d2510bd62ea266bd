using Microsoft.Data.Analysis.Computations;

namespace Microsoft.Data.Analysis;

// Comparisons, row by row. A null counts as the default value of the type (0, false): ask ElementwiseIsNull where that matters.
public abstract partial class DataFrameColumn
{
    /// <summary>True in each row whose value is equal to that of the other column.</summary>
    public PrimitiveDataFrameColumn<bool> ElementwiseEquals(DataFrameColumn? column) => column is null ? ElementwiseIsNull() : Compare(Comparison.Equals, column);

    /// <summary>True in each row whose value is equal to this value, or that of this column.</summary>
    public PrimitiveDataFrameColumn<bool> ElementwiseEquals<T>(T value) => Compare(Comparison.Equals, value);

    /// <summary>True in each row whose value differs from that of the other column.</summary>
    public PrimitiveDataFrameColumn<bool> ElementwiseNotEquals(DataFrameColumn? column) => column is null ? ElementwiseIsNotNull() : Compare(Comparison.NotEquals, column);

    /// <summary>True in each row whose value differs from this value, or that of this column.</summary>
    public PrimitiveDataFrameColumn<bool> ElementwiseNotEquals<T>(T value) => Compare(Comparison.NotEquals, value);

    /// <summary>True in each row whose value is at least that of the other column.</summary>
    public PrimitiveDataFrameColumn<bool> ElementwiseGreaterThanOrEqual(DataFrameColumn column) => Compare(Comparison.GreaterThanOrEqual, column);

    /// <summary>True in each row whose value is at least this value, or that of this column.</summary>
    public PrimitiveDataFrameColumn<bool> ElementwiseGreaterThanOrEqual<T>(T value) => Compare(Comparison.GreaterThanOrEqual, value);

    /// <summary>True in each row whose value is at most that of the other column.</summary>
    public PrimitiveDataFrameColumn<bool> ElementwiseLessThanOrEqual(DataFrameColumn column) => Compare(Comparison.LessThanOrEqual, column);

    /// <summary>True in each row whose value is at most this value, or that of this column.</summary>
    public PrimitiveDataFrameColumn<bool> ElementwiseLessThanOrEqual<T>(T value) => Compare(Comparison.LessThanOrEqual, value);

    /// <summary>True in each row whose value is greater than that of the other column.</summary>
    public PrimitiveDataFrameColumn<bool> ElementwiseGreaterThan(DataFrameColumn column) => Compare(Comparison.GreaterThan, column);

    /// <summary>True in each row whose value is greater than this value, or that of this column.</summary>
    public PrimitiveDataFrameColumn<bool> ElementwiseGreaterThan<T>(T value) => Compare(Comparison.GreaterThan, value);

    /// <summary>True in each row whose value is less than that of the other column.</summary>
    public PrimitiveDataFrameColumn<bool> ElementwiseLessThan(DataFrameColumn column) => Compare(Comparison.LessThan, column);

    /// <summary>True in each row whose value is less than this value, or that of this column.</summary>
    public PrimitiveDataFrameColumn<bool> ElementwiseLessThan<T>(T value) => Compare(Comparison.LessThan, value);

    /// <summary>True in each row whose value is null.</summary>
    public PrimitiveDataFrameColumn<bool> ElementwiseIsNull() => new BooleanDataFrameColumn(Name, AllRows().Select(row => !IsValid(row)));

    /// <summary>True in each row whose value is not null.</summary>
    public PrimitiveDataFrameColumn<bool> ElementwiseIsNotNull() => new BooleanDataFrameColumn(Name, AllRows().Select(IsValid));

    /// <summary>Compares with a column of the same length.</summary>
    internal virtual PrimitiveDataFrameColumn<bool> CompareColumn(Comparison comparison, DataFrameColumn right) => throw NotDefined(comparison.ToString());

    /// <summary>Compares with one value.</summary>
    internal virtual PrimitiveDataFrameColumn<bool> CompareValue<T>(Comparison comparison, T value) => throw NotDefined(comparison.ToString());

    internal PrimitiveDataFrameColumn<bool> Compare<T>(Comparison comparison, T other)
    {
        if (other is not DataFrameColumn column)
            return CompareValue(comparison, other);
        CheckSameLength(column);
        return CompareColumn(comparison, column);
    }
}
