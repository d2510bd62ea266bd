using System.Text.Json;

namespace TimeSformer.Jupyter;

/// <summary>A message as it came: whom it is from, and its parts.</summary>
/// <param name="Identities">The sender's address frames; a reply carries them back.</param>
/// <param name="Header">Message id, session, type.</param>
/// <param name="Parent">The header of the message that this one answers.</param>
internal sealed record Message(
    IReadOnlyList<byte[]> Identities, JsonElement Header, JsonElement Parent, JsonElement Metadata, JsonElement Content)
{
    /// <summary>The message type, as execute_request.</summary>
    public string Type => Header.TryGetProperty("msg_type", out var type) ? type.GetString() ?? "" : "";

    /// <summary>The identity that the front end gives to the cell; null where it gives none.</summary>
    public string? CellId => Metadata.TryGetProperty("cellId", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;

    /// <summary>What the cell is written in, as the Polyglot extension and .NET Interactive note it; C# where nothing is noted.</summary>
    public string Language => (Noted("polyglot_notebook", "kernelName") ?? Noted("dotnet_interactive", "language")) switch
    {
        null or "" or "C#" => "csharp",
        var other => other,
    };

    /// <summary>A text of the content; the default where it is absent or no text.</summary>
    public string Text(string name, string otherwise = "") =>
        Content.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : otherwise;

    /// <summary>A number of the content; the default where it is absent or no whole number.</summary>
    public int Number(string name, int otherwise = 0) =>
        Content.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number)
            ? number : otherwise;

    /// <summary>A flag of the content; the default where it is absent or no flag.</summary>
    public bool Flag(string name, bool otherwise = false) =>
        Content.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean() : otherwise;

    private string? Noted(string section, string name) =>
        Metadata.TryGetProperty(section, out var part) && part.ValueKind == JsonValueKind.Object
        && part.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>A message that is refused; the text says why.</summary>
internal sealed class WireException(string message) : Exception(message);
