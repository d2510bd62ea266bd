using System.Globalization;
using System.Text;
using Microsoft.Data.Analysis.Csv;

namespace Microsoft.Data.Analysis;

public partial class DataFrame
{
    /// <summary>Reads comma-separated values from a file. Types are guessed: numbers become float, unless <paramref name="dataTypes"/> says otherwise.</summary>
    /// <param name="filename">The file.</param>
    /// <param name="separator">What is between two values.</param>
    /// <param name="header">Whether the first line has the columns' names.</param>
    /// <param name="columnNames">The columns' names, instead of the file's; without both they are Column0, Column1, ...</param>
    /// <param name="dataTypes">The columns' types; null to guess.</param>
    /// <param name="numRows">How many rows to read at most; -1 for all.</param>
    /// <param name="guessRows">From how many lines, the header included, types are guessed.</param>
    /// <param name="addIndexColumn">Whether the row numbers come first as "IndexColumn".</param>
    /// <param name="encoding">UTF-8 if not given.</param>
    /// <param name="renameDuplicatedColumns">Whether a name that occurs again gets .1, .2, ...; otherwise it is an error.</param>
    /// <param name="cultureInfo">How numbers and dates are written; null for the current culture.</param>
    /// <exception cref="FormatException">The file is empty, a quote is not closed, or a value is not of its column's type.</exception>
    /// <exception cref="ArgumentException">A row has more values than there are columns, or a name occurs twice.</exception>
    public static DataFrame LoadCsv(string filename, char separator = ',', bool header = true, string[]? columnNames = null, Type[]? dataTypes = null, int numRows = -1, int guessRows = 10, bool addIndexColumn = false, Encoding? encoding = null, bool renameDuplicatedColumns = false, CultureInfo? cultureInfo = null)
    {
        using var stream = File.OpenRead(filename);
        return LoadCsv(stream, separator, header, columnNames, dataTypes, numRows, guessRows, addIndexColumn, encoding, renameDuplicatedColumns, cultureInfo);
    }

    /// <summary>Reads comma-separated values from a stream that can seek.</summary>
    /// <param name="numberOfRowsToRead">How many rows to read at most; -1 for all.</param>
    /// <param name="guessTypeFunction">From the first values of a column to its type.</param>
    /// <inheritdoc cref="LoadCsv(string, char, bool, string[], Type[], int, int, bool, Encoding, bool, CultureInfo)"/>
    public static DataFrame LoadCsv(Stream csvStream, char separator = ',', bool header = true, string[]? columnNames = null, Type[]? dataTypes = null, long numberOfRowsToRead = -1, int guessRows = 10, bool addIndexColumn = false, Encoding? encoding = null, bool renameDuplicatedColumns = false, CultureInfo? cultureInfo = null, Func<IEnumerable<string>, Type>? guessTypeFunction = null)
    {
        if (!csvStream.CanSeek)
            throw new ArgumentException("the stream cannot seek: copy it into a MemoryStream first", nameof(csvStream));
        using var reader = new StreamReader(csvStream, encoding ?? Encoding.UTF8, leaveOpen: true);
        return new CsvTable(reader, separator, header, columnNames, dataTypes, numberOfRowsToRead, guessRows, renameDuplicatedColumns, cultureInfo, guessTypeFunction)
            .ToDataFrame(addIndexColumn);
    }

    /// <summary>Reads comma-separated values from a text.</summary>
    /// <inheritdoc cref="LoadCsv(Stream, char, bool, string[], Type[], long, int, bool, Encoding, bool, CultureInfo, Func{IEnumerable{string}, Type})"/>
    public static DataFrame LoadCsvFromString(string csvString, char separator = ',', bool header = true, string[]? columnNames = null, Type[]? dataTypes = null, long numberOfRowsToRead = -1, int guessRows = 10, bool addIndexColumn = false, bool renameDuplicatedColumns = false, CultureInfo? cultureInfo = null, Func<IEnumerable<string>, Type>? guessTypeFunction = null)
    {
        using var reader = new StringReader(csvString);
        return new CsvTable(reader, separator, header, columnNames, dataTypes, numberOfRowsToRead, guessRows, renameDuplicatedColumns, cultureInfo, guessTypeFunction)
            .ToDataFrame(addIndexColumn);
    }

    /// <summary>A table of rows in memory.</summary>
    /// <param name="vals">The rows; values are converted to the columns' types.</param>
    /// <param name="columnInfos">Name and type of each column.</param>
    public static DataFrame LoadFrom(IEnumerable<IList<object?>> vals, IList<(string, Type)> columnInfos)
    {
        var frame = new DataFrame(columnInfos.Select(info => ColumnTypes.Create(info.Item1, info.Item2)));
        foreach (var row in vals)
            frame.Append(row, inPlace: true);
        return frame;
    }
}
