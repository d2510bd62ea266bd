using Microsoft.Data.Analysis.Computations;

namespace Microsoft.Data.Analysis;

// With another float column or a float the result has this type at compile time too; with others see DataFrameColumn's operators.
public partial class SingleDataFrameColumn
{
    public static SingleDataFrameColumn operator +(SingleDataFrameColumn left, SingleDataFrameColumn right) => (SingleDataFrameColumn)left.Combine(Operation.Add, right, inPlace: false);

    public static SingleDataFrameColumn operator +(SingleDataFrameColumn left, float right) => (SingleDataFrameColumn)left.CombineValue(Operation.Add, right, inPlace: false, reversed: false);

    public static SingleDataFrameColumn operator +(float left, SingleDataFrameColumn right) => (SingleDataFrameColumn)right.CombineValue(Operation.Add, left, inPlace: false, reversed: true);

    public static SingleDataFrameColumn operator -(SingleDataFrameColumn left, SingleDataFrameColumn right) => (SingleDataFrameColumn)left.Combine(Operation.Subtract, right, inPlace: false);

    public static SingleDataFrameColumn operator -(SingleDataFrameColumn left, float right) => (SingleDataFrameColumn)left.CombineValue(Operation.Subtract, right, inPlace: false, reversed: false);

    public static SingleDataFrameColumn operator -(float left, SingleDataFrameColumn right) => (SingleDataFrameColumn)right.CombineValue(Operation.Subtract, left, inPlace: false, reversed: true);

    public static SingleDataFrameColumn operator *(SingleDataFrameColumn left, SingleDataFrameColumn right) => (SingleDataFrameColumn)left.Combine(Operation.Multiply, right, inPlace: false);

    public static SingleDataFrameColumn operator *(SingleDataFrameColumn left, float right) => (SingleDataFrameColumn)left.CombineValue(Operation.Multiply, right, inPlace: false, reversed: false);

    public static SingleDataFrameColumn operator *(float left, SingleDataFrameColumn right) => (SingleDataFrameColumn)right.CombineValue(Operation.Multiply, left, inPlace: false, reversed: true);

    public static SingleDataFrameColumn operator /(SingleDataFrameColumn left, SingleDataFrameColumn right) => (SingleDataFrameColumn)left.Combine(Operation.Divide, right, inPlace: false);

    public static SingleDataFrameColumn operator /(SingleDataFrameColumn left, float right) => (SingleDataFrameColumn)left.CombineValue(Operation.Divide, right, inPlace: false, reversed: false);

    public static SingleDataFrameColumn operator /(float left, SingleDataFrameColumn right) => (SingleDataFrameColumn)right.CombineValue(Operation.Divide, left, inPlace: false, reversed: true);

    public static SingleDataFrameColumn operator %(SingleDataFrameColumn left, SingleDataFrameColumn right) => (SingleDataFrameColumn)left.Combine(Operation.Modulo, right, inPlace: false);

    public static SingleDataFrameColumn operator %(SingleDataFrameColumn left, float right) => (SingleDataFrameColumn)left.CombineValue(Operation.Modulo, right, inPlace: false, reversed: false);

    public static SingleDataFrameColumn operator %(float left, SingleDataFrameColumn right) => (SingleDataFrameColumn)right.CombineValue(Operation.Modulo, left, inPlace: false, reversed: true);
}
