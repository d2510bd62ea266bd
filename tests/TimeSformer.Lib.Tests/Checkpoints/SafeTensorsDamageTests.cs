using System.Text;

namespace TimeSformer.Tests.Checkpoints;

/// <summary>A damaged file is refused with a one-line message that states the cause.</summary>
public sealed class SafeTensorsDamageTests : TensorTests
{
    private const string Good = """{"dtype":"F32","shape":[1],"data_offsets":[0,4]}""";

    [Theory]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "takes 4 bytes, but its shape [2] of F32 needs 8")]
    [InlineData("""{"x":{"dtype":"F32","shape":[],"data_offsets":[0,0]}}""", 0, "takes 0 bytes, but its shape [] of F32 needs 4")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}""", 4, "outside the data of 4 bytes")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 4, "negative offset in [-4, 0]")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "reversed offsets [4, 0]")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", 4, "not two integers: [0,4,8]")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551616]}}""", 4, "not two integers")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "negative dimension in its shape [-1]")]
    [InlineData("""{"x":{"dtype":"F32","shape":[9223372036854775807,4],"data_offsets":[0,4]}}""", 4, "impossible shape")]
    [InlineData("""{"x":{"dtype":"F32","shape":[0,4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "impossible shape")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "integers: [1.5]")]
    [InlineData("""{"x":{"dtype":"F32","shape":"1","data_offsets":[0,4]}}""", 4, "integers: \"1\"")]
    [InlineData("""{"x":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}}""", 4, "unknown dtype 'F33'; supported are F64, F32,")]
    [InlineData("""{"x":{"dtype":5,"shape":[1],"data_offsets":[0,4]}}""", 4, "unknown dtype '5'")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1]}}""", 4, "tensor 'x' has no 'data_offsets'")]
    [InlineData("""{"x":4}""", 4, "tensor 'x' is not a JSON object")]
    [InlineData("""{"x":{"dtype":"F32","dtype":"I32","shape":[1],"data_offsets":[0,4]}}""", 4, "tensor 'x' has 'dtype' twice")]
    [InlineData($$"""{"x":{{Good}},"y":{"dtype":"F32","shape":[1],"data_offsets":[2,6]} }""", 6, "overlap")]
    [InlineData($$"""{"x":{{Good}},"y":{{Good}} }""", 4, "overlap")]
    [InlineData($$"""{"x":{{Good}},"y":{"dtype":"F32","shape":[1],"data_offsets":[8,12]} }""", 12, "leave a gap")]
    [InlineData($$"""{"x":{{Good}} }""", 9, "the tensors end at byte 4, the data at 9")]
    [InlineData($$"""{"x":{{Good}},"x":{{Good}} }""", 4, "has 'x' twice")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", 0, "has '__metadata__' twice")]
    [InlineData("""{"__metadata__":{"a":"1","a":"2"}}""", 0, "__metadata__ has 'a' twice")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "'a' in __metadata__ is not a string")]
    [InlineData("""{"__metadata__":[]}""", 0, "__metadata__ is not a JSON object")]
    [InlineData("""{"a\nb":4}""", 0, @"tensor 'a\u000ab' is not a JSON object")]
    [InlineData("""{"\ud800":4}""", 0, "a name that is not valid Unicode")]
    [InlineData("""[1]""", 0, "its header is not a JSON object")]
    [InlineData("""{"x" """, 0, "not valid JSON")]
    [InlineData("", 0, "not valid JSON")]
    public void A_wrong_header_is_refused_with_its_cause(string header, int dataBytes, string said) =>
        Refused(said, Raw(Encoding.UTF8.GetBytes(header), dataBytes));

    [Fact]
    public void A_header_that_is_not_UTF8_is_refused() => Refused("not valid UTF-8", Raw([(byte)'{', 0xff, 0xfe, (byte)'}']));

    [Theory, InlineData(1000UL, "truncated"), InlineData(4UL << 30, "more than the"), InlineData(ulong.MaxValue, "more than the")]
    public void A_header_length_past_the_end_is_refused(ulong length, string said) => Refused(said, Raw([.. "{}"u8], 0, length));

    [Fact]
    public void Long_names_do_not_flood_the_message()
    {
        var header = $$"""{"{{new string('n', 100_000)}}":4}""";
        Assert.InRange(Refused("nnn...'", Raw(Encoding.UTF8.GetBytes(header))).Length, 0, 400);
    }

    [Fact]
    public void A_missing_or_tiny_file_and_a_folder_are_refused()
    {
        Refused("file not found", folder.File("none"));
        Refused("a folder, not a safetensors file", folder.Path);
        File.WriteAllBytes(folder.File("tiny"), [1, 2, 3]);
        Refused("too short for a safetensors file: 3 bytes", folder.File("tiny"));
    }

    [Fact]
    public void An_unknown_name_is_refused()
    {
        using var file = SafeTensorsFile.Open(Raw([.. "{}"u8]));
        Assert.Refused<CheckpointException>("no tensor named 'y'", () => file.Read("y"));
    }

    [Fact]
    public void A_file_that_shrinks_while_open_is_an_error_and_does_not_kill_the_process()
    {
        SafeTensors.Write(folder.File("a"), [new("x", ones(100_000))]);
        using var file = SafeTensorsFile.Open(folder.File("a"));
        using (var other = new FileStream(folder.File("a"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) other.SetLength(1000);
        Assert.Refused<CheckpointException>("ended at byte 1000", () => file.Read("x"));
    }

    private static string Refused(string said, string path)
    {
        var error = Assert.Throws<CheckpointException>(() => SafeTensorsFile.Open(path));
        Assert.Contains(said, error.Message);
        Assert.StartsWith(path + ": ", error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(path, error.Path);
        return error.Message;
    }

    private string Raw(byte[] header, int dataBytes = 0, ulong? length = null)
    {
        var prefix = BitConverter.GetBytes(length ?? (ulong)header.Length);
        File.WriteAllBytes(folder.File("raw"), [.. prefix, .. header, .. new byte[dataBytes]]);
        return folder.File("raw");
    }
}
