using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class CoreFactoryTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Lengths_are_given_one_by_one_as_an_array_or_as_a_span()
    {
        Assert.Equal([2], ones(2).shape);
        Assert.Equal([2, 3], ones(2, 3).shape);
        Assert.Equal([2, 3, 4], ones(2, 3, 4).shape);
        Assert.Equal([2, 3, 4, 5], ones(2, 3, 4, 5).shape);
        Assert.Equal([2, 3], ones(2L, 3L).shape);
        Assert.Equal([2, 3, 4, 5, 6], ones(new long[] { 2, 3, 4, 5, 6 }).shape);
        Assert.Equal([7], ones((ReadOnlySpan<long>)[7]).shape);
        Assert.Equal([], zeros(Array.Empty<long>()).shape);
    }

    [Fact]
    public void The_type_is_asked_for_or_the_default()
    {
        Assert.Equal(ScalarType.Float32, zeros(1).dtype);
        Assert.Equal(ScalarType.Int32, zeros(1, dtype: ScalarType.Int32).dtype);
        Assert.Equal(ScalarType.Int64, full(1, 3).dtype);
        Assert.Equal(ScalarType.Bool, full(1, true).dtype);
        Assert.Equal(ScalarType.Int64, arange(3).dtype);
        Assert.Equal(ScalarType.Float32, arange(0, 1, 0.25).dtype);
        set_default_dtype(ScalarType.Float64);
        try
        {
            Assert.Equal(ScalarType.Float64, zeros(1).dtype);
            Assert.Equal(ScalarType.Float64, full(1, 0.5).dtype);
        }
        finally
        {
            set_default_dtype(ScalarType.Float32);
        }
    }

    [Fact]
    public void Sequences_hold_the_numbers_that_they_promise()
    {
        Assert.Equal([2L, 5, 8], arange(2, 10, 3).data<long>().ToArray());
        Assert.Equal([0f, 0.5f, 1], linspace(0, 1, 3).data<float>().ToArray());
        Assert.Equal([1f, 10, 100], logspace(0, 2, 3).data<float>().ToArray());
        Assert.Equal([1f, 2, 4], logspace(0, 2, 3, 2).data<float>().ToArray());
        Assert.Equal([1f, 0, 0, 0, 1, 0], eye(2, 3).data<float>().ToArray());
        Assert.Equal([1L, 3], empty_strided([2, 3], [1, 3]).stride());
    }

    [Fact]
    public void A_factory_named_like_takes_shape_and_type_from_a_tensor()
    {
        var model = zeros(2, 3, dtype: ScalarType.Int32);
        Assert.Equal([1, 1, 1, 1, 1, 1], ones_like(model).data<int>().ToArray());
        Assert.Equal([4, 4, 4, 4, 4, 4], model.full_like(4).data<int>().ToArray());
        Assert.Equal(ScalarType.Float64, rand_like(model, ScalarType.Float64).dtype);
        Assert.Equal([2, 3], randn_like(model, ScalarType.Float32).shape);
        Assert.Equal([2, 3], empty_like(model).shape);
        Assert.True(zeros_like(model, ScalarType.Float32, requires_grad: true).requires_grad);
    }

    [Fact]
    public void A_factory_named_new_takes_only_the_type_from_a_tensor()
    {
        var model = zeros(1, dtype: ScalarType.Float64);
        Assert.Equal([0d, 0], model.new_zeros(2).data<double>().ToArray());
        Assert.Equal([1d, 1], model.new_ones(1, 2).data<double>().ToArray());
        Assert.Equal([3d, 3], model.new_full(2, 3).data<double>().ToArray());
        Assert.Equal([2, 3, 4, 5], model.new_empty(2, 3, 4, 5).shape);
        Assert.Equal(ScalarType.Int64, model.new_zeros([1], ScalarType.Int64).dtype);
    }

    [Fact]
    public void A_scalar_keeps_its_type()
    {
        Assert.Equal(ScalarType.Byte, tensor((byte)1).dtype);
        Assert.Equal(ScalarType.Int8, tensor((sbyte)1).dtype);
        Assert.Equal(ScalarType.Int16, tensor((short)1).dtype);
        Assert.Equal(ScalarType.Int32, tensor(1).dtype);
        Assert.Equal(ScalarType.Int64, tensor(1L).dtype);
        Assert.Equal(ScalarType.Float32, tensor(1f).dtype);
        Assert.Equal(ScalarType.Float64, tensor(1d).dtype);
        Assert.Equal(ScalarType.Bool, tensor(true).dtype);
        Assert.Equal(ScalarType.BFloat16, tensor((BFloat16)1f).dtype);
        Assert.Equal(ScalarType.ComplexFloat32, tensor((1f, 2f)).dtype);
        Assert.Equal(ScalarType.ComplexFloat64, tensor(new Complex(1, 2)).dtype);
        Assert.Equal(ScalarType.Float32, tensor(1f, dtype: ScalarType.Float32).dtype);
    }

    [Fact]
    public void Arrays_of_any_rank_keep_their_shape()
    {
        Assert.Equal([2, 2], tensor(new[,] { { 1, 2 }, { 3, 4 } }).shape);
        Assert.Equal([1, 2, 2], tensor(new float[,,] { { { 1, 2 }, { 3, 4 } } }).shape);
        Assert.Equal([1, 1, 1, 2], tensor(new double[,,,] { { { { 1, 2 } } } }).shape);
        Assert.Equal([2, 0], tensor(new int[2, 0]).shape);
        Assert.Equal([2, 2], tensor([1, 2, 3, 4], 2, 2).shape);
        Assert.Equal([2, 2, 1], tensor(new List<float> { 1, 2, 3, 4 }, 2, 2, 1).shape);
        Assert.Equal([4, 1], tensor(new long[] { 1, 2, 3, 4 }, [4, 1]).shape);
        Assert.Equal([2f, 3], tensor(new[] { 1f, 2, 3 }.AsMemory(1), [2]).data<float>().ToArray());
        Assert.Equal([1, 2, 3, 4], tensor(new[,] { { 1, 2 }, { 3, 4 } }).data<int>().ToArray());
    }

    [Fact]
    public void An_array_of_another_length_than_the_shape_is_refused() =>
        Assert.Throws<ArgumentException>(() => tensor(new[] { 1, 2, 3 }, [2, 2]));

    [Fact]
    public void A_tensor_holds_a_copy_of_the_array()
    {
        var array = new[] { 1f, 2 };
        var x = tensor(array);
        array[0] = 5;
        Assert.Equal([1f, 2], x.data<float>().ToArray());
    }

    [Fact]
    public void An_array_whose_type_is_known_at_run_time_only()
    {
        Assert.Equal([1, 2], from_array(new int[1, 2]).shape);
        Assert.Equal(ScalarType.Int16, from_array(new short[3]).dtype);
        Assert.Equal(ScalarType.Int8, from_array(new sbyte[] { -1 }).dtype);
        Assert.Equal(-1, from_array(new sbyte[] { -1 }).item<sbyte>());
        Assert.Equal(ScalarType.Float64, from_array(new[] { 1 }, ScalarType.Float64).dtype);
        Assert.Equal(ScalarType.Float16, from_array(new[] { (Half)1 }).dtype);
        Assert.Equal(ScalarType.Float32, as_tensor(new[] { 1.5 }, ScalarType.Float32).dtype);
        Assert.Throws<NotImplementedException>(() => from_array(new[] { 1m }));
    }

    [Fact]
    public void As_tensor_leaves_a_tensor_of_the_right_type_where_it_is()
    {
        var x = zeros(2);
        as_tensor(x).fill_(3);
        Assert.Equal([3f, 3], x.data<float>().ToArray());
        as_tensor(x, ScalarType.Float64).fill_(4);
        Assert.Equal([3f, 3], x.data<float>().ToArray());
    }

    [Fact]
    public void A_buffer_is_read_from_an_offset()
    {
        var buffer = new[] { 1f, 2, 3, 4 };
        Assert.Equal([2f, 3], frombuffer(buffer, ScalarType.Float32, 2, 1).data<float>().ToArray());
        Assert.Equal([3d, 4], frombuffer(buffer, ScalarType.Float64, offset: 2).data<double>().ToArray());
        Assert.Throws<ArgumentException>(() => frombuffer(buffer, ScalarType.Float32, offset: 4));
        Assert.Throws<IndexOutOfRangeException>(() => frombuffer(buffer, ScalarType.Float32, 4, 1));
    }

    [Fact]
    public void Complex_numbers_go_in_and_come_out()
    {
        Assert.Equal((1f, -2f), tensor((1f, -2f)).ToComplexFloat32());
        Assert.Equal(new Complex(3, 4), tensor(new Complex(3, 4)).ToComplexFloat64());
        Assert.Equal(new Complex(1, 2), complex(tensor(1d), tensor(2d)).ToComplex64());
        var x = tensor(new[] { (1f, 2f), (3f, 4f) });
        Assert.Equal((3f, 4f), x[1].ToComplexFloat32());
        Assert.Equal([5f], tensor(new[] { (3f, 4f) }).abs().data<float>().ToArray());
        Assert.Equal((1f, -2f), tensor(new[,] { { (1f, 2f) } }).H.ToComplexFloat32());
    }

    [Fact]
    public void A_bfloat16_rounds_to_the_nearest_even()
    {
        foreach (var value in new[] { 0f, 1, -1.5f, 3.14159f, 1e-40f, 3.3961776e38f, float.NaN, float.NegativeInfinity, 1.00390625f, 1.01171875f })
        {
            var expected = tensor(value).bfloat16().item<float>();
            Assert.Equal(expected, ((BFloat16)value).ToSingle());
            Assert.Equal(expected, tensor((BFloat16)value).ToBFloat16().ToSingle());
        }
        Assert.Equal([1f, 2], tensor(new[] { (BFloat16)1f, (BFloat16)2f }).@float().data<float>().ToArray());
        Assert.Equal(1f, (float)BFloat16.FromRawValue(0x3F80));
        Assert.True((BFloat16)1f < (BFloat16)2f && (BFloat16)1f == (BFloat16)1.001f && (BFloat16)1f != (BFloat16)2f);
        Assert.Equal(0, ((BFloat16)2d).CompareTo((object)(BFloat16)2f));
    }
}
