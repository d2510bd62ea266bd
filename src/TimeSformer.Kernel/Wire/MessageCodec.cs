using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TimeSformer.Jupyter;

/// <summary>
/// Messages to frames and back (Jupyter messaging 5.3): identities, the delimiter, the signature, then header, parent header, metadata and
/// content as JSON. The signature is HMAC-SHA256 over these four. Refused are messages that are unsigned, wrongly signed, or signed as one
/// before.
/// </summary>
internal sealed class MessageCodec(string key)
{
    private const int RememberedSignatures = 1 << 16;

    private static readonly byte[] Delimiter = "<IDS|MSG>"u8.ToArray();
    private static readonly JsonElement Empty = JsonElement.Parse("{}");
    // Plots travel as text: only what JSON demands is escaped.
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly byte[] key = Encoding.UTF8.GetBytes(key);
    private readonly string session = Guid.NewGuid().ToString("N");
    private readonly HashSet<string> seen = [];
    private readonly Queue<string> order = [];
    private int count;

    /// <summary>The frames of a message.</summary>
    /// <param name="identities">To whom; for published messages a topic.</param>
    /// <param name="parent">The header of the message that this one answers.</param>
    public List<byte[]> Encode(
        IEnumerable<byte[]> identities, string type, JsonElement? parent, JsonObject content, JsonObject? metadata = null)
    {
        var header = new JsonObject
        {
            ["msg_id"] = $"{session}_{Environment.ProcessId}_{Interlocked.Increment(ref count)}",
            ["session"] = session,
            ["username"] = "kernel",
            ["date"] = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'"),
            ["msg_type"] = type,
            ["version"] = "5.3",
        };
        var answered = JsonSerializer.SerializeToUtf8Bytes(parent ?? Empty, Options);
        byte[][] parts = [Bytes(header), answered, Bytes(metadata ?? []), Bytes(content)];
        return [.. identities, Delimiter, Encoding.ASCII.GetBytes(Sign(parts)), .. parts];
    }

    /// <summary>The message that frames hold.</summary>
    /// <exception cref="WireException">It is refused.</exception>
    public Message Decode(IReadOnlyList<byte[]> frames)
    {
        int delimiter = 0;
        while (delimiter < frames.Count && !frames[delimiter].AsSpan().SequenceEqual(Delimiter)) delimiter++;
        if (frames.Count < delimiter + 6) throw new WireException("a message without its parts");
        byte[][] parts = [.. frames.Skip(delimiter + 2).Take(4)];
        var signature = Sign(parts);
        if (!CryptographicOperations.FixedTimeEquals(frames[delimiter + 1], Encoding.ASCII.GetBytes(signature)))
        {
            throw new WireException(frames[delimiter + 1].Length == 0 ? "an unsigned message" : "a message with a wrong signature");
        }
        if (!Remember(signature)) throw new WireException("a message that came before");
        try
        {
            return new Message([.. frames.Take(delimiter)], Parse(parts[0]), Parse(parts[1]), Parse(parts[2]), Parse(parts[3]));
        }
        catch (JsonException error)
        {
            throw new WireException($"a message that is no JSON: {error.Message}");
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

    private static JsonElement Parse(byte[] json)
    {
        var element = JsonElement.Parse(json);
        return element.ValueKind == JsonValueKind.Object ? element : throw new JsonException("no object");
    }

    private static byte[] Bytes(JsonObject json) => JsonSerializer.SerializeToUtf8Bytes(json, Options);
}
