using System.Text;

namespace TimeSformer.Jupyter.Tests;

/// <summary>The wire format, and which messages are rejected.</summary>
public sealed class WireFormatTests : FolderTests
{
    private readonly MessageCodec codec = new("key");

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static List<byte[]> Request(MessageCodec codec, string type = "kernel_info_request") =>
        codec.Encode([Bytes("client")], type, null, new JsonObject { ["a"] = 1 });

    // The example of Wikipedia's article on HMAC; RFC 4231, test case 2.
    [Theory]
    [InlineData(
        "key", "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8", "The quick brown fox jumps ", "over the lazy ", "dog")]
    [InlineData("Jefe", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", "what do ya want ", "for nothing?")]
    public void A_signature_is_the_hmac_sha256_of_the_parts(string key, string expected, params string[] parts) =>
        Assert.Equal(expected, new MessageCodec(key).Sign(parts.Select(Bytes)));

    [Fact]
    public void A_message_survives_encoding_and_decoding()
    {
        var message = new MessageCodec("key").Decode(Request(codec, "execute_request"));
        Assert.Equal("execute_request", message.Type);
        Assert.Equal("client", Encoding.UTF8.GetString(Assert.Single(message.Identities)));
        Assert.Equal(1, message.Get("a", 0));
        Assert.Equal("5.3", (string?)message.Header["version"]);
    }

    [Fact]
    public void A_reply_has_the_header_of_its_request_as_parent()
    {
        var request = codec.Decode(Request(codec));
        var reply = new MessageCodec("key").Decode(codec.Encode(request.Identities, "kernel_info_reply", request.Header, []));
        Assert.Equal((string)request.Header["msg_id"]!, (string?)reply.Parent["msg_id"]);
    }

    [Fact]
    public void An_unsigned_message_is_rejected()
    {
        var frames = Request(codec);
        frames[2] = [];
        Assert.Contains("unsigned", Assert.Throws<WireException>(() => codec.Decode(frames)).Message);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void A_message_with_a_changed_byte_is_rejected(int frame)
    {
        var frames = Request(codec);
        frames[frame][0] ^= 1;
        Assert.Contains("wrong signature", Assert.Throws<WireException>(() => codec.Decode(frames)).Message);
    }

    [Fact]
    public void A_message_signed_with_another_key_is_rejected() =>
        Assert.Contains("wrong signature", Assert.Throws<WireException>(() => codec.Decode(Request(new MessageCodec("other")))).Message);

    [Fact]
    public void A_repeated_message_is_rejected()
    {
        var frames = Request(codec);
        codec.Decode(frames);
        Assert.Contains("repeated", Assert.Throws<WireException>(() => codec.Decode(frames)).Message);
    }

    [Fact]
    public void An_incomplete_message_is_rejected()
    {
        var frames = Request(codec);
        for (int length = 0; length < frames.Count; length++) Assert.Throws<WireException>(() => codec.Decode(frames[..length]));
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("{\"a\": 1, \"a\": 2}")]
    [InlineData("{\"a\": \"\\ud800\"}")]
    [InlineData("{\"\\ud800\": 1}")]
    [InlineData("{\"a\": \"\u00ff\"}")]
    public void Signed_content_that_is_not_a_JSON_object_is_rejected(string content)
    {
        var frames = Request(codec);
        frames[^1] = Encoding.Latin1.GetBytes(content);
        frames[2] = Bytes(codec.Sign(frames[3..]));
        Assert.Throws<WireException>(() => codec.Decode(frames));
    }

    [Theory]
    [InlineData("""{"ip": "10.0.0.1", "key": "k"}""", "10.0.0.1")]
    [InlineData("""{"ip": "0.0.0.0", "key": "k"}""", "0.0.0.0")]
    [InlineData("""{"ip": "127.0.0.1", "key": ""}""", "key is empty")]
    [InlineData("""{"ip": "127.0.0.1", "key": "k", "transport": "ipc"}""", "ipc")]
    [InlineData("""{"ip": "127.0.0.1", "key": "k", "signature_scheme": "hmac-md5"}""", "hmac-md5")]
    [InlineData("""{"ip": "127.0.0.1"}""", "connection file")]
    [InlineData("no json", "connection file")]
    public void An_unsafe_or_invalid_connection_file_is_rejected(string json, string expected)
    {
        const string ports = """, "shell_port": 1, "control_port": 2, "iopub_port": 3, "stdin_port": 4, "hb_port": 5}""";
        var path = folder.Write("connection.json", json.Replace("}", ports));
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => ConnectionFile.Read(path)).Message);
    }
}
