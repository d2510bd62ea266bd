using System.Net;
using System.Text.Json;

namespace TimeSformer.Jupyter;

/// <summary>The file that Jupyter passes to a kernel at its start: the ports to listen on and the key that signs messages.</summary>
internal sealed record ConnectionFile(
    string Ip, string Key, int ShellPort, int ControlPort, int IopubPort, int StdinPort, int HbPort,
    string Transport = "tcp", string SignatureScheme = "hmac-sha256")
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true,
    };

    /// <summary>Reads the file.</summary>
    /// <exception cref="InvalidDataException">The file is invalid, has no key, or asks for what the kernel does not support.</exception>
    public static ConnectionFile Read(string path)
    {
        try
        {
            var file = JsonSerializer.Deserialize<ConnectionFile>(File.ReadAllBytes(path), Options) ?? throw new JsonException("null");
            return file.Problem is { } problem ? throw new InvalidDataException($"{path}: {problem}") : file;
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}: not a Jupyter connection file: {error.Message}");
        }
    }

    public string Address(int port) => $"tcp://{(Ip.Contains(':', StringComparison.Ordinal) ? $"[{Ip}]" : Ip)}:{port}";

    private string? Problem =>
        Transport != "tcp" ? $"transport {Transport}: only tcp is supported"
        : !IPAddress.TryParse(Ip, out var address) || !IPAddress.IsLoopback(address)
            ? $"ip {Ip}: the kernel runs any code it receives, so it listens on this machine only; use 127.0.0.1"
        : Key.Length == 0 ? "the key is empty, but messages must be signed"
        : SignatureScheme != "hmac-sha256" ? $"signature scheme {SignatureScheme}: only hmac-sha256 is supported"
        : null;
}
