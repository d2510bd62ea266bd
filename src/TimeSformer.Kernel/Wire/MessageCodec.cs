using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace TimeSformer.Jupyter;

/// <summary>
/// Encodes messages as frames and back (Jupyter messaging 5.3): identities, delimiter, signature, then header, parent header, metadata and
/// content as JSON. The signature is HMAC-SHA256 over these four. Unsigned, wrongly signed and repeated messages are rejected.
/// </summary>
internal sealed class MessageCodec(string key)
{
    private const int RememberedSignatures = 1 << 16;

    private static readonly byte[] Delimiter = "<IDS|MSG>"u8.ToArray();
    // Plots are sent as text, so only what JSON requires is escaped.
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private readonly byte[] key = Encoding.UTF8.GetBytes(key);
    private readonly string session = Guid.NewGuid().ToString("N");
    private readonly HashSet<string> seen = [];
    private readonly Queue<string> order = [];
    private int count;

    /// <summary>Encodes a message as frames.</summary>
    /// <param name="identities">The receiver or, for published messages, the topic.</param>
    /// <param name="parent">The header of the message that this one answers.</param>
    public List<byte[]> Encode(
        IEnumerable<byte[]> identities, string type, JsonObject? parent, JsonObject content, JsonObject? metadata = null)
    {
        var header = new JsonObject
        {
            ["msg_id"] = $"{session}_{Environment.ProcessId}_{Interlocked.Increment(ref count)}", ["session"] = session,
            ["username"] = "kernel", ["date"] = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'"),
            ["msg_type"] = type, ["version"] = "5.3",
        };
        byte[][] parts = [Bytes(header), Bytes(parent ?? []), Bytes(metadata ?? []), Bytes(content)];
        return [.. identities, Delimiter, Encoding.ASCII.GetBytes(Sign(parts)), .. parts];
    }

    /// <summary>Decodes the message in frames.</summary>
    /// <exception cref="WireException">The message is rejected.</exception>
    public Message Decode(IReadOnlyList<byte[]> frames)
    {
        int delimiter = 0;
        while (delimiter < frames.Count && !frames[delimiter].AsSpan().SequenceEqual(Delimiter)) delimiter++;
        if (frames.Count < delimiter + 6) throw new WireException("an incomplete message");
        byte[][] parts = [.. frames.Skip(delimiter + 2).Take(4)];
        var signature = Sign(parts);
        if (!CryptographicOperations.FixedTimeEquals(frames[delimiter + 1], Encoding.ASCII.GetBytes(signature)))
        {
            throw new WireException(frames[delimiter + 1].Length == 0 ? "an unsigned message" : "a message with a wrong signature");
        }
        if (!Remember(signature)) throw new WireException("a repeated message");
        try
        {
            return new Message([.. frames.Take(delimiter)], Parse(parts[0]), Parse(parts[1]), Parse(parts[2]), Parse(parts[3]));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new WireException($"a message that is not JSON: {error.Message}");
        }
    }

    /// <summary>The signature of a message's four parts, in hexadecimal.</summary>
    public string Sign(IEnumerable<byte[]> parts)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        foreach (var part in parts) hash.AppendData(part);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private bool Remember(string signature)
    {
        lock (seen)
        {
            if (!seen.Add(signature)) return false;
            order.Enqueue(signature);
            if (order.Count > RememberedSignatures) seen.Remove(order.Dequeue());
            return true;
        }
    }

    // Escaped halves of characters show only when a text is used: all are, to be sent back.
    private static JsonObject Parse(byte[] json)
    {
        if (!Utf8.IsValid(json)) throw new JsonException("not UTF-8");
        var parsed = JsonNode.Parse(json, null, Strict) as JsonObject ?? throw new JsonException("not an object");
        _ = Bytes(parsed);
        return parsed;
    }

    private static byte[] Bytes(JsonObject json) => JsonSerializer.SerializeToUtf8Bytes(json, Options);
}
