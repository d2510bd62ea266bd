using System.Buffers.Binary;
using System.Text;
using TimeSformer.Checkpoints;
using static TorchSharp.torch;

namespace TimeSformer.Tests.Checkpoints;

/// <summary>A file that is wrong is refused in one line that says how.</summary>
public sealed class SafeTensorsDamageTests : IDisposable
{
    private const string Good = """{"dtype":"F32","shape":[1],"data_offsets":[0,4]}""";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "takes 4 bytes, its shape [2] of F32 needs 8")]
    [InlineData("""{"x":{"dtype":"F32","shape":[],"data_offsets":[0,0]}}""", 0, "takes 0 bytes, its shape [] of F32 needs 4")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}""", 4, "outside the data of 4 bytes")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 4, "negative offset in [-4, 0]")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "[4, 0] in reverse")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", 4, "not two whole numbers: [0,4,8]")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551616]}}""", 4, "not two whole numbers")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "negative length in its shape [-1]")]
    [InlineData("""{"x":{"dtype":"F32","shape":[9223372036854775807,4],"data_offsets":[0,4]}}""", 4, "impossible shape")]
    [InlineData("""{"x":{"dtype":"F32","shape":[0,4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "impossible shape")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "whole numbers: [1.5]")]
    [InlineData("""{"x":{"dtype":"F32","shape":"1","data_offsets":[0,4]}}""", 4, "whole numbers: \"1\"")]
    [InlineData("""{"x":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}}""", 4, "unknown dtype 'F33'; known are F64, F32,")]
    [InlineData("""{"x":{"dtype":5,"shape":[1],"data_offsets":[0,4]}}""", 4, "unknown dtype '5'")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1]}}""", 4, "tensor 'x' lacks 'data_offsets'")]
    [InlineData("""{"x":4}""", 4, "tensor 'x' is no JSON object")]
    [InlineData("""{"x":{"dtype":"F32","dtype":"I32","shape":[1],"data_offsets":[0,4]}}""", 4, "tensor 'x' has 'dtype' twice")]
    [InlineData($$"""{"x":{{Good}},"y":{"dtype":"F32","shape":[1],"data_offsets":[2,6]} }""", 6, "overlap")]
    [InlineData($$"""{"x":{{Good}},"y":{{Good}} }""", 4, "overlap")]
    [InlineData($$"""{"x":{{Good}},"y":{"dtype":"F32","shape":[1],"data_offsets":[8,12]} }""", 12, "leave a hole")]
    [InlineData($$"""{"x":{{Good}} }""", 9, "the tensors end at byte 4, the data at 9")]
    [InlineData($$"""{"x":{{Good}},"x":{{Good}} }""", 4, "has 'x' twice")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", 0, "has '__metadata__' twice")]
    [InlineData("""{"__metadata__":{"a":"1","a":"2"}}""", 0, "__metadata__ has 'a' twice")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "'a' in __metadata__ is no string")]
    [InlineData("""{"__metadata__":[]}""", 0, "__metadata__ is no JSON object")]
    [InlineData("""{"a\nb":4}""", 0, @"tensor 'a\u000ab' is no JSON object")]
    [InlineData("""{"\ud800":4}""", 0, "a name that is no text")]
    [InlineData("""[1]""", 0, "its header is no JSON object")]
    [InlineData("""{"x" """, 0, "no valid JSON")]
    [InlineData("", 0, "no valid JSON")]
    public void A_wrong_header_is_refused_with_its_cause(string header, int dataBytes, string said) =>
        Refused(said, Raw((ulong)Encoding.UTF8.GetByteCount(header), Encoding.UTF8.GetBytes(header), dataBytes));

    [Fact]
    public void A_header_that_is_not_UTF8_is_refused() => Refused("not valid UTF-8", Raw(4, [(byte)'{', 0xff, 0xfe, (byte)'}'], 0));

    [Theory]
    [InlineData(1000UL, "truncated")]
    [InlineData(4UL << 30, "more than the")]
    [InlineData(ulong.MaxValue, "more than the")]
    public void A_header_length_past_the_end_is_refused(ulong length, string said) => Refused(said, Raw(length, "{}"u8.ToArray(), 0));

    [Fact]
    public void Long_names_do_not_flood_the_message()
    {
        var header = $$"""{"{{new string('n', 100_000)}}":4}""";
        Assert.InRange(Refused("nnn...'", Raw((ulong)header.Length, Encoding.UTF8.GetBytes(header), 0)).Length, 0, 400);
    }

    [Fact]
    public void A_missing_or_tiny_file_and_a_folder_are_refused()
    {
        Refused("no such file", folder.File("none"));
        Refused("it is a folder", folder.Path);
        File.WriteAllBytes(folder.File("tiny"), [1, 2, 3]);
        Refused("3 bytes are too few", folder.File("tiny"));
    }

    [Fact]
    public void A_name_that_is_not_in_the_file_is_refused()
    {
        using var file = SafeTensorsFile.Open(Raw(2, "{}"u8.ToArray(), 0));
        Assert.Contains("there is no tensor 'y'", Assert.Throws<CheckpointException>(() => file.Read("y")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_shrinks_while_it_is_open_is_an_error_and_not_the_end_of_the_process()
    {
        using var scope = NewDisposeScope();
        SafeTensors.Write(folder.File("a"), [new("x", ones(100_000))]);
        using var file = SafeTensorsFile.Open(folder.File("a"));
        using (var other = new FileStream(folder.File("a"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) other.SetLength(1000);
        Assert.Contains("ended at byte 1000", Assert.Throws<CheckpointException>(() => file.Read("x")).Message, StringComparison.Ordinal);
    }

    private static string Refused(string said, string path)
    {
        var error = Assert.Throws<CheckpointException>(() => SafeTensorsFile.Open(path));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(path + ": ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(path, error.Path);
        return error.Message;
    }

    private string Raw(ulong length, byte[] header, int dataBytes)
    {
        var prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, length);
        File.WriteAllBytes(folder.File("raw"), [.. prefix, .. header, .. new byte[dataBytes]]);
        return folder.File("raw");
    }
}
