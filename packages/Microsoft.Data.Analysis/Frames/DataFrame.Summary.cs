namespace Microsoft.Data.Analysis;

public partial class DataFrame
{
    /// <summary>Type and number of values of each column.</summary>
    public DataFrame Info()
    {
        var columns = Columns.Select(DataFrameColumn (column) => column.Info()).ToList();
        return columns.Count == 0 ? new DataFrame() : new DataFrame([new StringDataFrameColumn("Info", ["DataType", LengthLabel]), .. columns]);
    }

    /// <summary>Number of values, maximum, minimum and mean of each numeric column, as floats.</summary>
    public DataFrame Description()
    {
        var columns = Columns.Where(column => column.HasDescription()).Select(column => column.Description()).ToList();
        return columns.Count == 0 ? new DataFrame() : new DataFrame([new StringDataFrameColumn("Description", [LengthLabel, "Max", "Min", "Mean"]), .. columns]);
    }

    /// <summary>The first 25 rows as text, columns padded to a common width.</summary>
    public override string ToString() => ToString(PreviewRows);

    /// <summary>The first <paramref name="rowsToShow"/> rows as text, columns padded to a common width.</summary>
    public string ToString(long rowsToShow)
    {
        var width = Math.Max(10, Columns.Select(column => column.Name.Length + 1).DefaultIfEmpty().Max());
        using var text = new StringWriter();
        text.WriteLine(string.Concat(Columns.Select(column => column.Name.PadRight(width))));
        foreach (var row in Rows.Take(checked((int)Math.Min(rowsToShow, int.MaxValue))))
            text.WriteLine(string.Concat(row.Select(value => (value ?? "null").ToString()!.PadRight(width))));
        if (rowsToShow < Rows.Count)
            text.WriteLine($"  ... {rowsToShow} of total {Rows.Count}");
        return text.ToString();
    }

    private const string LengthLabel = "Length (excluding null values)";
}
