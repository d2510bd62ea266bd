using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class CoreTensorFileTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly string path = Path.GetTempFileName();

    public void Dispose()
    {
        scope.Dispose();
        File.Delete(path);
    }

    private static byte[] Saved(Tensor tensor)
    {
        var stream = new MemoryStream();
        tensor.Save(stream);
        return stream.ToArray();
    }

    private static Tensor Loaded(params byte[] bytes) => Tensor.Load(new MemoryStream(bytes));

    [Fact]
    public void The_stream_is_type_rank_lengths_and_elements()
    {
        Assert.Equal([3, 2, 1, 2, 1, 0, 0, 0, 255, 255, 255, 255], Saved(tensor(new[,] { { 1, -1 } })));
        Assert.Equal([0, 1, 0xC8, 0x01], Saved(zeros(200, dtype: ScalarType.Byte))[..4]);
        Assert.Equal([6, 0, 0, 0, 128, 63], Saved(tensor(1f)));
        Assert.Equal([6, 1, 0], Saved(zeros(0)));
    }

    [Fact]
    public void What_is_saved_is_loaded()
    {
        foreach (var original in new[] { randn(3, 4), tensor(5L), arange(10), zeros(0, 3), randn(2).bfloat16(), tensor(new[] { true, false }), tensor((1f, 2f)), randn(1 << 19) })
        {
            var copy = Loaded(Saved(original));
            Assert.Equal(original.dtype, copy.dtype);
            Assert.True(original.Equals(copy));
            original.Save(path);
            Assert.True(original.Equals(Tensor.Load(path)));
        }
    }

    [Fact]
    public void Rows_are_saved_in_order_whatever_the_strides()
    {
        Assert.Equal([0L, 2, 1, 3], Loaded(Saved(arange(4).view(2, 2).t())).data<long>().ToArray());
        Assert.True(Loaded(Saved(ones(2, requires_grad: true))).Equals(ones(2)));
    }

    [Fact]
    public void Several_tensors_follow_each_other()
    {
        var stream = new MemoryStream();
        var writer = new BinaryWriter(stream);
        arange(3).Save(writer);
        ones(2).Save(writer);
        zeros(1).Save(writer);
        stream.Position = 0;
        var reader = new BinaryReader(stream);
        var target = zeros(3, dtype: ScalarType.Int64).t();
        target.Load(reader);
        Assert.Equal([0L, 1, 2], target.data<long>().ToArray());
        Assert.Equal([0f, 0], TensorExtensionMethods.Load(reader, skip: true).data<float>().ToArray());
        Assert.Equal([0f], TensorExtensionMethods.Load(reader).data<float>().ToArray());
    }

    [Fact]
    public void A_parameter_is_loaded_in_place()
    {
        var weight = zeros(2, requires_grad: true);
        weight.Load(new BinaryReader(new MemoryStream(Saved(ones(2)))));
        Assert.Equal([1f, 1], weight.data<float>().ToArray());
        Assert.True(weight.requires_grad && weight.is_leaf);
    }

    [Fact]
    public void Another_type_or_shape_is_refused()
    {
        Assert.Throws<ArgumentException>(() => zeros(2).Load(new BinaryReader(new MemoryStream(Saved(arange(2))))));
        Assert.Throws<ArgumentException>(() => zeros(3).Load(new BinaryReader(new MemoryStream(Saved(zeros(2))))));
    }

    [Fact]
    public void What_is_no_tensor_is_refused_before_memory_is_taken()
    {
        Assert.Throws<EndOfStreamException>(() => Loaded());
        Assert.Throws<InvalidDataException>(() => Loaded(99, 0));
        Assert.Throws<InvalidDataException>(() => Loaded(8, 0));
        Assert.Throws<InvalidDataException>(() => Loaded(6, 0xFF, 0xFF, 0x03));
        Assert.Throws<EndOfStreamException>(() => Loaded(6, 1, 2, 0, 0));
        Assert.Throws<EndOfStreamException>(() => Loaded(6, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F));
        Assert.Throws<InvalidDataException>(() => Loaded([6, 2, .. Huge, .. Huge]));
        Assert.Throws<InvalidDataException>(() => Loaded([6, 1, .. Enumerable.Repeat((byte)0xFF, 20)]));
    }

    private static byte[] Huge => [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F];

    [Fact]
    public void A_file_that_ends_early_is_refused()
    {
        var bytes = Saved(randn(100));
        for (int length = 0; length < bytes.Length; length += 37) Assert.Throws<EndOfStreamException>(() => Loaded(bytes[..length]));
    }

    [Fact]
    public void Saving_and_loading_leave_no_tensor_behind()
    {
        using var x = randn(2, 3).DetachFromDisposeScope();
        var bytes = Saved(x);
        long before = LiveTensors.Settled();
        Assert.Equal(bytes, Saved(x));
        using (Loaded(bytes)) Assert.Equal(before + 1, Tensor.TotalCount);
        Assert.Equal(before, Tensor.TotalCount);
    }
}
