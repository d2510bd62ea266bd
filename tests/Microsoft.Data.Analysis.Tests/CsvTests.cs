using System.Globalization;
using System.Text;

namespace Microsoft.Data.Analysis.Tests;

public class CsvTests
{
    [Fact]
    public void Types_are_guessed_and_numbers_are_floats()
    {
        var frame = DataFrame.LoadCsvFromString("scheme,accuracy,pretrained,when\ndivided,78.0,true,2021-02-09\nspace,76.9,false,2021-02-10\n");

        Assert.Equal([typeof(string), typeof(float), typeof(bool), typeof(DateTime)], frame.Columns.Select(c => c.DataType));
        Assert.Equal(78f, frame["accuracy"][0]);
        Assert.Equal(new DateTime(2021, 2, 10), frame["when"][1]);
    }

    [Fact]
    public void Types_and_names_can_be_given()
    {
        var frame = DataFrame.LoadCsvFromString("1;2\n3;4\n", separator: ';', header: false, columnNames: ["a", ""], dataTypes: [typeof(int), typeof(double)]);

        Assert.Equal(["a", "Column1"], frame.Columns.Select(c => c.Name));
        Assert.Equal([1, 3], frame["a"].Cast<int?>());
        Assert.Equal([2.0, 4.0], frame["Column1"].Cast<double?>());
    }

    [Fact]
    public void Quotes_protect_separators_quotes_and_line_ends()
    {
        var frame = DataFrame.LoadCsvFromString("name,note\n\"a, b\",\"say \"\"hi\"\"\nagain\"\n");

        Assert.Equal("a, b", frame[0, 0]);
        Assert.Equal("say \"hi\"\nagain", frame[0, 1]);
    }

    [Fact]
    public void Empty_numbers_and_the_word_null_are_null_and_empty_texts_are_texts()
    {
        var frame = DataFrame.LoadCsvFromString("a,b\n1,x\n,\nnull,null\n");

        Assert.Equal([1f, null, null], frame["a"].Cast<float?>());
        Assert.Equal(["x", "", null], frame["b"].Cast<string?>());
    }

    [Fact]
    public void Blank_lines_are_skipped_and_blanks_around_values_trimmed()
    {
        var frame = DataFrame.LoadCsvFromString("a , b\n\n 1, x \n");

        Assert.Equal(["a", "b"], frame.Columns.Select(c => c.Name));
        Assert.Equal("x", frame[0, 1]);
        Assert.Equal(1, frame.Rows.Count);
    }

    [Fact]
    public void Only_so_many_rows_are_read()
    {
        const string text = "a\n1\n2\n3\n";

        Assert.Equal(2, DataFrame.LoadCsvFromString(text, numberOfRowsToRead: 2).Rows.Count);
        Assert.Equal([0L, 1L, 2L], DataFrame.LoadCsvFromString(text, addIndexColumn: true)["IndexColumn"].Cast<long?>());
    }

    [Fact]
    public void A_name_that_occurs_again_is_numbered_or_refused()
    {
        Assert.Throws<ArgumentException>(() => DataFrame.LoadCsvFromString("a,a,a\n1,2,3\n"));
        Assert.Equal(["a", "a.1", "a.2"], DataFrame.LoadCsvFromString("a,a,a\n1,2,3\n", renameDuplicatedColumns: true).Columns.Select(c => c.Name));
    }

    [Fact]
    public void Faulty_files_are_errors()
    {
        Assert.Throws<FormatException>(() => DataFrame.LoadCsvFromString(""));
        Assert.Throws<FormatException>(() => DataFrame.LoadCsvFromString("a,b\n1,2\n3\n"));
        Assert.Throws<FormatException>(() => DataFrame.LoadCsvFromString("a\n1\n2\n3\n4\n5\n6\n7\n8\n9\nten\n"));
        Assert.Throws<ArgumentException>(() => DataFrame.LoadCsvFromString("a\n1\n", guessRows: 0));
        Assert.Throws<FileNotFoundException>(() => DataFrame.LoadCsv("no such file.csv"));
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        var frame = new DataFrame(
            new StringDataFrameColumn("name, quoted", ["a,b", "say \"hi\""]),
            new DoubleDataFrameColumn("x", new double?[] { 0.1 + 0.2, null }),
            new Int64DataFrameColumn("n", [long.MaxValue, -1]));
        using var stream = new MemoryStream();

        DataFrame.SaveCsv(frame, stream, cultureInfo: CultureInfo.InvariantCulture);
        stream.Position = 0;
        var read = DataFrame.LoadCsv(stream, dataTypes: [typeof(string), typeof(double), typeof(long)]);

        Assert.Equal(frame.Columns.Select(c => c.Name), read.Columns.Select(c => c.Name));
        Assert.Equal(frame.Rows.Select(r => r.ToString()), read.Rows.Select(r => r.ToString()));
    }

    [Fact]
    public void Files_are_written_and_read()
    {
        var path = Path.GetTempFileName();
        try
        {
            DataFrame.SaveCsv(new DataFrame(new StringDataFrameColumn("a", ["é"])), path, encoding: Encoding.UTF8);
            Assert.Equal("é", DataFrame.LoadCsv(path)[0, 0]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void The_decimal_separator_cannot_separate_values()
    {
        var german = new CultureInfo("", useUserOverride: false) { NumberFormat = { NumberDecimalSeparator = "," } };

        Assert.Throws<ArgumentException>(() => DataFrame.SaveCsv(new DataFrame(), new MemoryStream(), cultureInfo: german));
    }
}
