using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class CoreConversionTests : IDisposable
{
    private static readonly ScalarType[] Types =
    [
        ScalarType.Bool, ScalarType.Byte, ScalarType.Int8, ScalarType.Int16, ScalarType.Int32, ScalarType.Int64,
        ScalarType.Float16, ScalarType.BFloat16, ScalarType.Float32, ScalarType.Float64,
    ];

    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Zero_and_one_survive_every_conversion()
    {
        foreach (var from in Types)
        {
            var x = tensor(new[] { 0, 1 }).to(from);
            foreach (var to in Types)
            {
                var y = x.to_type(to);
                Assert.Equal(to, y.dtype);
                Assert.Equal([0d, 1], y.@double().data<double>().ToArray());
            }
        }
    }

    [Fact]
    public void Each_type_has_a_method()
    {
        var x = tensor(1.75);
        Assert.Equal(ScalarType.Float32, x.@float().dtype);
        Assert.Equal(ScalarType.Float16, x.half().dtype);
        Assert.Equal(ScalarType.BFloat16, x.bfloat16().dtype);
        Assert.Equal(1, x.@long().item<long>());
        Assert.Equal(1, x.@int().item<int>());
        Assert.Equal((short)1, x.to(ScalarType.Int16).item<short>());
        Assert.Equal(ScalarType.Bool, x.to(ScalarType.Bool).dtype);
        Assert.Equal(ScalarType.Int32, x.type(ScalarType.Int32).dtype);
        Assert.Equal(3.5, x.type(y => y * 2).item<double>());
        Assert.Equal(ScalarType.Int64, x.to(arange(1)).dtype);
    }

    [Fact]
    public void A_conversion_that_changes_nothing_copies_nothing_unless_asked()
    {
        var x = zeros(1);
        x.to(ScalarType.Float32).fill_(1);
        x.cpu().add_(1);
        Assert.Equal(2, x.item<float>());
        x.to(ScalarType.Float32, copy: true).fill_(9);
        Assert.Equal(2, x.item<float>());
    }

    [Fact]
    public void The_source_is_disposed_where_asked_also_where_nothing_changed()
    {
        var x = ones(2);
        var same = x.to(ScalarType.Float32, disposeAfter: true);
        Assert.True(x.IsInvalid);
        Assert.Equal([1f, 1], same.data<float>().ToArray());
        var other = same.to(ScalarType.Float64, CPU, disposeAfter: true);
        Assert.True(same.IsInvalid);
        Assert.Equal([1d, 1], other.data<double>().ToArray());
    }

    [Fact]
    public void Numbers_become_tensors_and_come_back()
    {
        Tensor single = 1.5f;
        Tensor whole = 3;
        Tensor list = new[] { 1L, 2 };
        Tensor pair = (1f, 2f);
        Assert.Equal(1.5f, (float)single);
        Assert.Equal(3, (int)whole);
        Assert.Equal(2L, (long)list[1]);
        Assert.True((bool)(whole == 3));
        Assert.Equal((1f, 2f), pair.ToComplex32());
        Assert.Equal(1.5, single.ToDouble());
        Assert.Equal((byte)3, whole.ToByte());
        Assert.Equal((Half)1.5, single.ToHalf());
        Assert.Equal(3, whole.ToInt32());
        Assert.True(whole.ToBoolean());
        Assert.Equal(1, single.ToInt64());
    }

    [Fact]
    public void Arrays_and_numbers_have_an_extension()
    {
        Assert.Equal([2, 1], new[] { 1f, 2 }.ToTensor([2, 1]).shape);
        Assert.Equal(ScalarType.Int16, ((short)1).ToTensor().dtype);
        Assert.True(1f.ToTensor(requires_grad: true).requires_grad);
        Assert.Throws<ArgumentException>(() => 1.ToTensor(requires_grad: true));
        Assert.Equal(24, new long[] { 2, 3, 4 }.TotalSize());
        Assert.Equal([2, 3], zeros(2, 3).IntShape().ToArray());
    }

    [Fact]
    public void Only_a_single_element_is_a_number()
    {
        Assert.Throws<ExternalException>(() => (float)zeros(2));
        Assert.Throws<ExternalException>(() => zeros(2).ToComplexFloat64());
        Assert.Throws<OverflowException>(() => tensor(300).ToByte());
    }

    [Fact]
    public void Element_sizes_are_those_of_libtorch()
    {
        foreach (var type in Types) Assert.Equal(zeros(1, dtype: type).ElementSize, type.ElementSize());
        Assert.Equal(16, ScalarType.ComplexFloat64.ElementSize());
    }

    [Fact]
    public void Types_promote_as_in_libtorch()
    {
        Assert.Equal(ScalarType.Float32, promote_types(ScalarType.Int64, ScalarType.Float32));
        Assert.Equal(ScalarType.Float32, promote_types(ScalarType.Float16, ScalarType.BFloat16));
        Assert.Equal(ScalarType.Int16, promote_types(ScalarType.Byte, ScalarType.Int8));
        Assert.Equal(ScalarType.Float32, result_type(tensor(1), zeros(2)));
        Assert.Equal(ScalarType.Int64, (arange(2) * tensor(2)).dtype);
        Assert.Equal(ScalarType.Float32, (arange(2) * 0.5).dtype);
        Assert.True(can_cast(ScalarType.Int64, ScalarType.Float32));
        Assert.False(can_cast(ScalarType.Float32, ScalarType.Int64));
        Assert.True(is_tensor(zeros(1)));
    }

    [Fact]
    public void Floating_point_types_describe_themselves()
    {
        var single = finfo();
        Assert.Equal((32, 1.1920928955078125e-07, float.MaxValue, 1.1754943508222875e-38), (single.bits, single.eps, single.max, single.tiny));
        var wide = finfo(ScalarType.Float64);
        Assert.Equal((64, Math.BitIncrement(1) - 1, double.MaxValue, -double.MaxValue, 2.2250738585072014e-308), (wide.bits, wide.eps, wide.max, wide.min, wide.smallest_normal));
        Assert.Equal((65504, 0.0009765625, 6.103515625e-05), (finfo(ScalarType.Float16).max, finfo(ScalarType.Float16).eps, finfo(ScalarType.Float16).tiny));
        Assert.Equal((3.3895313892515355e38, 0.0078125), (finfo(ScalarType.BFloat16).max, finfo(ScalarType.BFloat16).eps));
        Assert.Throws<ArgumentException>(() => finfo(ScalarType.Int32));
    }
}
