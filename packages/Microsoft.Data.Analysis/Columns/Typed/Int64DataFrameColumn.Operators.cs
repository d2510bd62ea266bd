using Microsoft.Data.Analysis.Computations;

namespace Microsoft.Data.Analysis;

// With another long column or a long the result has this type at compile time too; with others see DataFrameColumn's operators.
public partial class Int64DataFrameColumn
{
    public static Int64DataFrameColumn operator +(Int64DataFrameColumn left, Int64DataFrameColumn right) => (Int64DataFrameColumn)left.Combine(Operation.Add, right, inPlace: false);

    public static Int64DataFrameColumn operator +(Int64DataFrameColumn left, long right) => (Int64DataFrameColumn)left.CombineValue(Operation.Add, right, inPlace: false, reversed: false);

    public static Int64DataFrameColumn operator +(long left, Int64DataFrameColumn right) => (Int64DataFrameColumn)right.CombineValue(Operation.Add, left, inPlace: false, reversed: true);

    public static Int64DataFrameColumn operator -(Int64DataFrameColumn left, Int64DataFrameColumn right) => (Int64DataFrameColumn)left.Combine(Operation.Subtract, right, inPlace: false);

    public static Int64DataFrameColumn operator -(Int64DataFrameColumn left, long right) => (Int64DataFrameColumn)left.CombineValue(Operation.Subtract, right, inPlace: false, reversed: false);

    public static Int64DataFrameColumn operator -(long left, Int64DataFrameColumn right) => (Int64DataFrameColumn)right.CombineValue(Operation.Subtract, left, inPlace: false, reversed: true);

    public static Int64DataFrameColumn operator *(Int64DataFrameColumn left, Int64DataFrameColumn right) => (Int64DataFrameColumn)left.Combine(Operation.Multiply, right, inPlace: false);

    public static Int64DataFrameColumn operator *(Int64DataFrameColumn left, long right) => (Int64DataFrameColumn)left.CombineValue(Operation.Multiply, right, inPlace: false, reversed: false);

    public static Int64DataFrameColumn operator *(long left, Int64DataFrameColumn right) => (Int64DataFrameColumn)right.CombineValue(Operation.Multiply, left, inPlace: false, reversed: true);

    public static Int64DataFrameColumn operator /(Int64DataFrameColumn left, Int64DataFrameColumn right) => (Int64DataFrameColumn)left.Combine(Operation.Divide, right, inPlace: false);

    public static Int64DataFrameColumn operator /(Int64DataFrameColumn left, long right) => (Int64DataFrameColumn)left.CombineValue(Operation.Divide, right, inPlace: false, reversed: false);

    public static Int64DataFrameColumn operator /(long left, Int64DataFrameColumn right) => (Int64DataFrameColumn)right.CombineValue(Operation.Divide, left, inPlace: false, reversed: true);

    public static Int64DataFrameColumn operator %(Int64DataFrameColumn left, Int64DataFrameColumn right) => (Int64DataFrameColumn)left.Combine(Operation.Modulo, right, inPlace: false);

    public static Int64DataFrameColumn operator %(Int64DataFrameColumn left, long right) => (Int64DataFrameColumn)left.CombineValue(Operation.Modulo, right, inPlace: false, reversed: false);

    public static Int64DataFrameColumn operator %(long left, Int64DataFrameColumn right) => (Int64DataFrameColumn)right.CombineValue(Operation.Modulo, left, inPlace: false, reversed: true);
}
