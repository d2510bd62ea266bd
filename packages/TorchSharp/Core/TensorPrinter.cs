using System;
using System.Linq;
using System.Text;

namespace TorchSharp;

/// <summary>Lays printed values out in one of the three styles.</summary>
internal sealed class TensorPrinter(TensorPrintedValues values, string metadata, long[] shape, torch.ScalarType type, string newLine)
{
    private const string Gap = "...";
    private readonly StringBuilder text = new();

    /// <summary>Rows in brackets, without commas between them.</summary>
    public string Numpy()
    {
        if (shape.Length == 0) return values[0];
        Nest(0, 0, '[', ']', "", rank => string.Concat(Enumerable.Repeat(newLine, rank - 1)));
        return text.ToString();
    }

    /// <summary>As an array would be written in C#.</summary>
    public string CSharp()
    {
        var (name, suffix) = type switch
        {
            torch.ScalarType.Bool => ("bool", ""),
            torch.ScalarType.Byte => ("byte", ""),
            torch.ScalarType.Int8 => ("sbyte", ""),
            torch.ScalarType.Int16 => ("short", ""),
            torch.ScalarType.Int32 => ("int", ""),
            torch.ScalarType.Int64 => ("long", "L"),
            torch.ScalarType.Float16 => ("float16", "f"),
            torch.ScalarType.BFloat16 => ("bfloat16", "f"),
            torch.ScalarType.Float32 => ("float", "f"),
            torch.ScalarType.Float64 => ("double", ""),
            torch.ScalarType.ComplexFloat32 => ("complex32", ""),
            _ => ("complex64", ""),
        };
        if (shape.Length == 0) return $"{metadata}, value = {values[0]}";
        text.Append(metadata).Append(", value = ");
        if (shape.Length > 1) text.Append(newLine);
        text.Append(name).Append(" [").Append(',', shape.Length - 1).Append("] ");
        var start = text.Length;
        Nest(0, 0, '{', '}', suffix, _ => "," + newLine);
        if (shape.Length > 1)
        {
            text.Insert(start + 1, newLine + " ");
            text.Insert(text.Length - 1, newLine);
        }
        return text.ToString();
    }

    /// <summary>Metadata, then one table for each matrix, as many columns as the line holds.</summary>
    public string Julia(int width)
    {
        text.Append(metadata);
        if (shape.Length == 0) return text.Append(", value = ").Append(values[0]).ToString();
        long rows = shape.Length == 1 ? 1 : shape[^2];
        long size = rows * shape[^1];
        long tables = size == 0 ? 1 : shape.Aggregate(1L, (product, length) => product * length) / size;
        for (long table = 0; table < tables; table++)
        {
            text.Append(newLine);
            if (shape.Length > 2) text.Append(Place(table)).Append(" =").Append(newLine);
            Table(table * size, rows, shape[^1], width);
        }
        return text.ToString();
    }

    // The indices of the table with this row-major position, e.g. [1,0,..,..].
    private string Place(long table)
    {
        var place = new long[shape.Length - 2];
        for (int k = place.Length - 1; k >= 0; k--) (table, place[k]) = Math.DivRem(table, shape[k]);
        return $"[{string.Join(',', place)},..,..]";
    }

    private void Table(long start, long rows, long columns, int width)
    {
        var cells = new string[rows][];
        for (long row = 0; row < rows; row++)
        {
            int left = width;
            cells[row] = [.. Enumerable.Range(0, (int)columns).Select(column => values[start + (row * columns) + column]).TakeWhile(Fits)];

            bool Fits(string cell)
            {
                bool fits = cell.Length + Gap.Length + 1 <= left;
                left -= cell.Length + 1;
                return fits;
            }
        }
        int shown = cells.Length == 0 ? 0 : cells.Min(row => row.Length);
        var widths = Enumerable.Range(0, shown).Select(column => cells.Max(row => row[column].Length)).ToArray();
        foreach (var row in cells)
        {
            for (int column = 0; column < shown; column++) text.Append(' ').Append(row[column].PadLeft(widths[column]));
            text.Append(shown < columns ? " " + Gap : "").Append(newLine);
        }
    }

    private void Nest(int axis, long start, char open, char close, string suffix, Func<int, string> between)
    {
        int rank = shape.Length - axis;
        long length = shape[axis];
        long size = shape[(axis + 1)..].Aggregate(1L, (product, extent) => product * extent);
        int most = rank == 1 ? torch.MaxColumns : torch.MaxRows;
        long tail = length <= most ? 0 : most / 2;
        long head = length <= most ? length : most - tail;
        text.Append(open);
        for (long k = 0; k < length; k++)
        {
            if (k == head)
            {
                text.Append(' ', rank == 1 ? 0 : axis + 1).Append(Gap).Append(rank == 1 ? " " : between(rank).TrimStart(','));
                k = length - tail;
            }
            if (rank == 1)
            {
                text.Append(values[start + k]).Append(suffix).Append(k + 1 < length ? ", " : "");
                continue;
            }
            text.Append(' ', k == 0 ? 0 : axis + 1);
            Nest(axis + 1, start + (k * size), open, close, suffix, between);
            text.Append(k + 1 < length ? between(rank) : "");
        }
        text.Append(close);
    }
}
