using System;
using System.ComponentModel;
using System.Globalization;

namespace TorchSharp;

public static partial class torch
{
    public const TensorStringStyle julia = TensorStringStyle.Julia;
    public const TensorStringStyle numpy = TensorStringStyle.Numpy;
    public const TensorStringStyle csharp = TensorStringStyle.CSharp;

    private static TensorStringStyle stringStyle = TensorStringStyle.Julia;
    private static string floatFormat = "g5";
    private static string lineEnd = Environment.NewLine;
    private static int lineWidth = 100;

    internal static int MaxRows { get; private set; } = 6;

    internal static int MaxColumns { get; private set; } = 6;

    /// <summary>The style that stands for <see cref="TensorStringStyle.Default"/>.</summary>
    public static TensorStringStyle TensorStringStyle
    {
        get => stringStyle;
        set => stringStyle = value is TensorStringStyle.Default ? throw new ArgumentException("Default cannot stand for itself") : value;
    }

    public static void set_printoptions(int precision, int? linewidth = null, string? newLine = null, bool sci_mode = false, int? maxRows = null, int? maxColumns = null) =>
        set_printoptions(null, $"{(sci_mode ? 'E' : 'F')}{precision}", linewidth, newLine, maxRows, maxColumns);

    public static void set_printoptions(TensorStringStyle? style = null, string? floatFormat = null, int? linewidth = null, string? newLine = null, int? maxRows = null, int? maxColumns = null)
    {
        TensorStringStyle = style ?? TensorStringStyle;
        torch.floatFormat = floatFormat ?? torch.floatFormat;
        lineEnd = newLine ?? lineEnd;
        lineWidth = linewidth ?? lineWidth;
        MaxRows = maxRows ?? MaxRows;
        MaxColumns = maxColumns ?? MaxColumns;
    }

    internal static Tensor RealAndImaginary(Tensor complex) => Dispatch.Dispatcher.Call("view_as_real", complex);

    public partial class Tensor
    {
        /// <summary>Shape, element type and device; the values only in the other overloads.</summary>
        public override string ToString() => IsInvalid ? "" : $"[{string.Join('x', shape)}], type = {dtype}, device = {device}";

        public string ToString(bool disamb, string? fltFormat = null, int? width = null, CultureInfo? cultureInfo = null, string? newLine = null) =>
            disamb ? ToString(TensorStringStyle, fltFormat, width, cultureInfo, newLine) : ToString();

        public string ToString(TensorStringStyle style, string? fltFormat = null, int? width = null, CultureInfo? cultureInfo = null, string? newLine = null)
        {
            if (style is TensorStringStyle.Default) style = TensorStringStyle;
            if (style is TensorStringStyle.Metadata || is_meta) return ToString();
            using var values = new TensorPrintedValues(this, fltFormat ?? floatFormat, cultureInfo ?? CultureInfo.CurrentCulture);
            var printer = new TensorPrinter(values, ToString(), shape, dtype, newLine ?? lineEnd);
            return style switch
            {
                TensorStringStyle.Julia => printer.Julia(width ?? lineWidth),
                TensorStringStyle.Numpy => printer.Numpy(),
                TensorStringStyle.CSharp => printer.CSharp(),
                _ => throw new InvalidEnumArgumentException(nameof(style), (int)style, typeof(TensorStringStyle)),
            };
        }
    }
}

public static partial class TensorExtensionMethods
{
    public static string str(this torch.Tensor tensor, string? fltFormat = null, int? width = null, string? newLine = null, CultureInfo? cultureInfo = null, TensorStringStyle style = TensorStringStyle.Default) =>
        tensor.ToString(style, fltFormat, width, cultureInfo, newLine);

    public static string jlstr(this torch.Tensor tensor, string? fltFormat = null, int? width = null, string? newLine = null, CultureInfo? cultureInfo = null) =>
        tensor.ToString(TensorStringStyle.Julia, fltFormat, width, cultureInfo, newLine);

    public static string npstr(this torch.Tensor tensor, string? fltFormat = "g5", int? width = 100, string? newLine = null, CultureInfo? cultureInfo = null) =>
        tensor.ToString(TensorStringStyle.Numpy, fltFormat, width, cultureInfo, newLine);

    public static string cstr(this torch.Tensor tensor, string? fltFormat = "g5", int? width = 100, string? newLine = null, CultureInfo? cultureInfo = null) =>
        tensor.ToString(TensorStringStyle.CSharp, fltFormat, width, cultureInfo, newLine);

    public static string metastr(this torch.Tensor tensor) => tensor.ToString();

    public static torch.Tensor print(this torch.Tensor t, string? fltFormat = "g5", int? width = 100, string? newLine = null, CultureInfo? cultureInfo = null, TensorStringStyle style = TensorStringStyle.Default)
    {
        Console.WriteLine(t.ToString(style, fltFormat, width, cultureInfo, newLine));
        return t;
    }
}
