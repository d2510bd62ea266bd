using Microsoft.Data.Analysis.Computations;

namespace Microsoft.Data.Analysis;

public partial class StringDataFrameColumn
{
    /// <summary>Puts a text behind each value; a null becomes the text.</summary>
    public StringDataFrameColumn Add(string value, bool inPlace = false) => Map(v => v + value, inPlace);

    /// <summary>Puts a text before each value; a null becomes the text.</summary>
    public static StringDataFrameColumn Add(string value, StringDataFrameColumn right) => right.Map(v => value + v, inPlace: false);

    public static StringDataFrameColumn operator +(StringDataFrameColumn column, string value) => column.Add(value);

    public static StringDataFrameColumn operator +(string value, StringDataFrameColumn column) => Add(value, column);

    /// <summary>True in each row whose value is this text.</summary>
    public PrimitiveDataFrameColumn<bool> ElementwiseEquals(string? value) => Matches(v => v == value);

    /// <summary>True in each row whose value is not this text.</summary>
    public PrimitiveDataFrameColumn<bool> ElementwiseNotEquals(string? value) => Matches(v => v != value);

    internal override DataFrameColumn CombineColumn(Operation operation, DataFrameColumn right, bool inPlace)
    {
        if (operation != Operation.Add)
            return base.CombineColumn(operation, right, inPlace);
        long row = 0;
        return Map(v => v + right[row++], inPlace);
    }

    internal override DataFrameColumn CombineValue<T>(Operation operation, T value, bool inPlace, bool reversed) =>
        operation == Operation.Add && !reversed ? Add(value?.ToString() ?? "", inPlace) : base.CombineValue(operation, value, inPlace, reversed);

    internal override PrimitiveDataFrameColumn<bool> CompareColumn(Comparison comparison, DataFrameColumn right)
    {
        long row = 0;
        return comparison switch
        {
            Comparison.Equals => Matches(v => v == right[row++]?.ToString()),
            Comparison.NotEquals => Matches(v => v != right[row++]?.ToString()),
            _ => base.CompareColumn(comparison, right),
        };
    }

    internal override PrimitiveDataFrameColumn<bool> CompareValue<T>(Comparison comparison, T value) => comparison switch
    {
        Comparison.Equals => ElementwiseEquals(value?.ToString()),
        Comparison.NotEquals => ElementwiseNotEquals(value?.ToString()),
        _ => base.CompareValue(comparison, value),
    };

    private BooleanDataFrameColumn Matches(Func<string?, bool> test) => new(Name, values.Select(test));
}
