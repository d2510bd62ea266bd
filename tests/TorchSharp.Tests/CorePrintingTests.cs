using System.Globalization;
using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class CorePrintingTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose()
    {
        scope.Dispose();
        set_printoptions(TensorStringStyle.Julia, "g5", 100, Environment.NewLine, 6, 6);
    }

    [Fact]
    public void ToString_says_what_it_is_and_not_what_it_holds()
    {
        Assert.Equal("[2x3], type = Float32, device = cpu", zeros(2, 3).ToString());
        Assert.Equal("[], type = Int64, device = cpu", tensor(1L).ToString());
        Assert.Equal("[2], type = Bool, device = cpu", zeros(2, dtype: ScalarType.Bool).metastr());
        Assert.Equal("[2], type = Float32, device = meta", zeros(2, device: META).str());
    }

    [Fact]
    public void Numpy_style_puts_rows_in_brackets()
    {
        Assert.Equal("2.5", tensor(2.5f).npstr());
        Assert.Equal("[1, 2.5, -3]", tensor(new[] { 1f, 2.5f, -3 }).npstr());
        Assert.Equal("[[0, 1]\n [2, 3]]", arange(4).view(2, 2).npstr(newLine: "\n"));
        Assert.Equal("[[[0, 1]\n  [2, 3]]\n\n [[4, 5]\n  [6, 7]]]", arange(8).view(2, 2, 2).npstr(newLine: "\n"));
        Assert.Equal("[[True, False]]", tensor(new[,] { { true, false } }).npstr());
        Assert.Equal("[]", zeros(0).npstr());
    }

    [Fact]
    public void Long_dimensions_are_cut_in_the_middle()
    {
        Assert.Equal("[0, 1, 2, ... 7, 8, 9]", arange(10).npstr());
        Assert.Equal("[[0]\n [1]\n [2]\n ...\n [7]\n [8]\n [9]]", arange(10).view(10, 1).npstr(newLine: "\n"));
        set_printoptions(maxRows: 2, maxColumns: 3);
        Assert.Equal("[0, 1, ... 9]", arange(10).npstr());
        Assert.Equal("[[0]\n ...\n [9]]", arange(10).view(10, 1).npstr(newLine: "\n"));
        Assert.Equal("{\n {0L},\n ...\n {9L}\n}", arange(10).view(10, 1).cstr(newLine: "\n").Split("] ")[1]);
    }

    [Fact]
    public void CSharp_style_is_an_array()
    {
        Assert.Equal("[], type = Float32, device = cpu, value = 2", tensor(2f).cstr());
        Assert.Equal("[2], type = Float32, device = cpu, value = float [] {1f, 2f}", tensor(new[] { 1f, 2 }).cstr());
        Assert.Equal("[2x2], type = Int64, device = cpu, value = \nlong [,] {\n {0L, 1L},\n {2L, 3L}\n}", arange(4).view(2, 2).cstr(newLine: "\n"));
    }

    [Fact]
    public void Julia_style_aligns_columns()
    {
        Assert.Equal("[], type = Float64, device = cpu, value = 2", tensor(2d).jlstr());
        Assert.Equal("[3], type = Int32, device = cpu\n 1 -2 30\n", tensor(new[] { 1, -2, 30 }).jlstr(newLine: "\n"));
        Assert.Equal("[2x2], type = Int32, device = cpu\n  1 -2\n 30  4\n", tensor(new[,] { { 1, -2 }, { 30, 4 } }).jlstr(newLine: "\n"));
        Assert.Equal(
            "[2x1x2], type = Int64, device = cpu\n[0,..,..] =\n 0 1\n\n[1,..,..] =\n 2 3\n",
            arange(4).view(2, 1, 2).jlstr(newLine: "\n"));
        Assert.Equal("[0x2], type = Float32, device = cpu\n", zeros(0, 2).jlstr(newLine: "\n"));
    }

    [Fact]
    public void Julia_style_fits_the_line()
    {
        Assert.Equal("[5], type = Int64, device = cpu\n 0 1 2 ...\n", arange(5).jlstr(width: 9, newLine: "\n"));
    }

    [Fact]
    public void Numbers_follow_the_format_and_the_culture()
    {
        Assert.Equal("[0.333, 1.000]", tensor(new[] { 1 / 3f, 1 }).npstr("F3"));
        Assert.Equal("[0,5]", tensor(new[] { 0.5 }).npstr(cultureInfo: new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } }));
        set_printoptions(precision: 2, sci_mode: true);
        Assert.Equal("[1.50E+003]", tensor(new[] { 1500f }).str(style: TensorStringStyle.Numpy));
        Assert.Equal("[0.1, 0.1]", tensor(new[] { 0.1f, 0.1f }).half().npstr("g2"));
        Assert.Equal("[1+2i, 3, 4i]", tensor(new[] { new Complex(1, 2), new Complex(3, 0), new Complex(0, 4) }).npstr());
        Assert.Equal("[[1-2i]]", tensor(new[,] { { (1f, 2f) } }).H.npstr().Replace("+-", "-", StringComparison.Ordinal));
    }

    [Fact]
    public void The_default_style_can_be_chosen()
    {
        torch.TensorStringStyle = numpy;
        Assert.Equal("[1]", ones(1).str());
        Assert.Equal("[1]", ones(1).ToString(true));
        Assert.Equal("[1], type = Float32, device = cpu", ones(1).ToString(false));
        Assert.Throws<ArgumentException>(() => torch.TensorStringStyle = TensorStringStyle.Default);
    }

    [Fact]
    public void Printing_goes_row_by_row_also_where_memory_does_not()
    {
        Assert.Equal("[[0, 2]\n [1, 3]]", arange(4).view(2, 2).t().npstr(newLine: "\n"));
        Assert.Equal("[1, 3]", arange(4)[TensorIndex.Slice(1, null, 2)].npstr());
        Assert.Equal("[1]", ones(1, requires_grad: true).npstr());
    }
}
