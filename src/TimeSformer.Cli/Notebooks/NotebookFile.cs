using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace TimeSformer.Cli.Notebooks;

/// <summary>A notebook as a file (nbformat 4).</summary>
internal sealed class NotebookFile
{
    // As Jupyter writes notebooks, so that a run changes no more lines than it must.
    private static readonly JsonSerializerOptions json = new()
    {
        WriteIndented = true, IndentSize = 1, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonDocumentOptions strict = new() { AllowDuplicateProperties = false };

    private readonly JsonObject root;
    private readonly string path;

    private NotebookFile(string path, JsonObject root) => (this.path, this.root) = (path, root);

    /// <summary>The code of all cells, text cells included, in order.</summary>
    public IEnumerable<string> Sources => Cells.Select(Source);

    /// <summary>Its cells.</summary>
    public IEnumerable<JsonObject> Cells => root["cells"]!.AsArray().OfType<JsonObject>();

    /// <summary>Reads a notebook.</summary>
    /// <exception cref="InputException">The file is not a notebook.</exception>
    public static NotebookFile Read(string path)
    {
        try
        {
            if (JsonNode.Parse(File.ReadAllText(path), null, strict) is JsonObject root && root["cells"] is JsonArray)
            {
                var notebook = new NotebookFile(path, root);
                // Values of the wrong kind, and texts that are none, show only when they are used.
                _ = (notebook.Sources.Count(), notebook.Cells.Count(IsCode), root.ToJsonString());
                return notebook;
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new InputException($"{path} is not a Jupyter notebook: {error.Message}", error);
        }
        throw new InputException($"{path} is not a Jupyter notebook: it has no cells");
    }

    /// <summary>Writes it to a file, completely or not at all.</summary>
    public void Write(string target)
    {
        var written = $"{target}.{Environment.ProcessId}";
        File.WriteAllText(written, Sorted(root)!.ToJsonString(json) + "\n", new UTF8Encoding(false));
        File.Move(written, target, overwrite: true);
    }

    /// <summary>
    /// Names kernel and languages as .NET Interactive writes them, so that both the Jupyter and the Polyglot extension of VS Code open the
    /// notebook. The language of a cell is what its first line says.
    /// </summary>
    public void NameLanguages()
    {
        var metadata = Object(root, "metadata");
        metadata["kernelspec"] = new JsonObject { ["display_name"] = ".NET (C#)", ["language"] = "C#", ["name"] = KernelSpec.Name };
        metadata["language_info"] = new JsonObject
        {
            ["file_extension"] = ".cs", ["mimetype"] = "text/x-csharp", ["name"] = "C#", ["pygments_lexer"] = "csharp",
            ["version"] = "14.0",
        };
        metadata["polyglot_notebook"] = new JsonObject
        {
            ["kernelInfo"] = new JsonObject
            {
                ["defaultKernelName"] = "csharp",
                ["items"] = new JsonArray(
                    new JsonObject { ["aliases"] = new JsonArray(), ["languageName"] = "csharp", ["name"] = "csharp" }),
            },
        };
        foreach (var cell in Cells.Where(IsCode))
        {
            var cellMetadata = Object(cell, "metadata");
            // A cell that names its own language keeps it.
            if (cellMetadata["polyglot_notebook"] is not null) continue;
            cellMetadata["dotnet_interactive"] = new JsonObject { ["language"] = "csharp" };
            cellMetadata["polyglot_notebook"] = new JsonObject { ["kernelName"] = "csharp" };
        }
    }

    public override string ToString() => Path.GetFileName(path);

    // Jupyter sorts the keys.
    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    private static bool IsCode(JsonObject cell) => (string?)cell["cell_type"] == "code";

    private static string Source(JsonObject cell) =>
        cell["source"] is JsonArray lines ? string.Concat(lines.Select(line => (string?)line)) : (string?)cell["source"] ?? "";

    private static JsonObject Object(JsonObject parent, string name)
    {
        if (parent[name] is not JsonObject child) parent[name] = child = [];
        return child;
    }
}
