using Microsoft.Data.Analysis.Computations;

namespace Microsoft.Data.Analysis;

// With another int column or a int the result has this type at compile time too; with others see DataFrameColumn's operators.
public partial class Int32DataFrameColumn
{
    public static Int32DataFrameColumn operator +(Int32DataFrameColumn left, Int32DataFrameColumn right) => (Int32DataFrameColumn)left.Combine(Operation.Add, right, inPlace: false);

    public static Int32DataFrameColumn operator +(Int32DataFrameColumn left, int right) => (Int32DataFrameColumn)left.CombineValue(Operation.Add, right, inPlace: false, reversed: false);

    public static Int32DataFrameColumn operator +(int left, Int32DataFrameColumn right) => (Int32DataFrameColumn)right.CombineValue(Operation.Add, left, inPlace: false, reversed: true);

    public static Int32DataFrameColumn operator -(Int32DataFrameColumn left, Int32DataFrameColumn right) => (Int32DataFrameColumn)left.Combine(Operation.Subtract, right, inPlace: false);

    public static Int32DataFrameColumn operator -(Int32DataFrameColumn left, int right) => (Int32DataFrameColumn)left.CombineValue(Operation.Subtract, right, inPlace: false, reversed: false);

    public static Int32DataFrameColumn operator -(int left, Int32DataFrameColumn right) => (Int32DataFrameColumn)right.CombineValue(Operation.Subtract, left, inPlace: false, reversed: true);

    public static Int32DataFrameColumn operator *(Int32DataFrameColumn left, Int32DataFrameColumn right) => (Int32DataFrameColumn)left.Combine(Operation.Multiply, right, inPlace: false);

    public static Int32DataFrameColumn operator *(Int32DataFrameColumn left, int right) => (Int32DataFrameColumn)left.CombineValue(Operation.Multiply, right, inPlace: false, reversed: false);

    public static Int32DataFrameColumn operator *(int left, Int32DataFrameColumn right) => (Int32DataFrameColumn)right.CombineValue(Operation.Multiply, left, inPlace: false, reversed: true);

    public static Int32DataFrameColumn operator /(Int32DataFrameColumn left, Int32DataFrameColumn right) => (Int32DataFrameColumn)left.Combine(Operation.Divide, right, inPlace: false);

    public static Int32DataFrameColumn operator /(Int32DataFrameColumn left, int right) => (Int32DataFrameColumn)left.CombineValue(Operation.Divide, right, inPlace: false, reversed: false);

    public static Int32DataFrameColumn operator /(int left, Int32DataFrameColumn right) => (Int32DataFrameColumn)right.CombineValue(Operation.Divide, left, inPlace: false, reversed: true);

    public static Int32DataFrameColumn operator %(Int32DataFrameColumn left, Int32DataFrameColumn right) => (Int32DataFrameColumn)left.Combine(Operation.Modulo, right, inPlace: false);

    public static Int32DataFrameColumn operator %(Int32DataFrameColumn left, int right) => (Int32DataFrameColumn)left.CombineValue(Operation.Modulo, right, inPlace: false, reversed: false);

    public static Int32DataFrameColumn operator %(int left, Int32DataFrameColumn right) => (Int32DataFrameColumn)right.CombineValue(Operation.Modulo, left, inPlace: false, reversed: true);
}
