using System.Linq;
using TorchSharp.Dispatch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>What the convolutions share. Padding is symmetric, or `Same`; modes other than zeros are applied before.</summary>
public abstract class Convolution : Module<Tensor, Tensor>
{
    private protected Convolution(
        string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, Padding? padding_type,
        long[] dilation, long groups, bool bias, PaddingModes padding_mode, Device? device, ScalarType? dtype)
        : base(name)
    {
        if (groups < 1 || in_channels % groups != 0 || out_channels % groups != 0)
        {
            throw new System.ArgumentException($"{in_channels} input and {out_channels} output channels do not divide into {groups} groups");
        }
        (this.in_channels, this.out_channels, this.kernel_size) = (in_channels, out_channels, kernel_size);
        (this.stride, this.dilation, this.groups, this.padding_mode) = (stride, dilation, groups, padding_mode);
        if (padding_type is { } type) SetPadding(type);
        else SetPadding(padding);
        weight = Parameter(empty([out_channels, in_channels / groups, .. kernel_size], dtype, device));
        this.bias = bias ? Parameter(empty(out_channels, dtype, device)) : null;
        reset_parameters();
    }

    public Parameter weight { get; set => field = Own("weight", field, value)!; }

    public Parameter? bias { get; set => field = Own("bias", field, value); }

    public long in_channels { get; }

    public long out_channels { get; }

    public long[] kernel_size { get; set; }

    public long[] stride { get; set; }

    /// <summary>On each side of each dimension; null with a <see cref="padding_type"/>.</summary>
    public long[]? padding { get; private set; }

    public Padding? padding_type { get; private set; }

    public PaddingModes padding_mode { get; set; }

    public long[] dilation { get; set; }

    public long groups { get; set; }

    public void SetPadding(long[] padding) => (this.padding, padding_type) = (padding, null);

    public void SetPadding(Padding padding)
    {
        if (padding is Padding.Same && stride.Any(step => step != 1)) throw new System.ArgumentException("padding Same needs a stride of 1");
        (this.padding, padding_type) = (null, padding);
    }

    public void reset_parameters() => ResetWeightAndBias(weight, bias);

    protected override void RegisterComponents()
    {
    }

    private protected Tensor Convolve(Tensor input)
    {
        var op = $"conv{kernel_size.Length}d";
        if (padding_mode is PaddingModes.Zeros)
        {
            if (padding_type is not { } type) return Dispatcher.Call(op, input, weight, bias, stride, padding, dilation, groups);
            return Dispatcher.Call(op + ".padding", input, weight, bias, stride, type is Padding.Same ? "same" : "valid", dilation, groups);
        }
        // As functional.pad has it: the last dimension first, the length before and the length after.
        long[] around = [.. Enumerable.Range(0, kernel_size.Length).Reverse().SelectMany(Sides)];
        using var padded = functional.pad(input, around, padding_mode);
        return Dispatcher.Call(op, padded, weight, bias, stride, new long[stride.Length], dilation, groups);
    }

    private long[] Sides(int axis)
    {
        if (padding is not null) return [padding[axis], padding[axis]];
        if (padding_type is Padding.Valid) return [0, 0];
        long total = dilation[axis] * (kernel_size[axis] - 1);
        return [total / 2, total - (total / 2)];
    }
}
