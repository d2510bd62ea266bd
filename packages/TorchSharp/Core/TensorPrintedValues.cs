using System;
using System.Globalization;

namespace TorchSharp;

/// <summary>The elements of a tensor as text, by their row-major position.</summary>
internal sealed class TensorPrintedValues : IDisposable
{
    private readonly torch.Tensor values;
    private readonly Func<long, string> text;

    public TensorPrintedValues(torch.Tensor tensor, string format, CultureInfo culture)
    {
        using var detached = tensor.detach();
        using var local = detached.cpu();
        values = Widened(local);
        switch (tensor.dtype)
        {
            case torch.ScalarType.Bool:
                var truths = values.data<bool>();
                text = k => truths[k].ToString(culture);
                break;
            case torch.ScalarType.Float64:
                var doubles = values.data<double>();
                text = k => doubles[k].ToString(format, culture);
                break;
            case torch.ScalarType.ComplexFloat32 or torch.ScalarType.ComplexFloat64:
                var parts = values.data<double>();
                text = k => Complex(parts[2 * k], parts[(2 * k) + 1], format, culture);
                break;
            case var type when torch.is_floating_point(type):
                var floats = values.data<float>();
                text = k => floats[k].ToString(format, culture);
                break;
            default:
                var integers = values.data<long>();
                text = k => integers[k].ToString(culture);
                break;
        }
    }

    public string this[long position] => text(position);

    public void Dispose() => values.Dispose();

    private static torch.Tensor Widened(torch.Tensor tensor)
    {
        if (tensor.is_complex())
        {
            using var wide = tensor.to(torch.ScalarType.ComplexFloat64);
            using var resolved = Dispatch.Dispatcher.Call("resolve_conj", wide);
            using var parts = torch.RealAndImaginary(resolved);
            return parts.reshape(-1);
        }
        using var plain = tensor.to(tensor.dtype switch
        {
            torch.ScalarType.Bool or torch.ScalarType.Float64 => tensor.dtype,
            _ when tensor.is_floating_point() => torch.ScalarType.Float32,
            _ => torch.ScalarType.Int64,
        });
        return plain.reshape(-1);
    }

    private static string Complex(double real, double imaginary, string format, CultureInfo culture)
    {
        if (imaginary == 0) return real.ToString(format, culture);
        var second = imaginary.ToString(format, culture) + "i";
        return real == 0 ? second : $"{real.ToString(format, culture)}+{second}";
    }
}
