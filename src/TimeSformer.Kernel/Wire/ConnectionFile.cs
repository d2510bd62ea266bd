using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TimeSformer.Jupyter;

/// <summary>
/// The file that Jupyter passes to a kernel at its start: the ports to listen on and the key that signs messages.
/// </summary>
internal sealed record ConnectionFile
{
    [JsonPropertyName("ip")] public required string Ip { get; init; }

    [JsonPropertyName("transport")] public string Transport { get; init; } = "tcp";

    [JsonPropertyName("key")] public required string Key { get; init; }

    [JsonPropertyName("signature_scheme")] public string SignatureScheme { get; init; } = "hmac-sha256";

    [JsonPropertyName("shell_port")] public required int Shell { get; init; }

    [JsonPropertyName("control_port")] public required int Control { get; init; }

    [JsonPropertyName("iopub_port")] public required int IOPub { get; init; }

    [JsonPropertyName("stdin_port")] public required int Stdin { get; init; }

    [JsonPropertyName("hb_port")] public required int Heartbeat { get; init; }

    /// <summary>Reads the file.</summary>
    /// <exception cref="InvalidDataException">The file is invalid, has no key, or asks for what the kernel does not support.</exception>
    public static ConnectionFile Read(string path)
    {
        ConnectionFile file;
        try
        {
            file = JsonSerializer.Deserialize<ConnectionFile>(File.ReadAllBytes(path)) ?? throw new JsonException("null");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}: not a Jupyter connection file: {error.Message}");
        }
        if (file.Transport != "tcp") throw new InvalidDataException($"{path}: transport {file.Transport}: only tcp is supported");
        if (!IPAddress.TryParse(file.Ip, out var address) || !IPAddress.IsLoopback(address))
        {
            throw new InvalidDataException(
                $"{path}: ip {file.Ip}: the kernel runs any code it receives, so it listens on this machine only; use 127.0.0.1");
        }
        if (file.Key.Length == 0) throw new InvalidDataException($"{path}: the key is empty, but messages must be signed");
        if (file.SignatureScheme != "hmac-sha256")
        {
            throw new InvalidDataException($"{path}: signature scheme {file.SignatureScheme}: only hmac-sha256 is supported");
        }
        return file;
    }

    public string Address(int port) => $"tcp://{(Ip.Contains(':', StringComparison.Ordinal) ? $"[{Ip}]" : Ip)}:{port}";
}
