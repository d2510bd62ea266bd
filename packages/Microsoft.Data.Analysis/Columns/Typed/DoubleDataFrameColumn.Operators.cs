using Microsoft.Data.Analysis.Computations;

namespace Microsoft.Data.Analysis;

// With another double column or a double the result has this type at compile time too; with others see DataFrameColumn's operators.
public partial class DoubleDataFrameColumn
{
    public static DoubleDataFrameColumn operator +(DoubleDataFrameColumn left, DoubleDataFrameColumn right) => (DoubleDataFrameColumn)left.Combine(Operation.Add, right, inPlace: false);

    public static DoubleDataFrameColumn operator +(DoubleDataFrameColumn left, double right) => (DoubleDataFrameColumn)left.CombineValue(Operation.Add, right, inPlace: false, reversed: false);

    public static DoubleDataFrameColumn operator +(double left, DoubleDataFrameColumn right) => (DoubleDataFrameColumn)right.CombineValue(Operation.Add, left, inPlace: false, reversed: true);

    public static DoubleDataFrameColumn operator -(DoubleDataFrameColumn left, DoubleDataFrameColumn right) => (DoubleDataFrameColumn)left.Combine(Operation.Subtract, right, inPlace: false);

    public static DoubleDataFrameColumn operator -(DoubleDataFrameColumn left, double right) => (DoubleDataFrameColumn)left.CombineValue(Operation.Subtract, right, inPlace: false, reversed: false);

    public static DoubleDataFrameColumn operator -(double left, DoubleDataFrameColumn right) => (DoubleDataFrameColumn)right.CombineValue(Operation.Subtract, left, inPlace: false, reversed: true);

    public static DoubleDataFrameColumn operator *(DoubleDataFrameColumn left, DoubleDataFrameColumn right) => (DoubleDataFrameColumn)left.Combine(Operation.Multiply, right, inPlace: false);

    public static DoubleDataFrameColumn operator *(DoubleDataFrameColumn left, double right) => (DoubleDataFrameColumn)left.CombineValue(Operation.Multiply, right, inPlace: false, reversed: false);

    public static DoubleDataFrameColumn operator *(double left, DoubleDataFrameColumn right) => (DoubleDataFrameColumn)right.CombineValue(Operation.Multiply, left, inPlace: false, reversed: true);

    public static DoubleDataFrameColumn operator /(DoubleDataFrameColumn left, DoubleDataFrameColumn right) => (DoubleDataFrameColumn)left.Combine(Operation.Divide, right, inPlace: false);

    public static DoubleDataFrameColumn operator /(DoubleDataFrameColumn left, double right) => (DoubleDataFrameColumn)left.CombineValue(Operation.Divide, right, inPlace: false, reversed: false);

    public static DoubleDataFrameColumn operator /(double left, DoubleDataFrameColumn right) => (DoubleDataFrameColumn)right.CombineValue(Operation.Divide, left, inPlace: false, reversed: true);

    public static DoubleDataFrameColumn operator %(DoubleDataFrameColumn left, DoubleDataFrameColumn right) => (DoubleDataFrameColumn)left.Combine(Operation.Modulo, right, inPlace: false);

    public static DoubleDataFrameColumn operator %(DoubleDataFrameColumn left, double right) => (DoubleDataFrameColumn)left.CombineValue(Operation.Modulo, right, inPlace: false, reversed: false);

    public static DoubleDataFrameColumn operator %(double left, DoubleDataFrameColumn right) => (DoubleDataFrameColumn)right.CombineValue(Operation.Modulo, left, inPlace: false, reversed: true);
}
