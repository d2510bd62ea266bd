using System.Text.Json;
using Microsoft.DotNet.Interactive.Formatting;

namespace Microsoft.DotNet.Interactive.Jupyter.Cells;

/// <summary>The directives that are not about languages: references, other files, variables.</summary>
internal sealed class Directives(CellRunner runner)
{
    private static readonly string[] Known =
        ["#r", "#load", "#!import", "#!time", "#!who", "#!whos", "#!lsmagic", "#!csharp", "#!fsharp", "#!html", "#!javascript", "#!markdown", "#!mermaid"];

    /// <param name="source">The cell or file that holds the directive: paths in a file are relative to that file's folder.</param>
    /// <exception cref="CellException">It is none that the kernel knows, or its arguments are wrong.</exception>
    public void Follow(DirectivePart directive, string source)
    {
        switch (directive.Name)
        {
            case "#r":
                Reference(directive.Only("a path or \"nuget: NAME, VERSION\""), source);
                break;
            case "#load" or "#!import":
                Import(Resolve(directive.Only("a path"), source), directive.Name);
                break;
            case "#!who":
                string.Join("  ", runner.CSharp.Variables().Select(variable => variable.Name)).DisplayAs(PlainTextFormatter.MimeType);
                break;
            case "#!whos":
                runner.CSharp.Variables().Select(variable => new { variable.Name, Type = Members.NameOf(variable.Type), variable.Value }).ToArray().Display();
                break;
            case "#!lsmagic":
                string.Join("  ", Known).DisplayAs(PlainTextFormatter.MimeType);
                break;
            default:
                throw new CellException($"{directive.Name} is no directive of this kernel; it knows {string.Join(", ", Known)}");
        }
    }

    private void Reference(string what, string source) => runner.References.Load(Resolve(what, source));

    private void Import(string path, string directive)
    {
        if (!File.Exists(path)) throw new CellException($"{directive}: there is no file {path}");
        switch (Path.GetExtension(path).ToLowerInvariant())
        {
            case ".cs" or ".csx":
                Run(File.ReadAllText(path), path, "csharp");
                break;
            case ".ipynb":
                foreach (var (code, language, number) in CodeCells(path)) Run(code, $"{path}, cell {number}", language);
                break;
            default:
                throw new CellException($"{directive}: {path}: only .cs, .csx and .ipynb files can be run");
        }
    }

    private void Run(string code, string name, string language)
    {
        var value = runner.Run(code.ReplaceLineEndings("\n"), name, language);
        if (value.HasValue) value.Value.Display();
    }

    private static List<(string Code, string Language, int Number)> CodeCells(string path)
    {
        List<(string, string, int)> code = [];
        try
        {
            using var notebook = JsonDocument.Parse(File.ReadAllBytes(path));
            int number = 0;
            foreach (var cell in notebook.RootElement.GetProperty("cells").EnumerateArray())
            {
                number++;
                if (cell.GetProperty("cell_type").GetString() != "code") continue;
                var source = cell.GetProperty("source");
                var text = source.ValueKind == JsonValueKind.Array ? string.Concat(source.EnumerateArray().Select(line => line.GetString())) : source.GetString()!;
                code.Add((text, CellLanguage.Of(cell.GetProperty("metadata")), number));
            }
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new CellException($"#!import: {path} is no Jupyter notebook: {error.Message}");
        }
        return code;
    }

    private static string Resolve(string path, string source) =>
        Path.GetFullPath(path, Path.IsPathRooted(source) ? Path.GetDirectoryName(source)! : Environment.CurrentDirectory);
}
