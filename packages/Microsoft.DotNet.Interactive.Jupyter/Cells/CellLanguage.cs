using System.Text.Json;

namespace Microsoft.DotNet.Interactive.Jupyter.Cells;

/// <summary>The language of a cell as .NET Interactive and the Polyglot extension write it into the cell's metadata.</summary>
internal static class CellLanguage
{
    /// <summary>The language; C# where none is given.</summary>
    public static string Of(JsonElement metadata) =>
        (Get(metadata, "polyglot_notebook", "kernelName") ?? Get(metadata, "dotnet_interactive", "language")) switch
        {
            null or "" or "csharp" or "C#" => "csharp",
            var other => other,
        };

    private static string? Get(JsonElement metadata, string section, string name) =>
        metadata.ValueKind == JsonValueKind.Object && metadata.TryGetProperty(section, out var part) && part.ValueKind == JsonValueKind.Object
        && part.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
