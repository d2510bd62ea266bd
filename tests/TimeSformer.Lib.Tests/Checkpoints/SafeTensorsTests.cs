using System.Buffers.Binary;

namespace TimeSformer.Tests.Checkpoints;

/// <summary>Writing safetensors files and reading them back.</summary>
public sealed class SafeTensorsTests() : TensorTests(gradients: true)
{
    [Fact]
    public void Scalars_empty_transposed_sliced_and_trained_tensors_keep_their_shapes_and_values()
    {
        Dictionary<string, Tensor> tensors = new()
        {
            ["scalar"] = tensor(2.5f), ["empty"] = zeros(new long[] { 0, 3 }),
            ["transposed"] = randn(4, 2).t(), ["sliced"] = randn(6, 4)[1..5, ..2], ["trained"] = randn(3, requires_grad: true),
        };
        SafeTensors.Write(folder.File("a"), tensors, new Dictionary<string, string> { ["who"] = "ü \"quoted\"" });
        using var file = SafeTensorsFile.Open(folder.File("a"));
        Assert.Equal("ü \"quoted\"", file.Metadata["who"]);
        Assert.Equal(tensors.Keys, file.Entries.Keys);
        foreach (var (name, read) in file.ReadAll())
        {
            Assert.Equal(tensors[name].shape, read.shape);
            Assert.False(read.requires_grad);
            Assert.True(tensors[name].Equals(read), name);
        }
    }

    [Fact]
    public void Tensors_read_live_until_they_are_disposed_and_nothing_else_does()
    {
        SafeTensors.Write(folder.File("a"), [new("x", ones(3)), new("y", ones(2, 2))]);
        long before = LiveTensors.Settled();
        using (var file = SafeTensorsFile.Open(folder.File("a")))
        {
            var tensors = file.ReadAll();
            Assert.Equal(before + 2, Tensor.TotalCount);
            foreach (var tensor in tensors.Values) tensor.Dispose();
        }
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Names_keep_their_order_and_every_tensor_is_aligned_to_its_elements()
    {
        ScalarType[] types =
            [ScalarType.Bool, ScalarType.Float64, ScalarType.BFloat16, ScalarType.Float32, ScalarType.Int8, ScalarType.Int64];
        SafeTensors.Write(folder.File("a"), types.Select(type => KeyValuePair.Create($"name of {type}", ones(3).to_type(type))));
        Assert.Equal(0, BinaryPrimitives.ReadInt64LittleEndian(File.ReadAllBytes(folder.File("a"))) % 8);
        using var file = SafeTensorsFile.Open(folder.File("a"));
        Assert.Equal(types, file.Entries.Values.Select(entry => entry.DType));
        foreach (var (name, entry) in file.Entries)
        {
            Assert.Equal(0, ((SafeTensorsEntry)entry).Begin % file.Read(name).ElementSize);
            Assert.True(file.Read(name).Equals(ones(3).to_type(entry.DType)), name);
        }
    }

    [Fact]
    public void What_the_format_cannot_store_is_refused_before_anything_is_written()
    {
        SafeTensors.Write(folder.File("a"), [new("x", ones(1))]);
        var before = File.ReadAllBytes(folder.File("a"));
        void Refused(string said, params (string Name, Tensor Value)[] tensors) => Assert.Refused<ArgumentException>(
            said, () => SafeTensors.Write(folder.File("a"), tensors.Select(tensor => KeyValuePair.Create(tensor.Name, tensor.Value))));

        Refused("'x' is duplicated", ("x", ones(1)), ("x", ones(1)));
        Refused("reserved", ("__metadata__", ones(1)));
        Refused("ComplexFloat32", ("x", ones(1).to_type(ScalarType.ComplexFloat32)));
        Refused("not valid Unicode", ("\ud800", ones(1)));
        Assert.Equal(before, File.ReadAllBytes(folder.File("a")));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_failed_write_leaves_what_was_there()
    {
        Directory.CreateDirectory(folder.File("taken"));
        Assert.ThrowsAny<IOException>(() => SafeTensors.Write(folder.File("taken"), [new("x", ones(1))]));
        Assert.Equal(folder.File("taken"), Assert.Single(Directory.GetFileSystemEntries(folder.Path)));
    }

    [Fact]
    public void Concurrent_writers_do_not_interfere_and_readers_always_find_a_whole_file()
    {
        SafeTensors.Write(folder.File("a"), [new("x", zeros(1000))]);
        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 4 }, turn =>
        {
            using var scope = NewDisposeScope();
            if (turn % 2 == 0) SafeTensors.Write(folder.File("a"), [new("x", Thousand(turn))]);
            using var file = SafeTensorsFile.Open(folder.File("a"));
            var read = file.Read("x");
            Assert.True(read.Equals(Thousand(read[0].item<float>())));
        });
        Assert.Single(Directory.GetFiles(folder.Path));

        static Tensor Thousand(float value) => tensor(Enumerable.Repeat(value, 1000).ToArray());
    }

    [SkippableTheory]
    [InlineData("divided_space_time"), InlineData("divided_space_time_f64"), InlineData("joint_space_time"), InlineData("space_only")]
    public void A_file_of_the_original_implementation_is_read_and_survives_a_round_trip(string name)
    {
        using var original = SafeTensorsFile.Open(Shared.Require("reference", "official", name + ".safetensors"));
        var tensors = original.ReadAll();
        Assert.NotEmpty(tensors);
        SafeTensors.Write(folder.File("copy"), tensors, original.Metadata);
        using var copy = SafeTensorsFile.Open(folder.File("copy"));
        Assert.Equal(original.Metadata, copy.Metadata);
        Assert.Equal(original.Entries.Keys, copy.Entries.Keys);
        foreach (var (key, tensor) in tensors) Assert.True(tensor.Equals(copy.Read(key)), key);
    }

    // Takes 9 GB of memory and disk: run it by hand.
    [SkippableFact]
    public void A_tensor_of_more_than_four_gibibytes_survives_a_round_trip()
    {
        Skip.If(Environment.GetEnvironmentVariable("TIMESFORMER_LARGE_TESTS") is null, "set TIMESFORMER_LARGE_TESTS=1 to run it");
        long count = (1L << 32) + 12_345;
        var values = zeros(new long[] { count }, dtype: ScalarType.Byte);
        values[count - 1] = tensor((byte)7);
        values[1L << 31] = tensor((byte)8);
        SafeTensors.Write(folder.File("large"), [new("before", ones(3)), new("x", values)]);
        using var file = SafeTensorsFile.Open(folder.File("large"));
        Assert.True(values.Equals(file.Read("x")));
    }
}
