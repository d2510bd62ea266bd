namespace TimeSformer.Jupyter;

/// <summary>A received message.</summary>
/// <param name="Identities">The sender's address frames, which a reply repeats.</param>
/// <param name="Parent">The header of the message that this one answers.</param>
internal sealed record Message(
    IReadOnlyList<byte[]> Identities, JsonObject Header, JsonObject Parent, JsonObject Metadata, JsonObject Content)
{
    /// <summary>The message type, such as execute_request.</summary>
    public string Type => Read(Header, "msg_type", "");

    /// <summary>The cell's id, if the client sends one, or null.</summary>
    public string? CellId => Read<string?>(Metadata, "cellId", null);

    /// <summary>The language of the cell in the metadata of the Polyglot extension or .NET Interactive; C# by default.</summary>
    public string Language => (Tag("polyglot_notebook", "kernelName") ?? Tag("dotnet_interactive", "language")) switch
    {
        null or "" or "C#" => "csharp",
        var other => other,
    };

    /// <summary>A value in the content; the default if it is missing or of another type.</summary>
    public T Get<T>(string name, T otherwise) => Read(Content, name, otherwise);

    private string? Tag(string section, string name) => Read<string?>(Metadata[section] as JsonObject, name, null);

    private static T Read<T>(JsonObject? part, string name, T otherwise) =>
        part?[name] is JsonValue value && value.TryGetValue<T>(out var found) ? found : otherwise;
}

/// <summary>A message is rejected; the text says why.</summary>
internal sealed class WireException(string message) : Exception(message);
