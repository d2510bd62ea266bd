using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TimeSformer.Checkpoints;
using static TorchSharp.torch;

namespace TimeSformer.Tests.Checkpoints;

public sealed class SafeTensorsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.Int16)]
    [InlineData(ScalarType.Int8)]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Bool)]
    public void Every_type_survives_being_written_and_read(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var values = (randn(3, 5) * 3).to_type(type);
        SafeTensors.Write(folder.File("a"), [new("x", values)]);
        using var file = SafeTensorsFile.Open(folder.File("a"));
        Assert.True(values.Equals(file.Read("x")));
        Assert.Equal(type, file.Read("x").dtype);
    }

    [Fact]
    public void Scalars_empty_transposed_and_sliced_tensors_keep_their_shapes_and_values()
    {
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> tensors = new()
        {
            ["scalar"] = tensor(2.5f), ["empty"] = zeros(new long[] { 0, 3 }), ["transposed"] = randn(4, 2).t(), ["sliced"] = randn(6, 4)[1..5, ..2],
        };
        SafeTensors.Write(folder.File("a"), tensors, new Dictionary<string, string> { ["who"] = "ü \"quoted\"" });
        using var file = SafeTensorsFile.Open(folder.File("a"));
        Assert.Equal("ü \"quoted\"", file.Metadata["who"]);
        Assert.Equal(tensors.Keys, file.Entries.Keys);
        foreach (var (name, read) in file.ReadAll()) Assert.True(tensors[name].Equals(read), name);
    }

    [Fact]
    public void Data_begins_at_a_multiple_of_eight_bytes()
    {
        using var scope = NewDisposeScope();
        SafeTensors.Write(folder.File("a"), [new("name of odd length", ones(1))]);
        Assert.Equal(0, BinaryPrimitives.ReadInt64LittleEndian(File.ReadAllBytes(folder.File("a"))) % 8);
    }

    [Fact]
    public void A_failed_write_leaves_the_earlier_file_and_no_other()
    {
        using var scope = NewDisposeScope();
        SafeTensors.Write(folder.File("a"), [new("x", ones(1))]);
        var before = File.ReadAllBytes(folder.File("a"));
        Assert.Throws<ArgumentException>(() => SafeTensors.Write(folder.File("a"), [new("x", ones(1)), new("x", ones(1))]));
        Assert.Throws<ArgumentException>(() => SafeTensors.Write(folder.File("a"), [new("x", ones(1).to_type(ScalarType.ComplexFloat32))]));
        Assert.Equal(before, File.ReadAllBytes(folder.File("a")));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Theory]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "needs 8")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}""", 4, "outside the data")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 4, "outside the data")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "outside the data")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "negative length")]
    [InlineData("""{"x":{"dtype":"F32","shape":[9223372036854775807,4],"data_offsets":[0,4]}}""", 4, "impossible shape")]
    [InlineData("""{"x":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}}""", 4, "unknown dtype 'F33'")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"y":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", 6, "overlap")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"y":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12, "hole")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 9, "the data at 9")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "twice")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1]}}""", 4, "cannot be read")]
    [InlineData("""[1]""", 0, "no JSON object")]
    [InlineData("""{"x" """, 0, "cannot be read")]
    public void A_wrong_header_is_refused_with_its_cause(string header, int dataBytes, string said)
    {
        var path = WriteRaw((ulong)Encoding.UTF8.GetByteCount(header), header, dataBytes);
        var message = Assert.Throws<CheckpointException>(() => SafeTensorsFile.Open(path)).Message;
        Assert.Contains(said, message, StringComparison.Ordinal);
        Assert.StartsWith(path + ": ", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData(1000UL, "truncated")]
    [InlineData(4UL << 30, "more than the")]
    [InlineData(ulong.MaxValue, "more than the")]
    public void A_header_length_past_the_end_is_refused(ulong length, string said) =>
        Assert.Contains(said, Assert.Throws<CheckpointException>(() => SafeTensorsFile.Open(WriteRaw(length, "{}", 0))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_missing_or_tiny_file_is_refused()
    {
        Assert.Contains("no such file", Assert.Throws<CheckpointException>(() => SafeTensorsFile.Open(folder.File("none"))).Message, StringComparison.Ordinal);
        File.WriteAllBytes(folder.File("tiny"), [1, 2, 3]);
        Assert.Contains("too few", Assert.Throws<CheckpointException>(() => SafeTensorsFile.Open(folder.File("tiny"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_damage_either_leaves_a_readable_file_or_is_refused()
    {
        using var scope = NewDisposeScope();
        SafeTensors.Write(folder.File("whole"), [new("a", randn(3, 2)), new("b", ones(4, dtype: ScalarType.Int64))]);
        var whole = File.ReadAllBytes(folder.File("whole"));
        var damage = from place in Gen.Choose(0, whole.Length - 1)
                     from value in Gen.Choose(0, 255)
                     from kind in Gen.Choose(0, 3)
                     select (place, value, kind);
        Prop.ForAll(damage.ToArbitrary(), change =>
        {
            var (place, value, kind) = change;
            var damaged = kind == 0 ? whole[..place] : (byte[])whole.Clone();
            if (kind > 0) damaged[place] = (byte)value;
            File.WriteAllBytes(folder.File("damaged"), damaged);
            try
            {
                using var file = SafeTensorsFile.Open(folder.File("damaged"));
                foreach (var tensor in file.ReadAll().Values) tensor.Dispose();
            }
            catch (CheckpointException)
            {
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    private string WriteRaw(ulong length, string header, int dataBytes)
    {
        var prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, length);
        File.WriteAllBytes(folder.File("raw"), [.. prefix, .. Encoding.UTF8.GetBytes(header), .. new byte[dataBytes]]);
        return folder.File("raw");
    }
}
