using System.Globalization;

namespace Microsoft.Data.Analysis.Csv;

/// <summary>Which column a type makes, and which type texts suggest.</summary>
internal static class ColumnTypes
{
    /// <exception cref="NotSupportedException">There is no column for such values.</exception>
    public static DataFrameColumn Create(string name, Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.String => new StringDataFrameColumn(name),
        TypeCode.Boolean => new BooleanDataFrameColumn(name),
        TypeCode.Int32 => new Int32DataFrameColumn(name),
        TypeCode.Int64 => new Int64DataFrameColumn(name),
        TypeCode.Single => new SingleDataFrameColumn(name),
        TypeCode.Double => new DoubleDataFrameColumn(name),
        TypeCode.Decimal => new DecimalDataFrameColumn(name),
        TypeCode.Byte => new ByteDataFrameColumn(name),
        TypeCode.Int16 => new Int16DataFrameColumn(name),
        TypeCode.DateTime => new DateTimeDataFrameColumn(name),
        _ => throw new NotSupportedException($"column '{name}': there are no columns of {type}"),
    };

    /// <summary>bool, float or DateTime if all texts are such, string otherwise; empty texts and "null" say nothing.</summary>
    public static Type Guess(IEnumerable<string> texts)
    {
        var kinds = texts.Where(t => t.Length > 0 && !t.Equals("null", StringComparison.OrdinalIgnoreCase)).Select(GuessOne).ToHashSet();
        // Mixed with numbers the others count as numbers too: a later value that is none is an error, as in the original.
        return kinds.Count == 0 || kinds.Contains(typeof(string)) ? typeof(string)
            : kinds.Contains(typeof(float)) ? typeof(float)
            : kinds.Contains(typeof(bool)) ? typeof(bool)
            : typeof(DateTime);
    }

    private static Type GuessOne(string text) =>
        bool.TryParse(text, out _) ? typeof(bool)
        : float.TryParse(text, out _) ? typeof(float)
        : DateTime.TryParse(text, CultureInfo.CurrentCulture, out _) ? typeof(DateTime)
        : typeof(string);
}
