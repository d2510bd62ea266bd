using System.Text.Json;

namespace TimeSformer.Jupyter;

/// <summary>A received message.</summary>
/// <param name="Identities">The sender's address frames, which a reply repeats.</param>
/// <param name="Header">Message id, session and type.</param>
/// <param name="Parent">The header of the message that this one answers.</param>
/// <param name="Metadata">For example the cell's id and language.</param>
/// <param name="Content">Depends on the type.</param>
internal sealed record Message(
    IReadOnlyList<byte[]> Identities, JsonElement Header, JsonElement Parent, JsonElement Metadata, JsonElement Content)
{
    /// <summary>The message type, such as execute_request.</summary>
    public string Type => Header.TryGetProperty("msg_type", out var type) ? type.GetString() ?? "" : "";

    /// <summary>The cell's id, if the client sends one, or null.</summary>
    public string? CellId => Metadata.TryGetProperty("cellId", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;

    /// <summary>The language of the cell in the metadata of the Polyglot extension or .NET Interactive; C# by default.</summary>
    public string Language => (Tag("polyglot_notebook", "kernelName") ?? Tag("dotnet_interactive", "language")) switch
    {
        null or "" or "C#" => "csharp",
        var other => other,
    };

    /// <summary>A string in the content; the default if it is missing or not a string.</summary>
    public string Text(string name, string otherwise = "") =>
        Content.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : otherwise;

    /// <summary>An integer in the content; the default if it is missing or not an integer.</summary>
    public int Number(string name, int otherwise = 0) =>
        Content.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number)
            ? number : otherwise;

    /// <summary>A Boolean in the content; the default if it is missing or not a Boolean.</summary>
    public bool Flag(string name, bool otherwise = false) =>
        Content.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean() : otherwise;

    private string? Tag(string section, string name) =>
        Metadata.TryGetProperty(section, out var part) && part.ValueKind == JsonValueKind.Object
        && part.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>A message is rejected; the text says why.</summary>
internal sealed class WireException(string message) : Exception(message);
