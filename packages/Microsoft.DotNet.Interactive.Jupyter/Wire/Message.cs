using System.Text.Json;

namespace Microsoft.DotNet.Interactive.Jupyter.Wire;

/// <summary>A message as it came: whom it is from, and its parts.</summary>
/// <param name="Identities">The sender's address frames; a reply carries them back.</param>
/// <param name="Header">Message id, session, type.</param>
/// <param name="Parent">The header of the message that this one answers.</param>
internal sealed record Message(IReadOnlyList<byte[]> Identities, JsonElement Header, JsonElement Parent, JsonElement Metadata, JsonElement Content)
{
    /// <summary>The message type, as execute_request.</summary>
    public string Type => Header.TryGetProperty("msg_type", out var type) ? type.GetString() ?? "" : "";

    /// <summary>A text of the content; the default where it is absent or no text.</summary>
    public string Text(string name, string otherwise = "") =>
        Content.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : otherwise;

    /// <summary>A number of the content; the default where it is absent or no whole number.</summary>
    public int Number(string name, int otherwise = 0) =>
        Content.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number : otherwise;

    /// <summary>A flag of the content; the default where it is absent or no flag.</summary>
    public bool Flag(string name, bool otherwise = false) =>
        Content.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : otherwise;
}

/// <summary>A message that is refused; the text says why.</summary>
internal sealed class WireException(string message) : Exception(message);
