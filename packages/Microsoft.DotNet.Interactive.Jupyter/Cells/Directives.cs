using System.Text.Json;
using Microsoft.DotNet.Interactive.Formatting;
using Microsoft.DotNet.Interactive.Jupyter.NuGet;

namespace Microsoft.DotNet.Interactive.Jupyter.Cells;

/// <summary>The directives that are not about languages: references, other files, variables.</summary>
internal sealed class Directives(CellRunner runner)
{
    // All that the notebook has asked for: versions must agree with each other.
    private readonly List<(string Name, string Version)> packages = [];

    /// <param name="source">The cell or file that holds the directive: paths in a file are relative to that file's folder.</param>
    /// <exception cref="CellException">It is none that the kernel knows, or its arguments are wrong.</exception>
    public void Follow(DirectivePart directive, string source)
    {
        switch (directive.Name)
        {
            case "#r":
                Reference(directive.Only("a path or \"nuget: NAME, VERSION\""), source);
                break;
            case "#i":
                throw new CellException("#i is not supported: package sources are those of your NuGet configuration (dotnet nuget list source)");
            case "#load" or "#!import":
                Import(Resolve(directive.Only("a path"), source), directive.Name);
                break;
            case "#!share" or "#!set":
                ValueSharing.Follow(directive, runner);
                break;
            case "#!who":
                string.Join("  ", runner.CSharp.Variables().Select(variable => variable.Name)).DisplayAs(PlainTextFormatter.MimeType);
                break;
            case "#!whos":
                runner.CSharp.Variables().Select(variable => new { variable.Name, Type = Members.NameOf(variable.Type), variable.Value }).ToArray().Display();
                break;
            case "#!lsmagic":
                string.Join("  ", CellSplitter.DirectiveNames).DisplayAs(PlainTextFormatter.MimeType);
                break;
            default:
                throw new CellException($"{directive.Name} is no directive of this kernel; it knows {string.Join(", ", CellSplitter.DirectiveNames)}");
        }
    }

    private void Reference(string what, string source)
    {
        if (!what.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase))
        {
            runner.References.Load(Resolve(what, source));
            return;
        }
        var words = what["nuget:".Length..].Split(',', StringSplitOptions.TrimEntries);
        if (words is not ([{ Length: > 0 }] or [{ Length: > 0 }, { Length: > 0 }])) throw new CellException($"#r \"{what}\": write #r \"nuget: NAME\" or #r \"nuget: NAME, VERSION\"");
        packages.RemoveAll(package => package.Name.Equals(words[0], StringComparison.OrdinalIgnoreCase));
        packages.Add((words[0], words.ElementAtOrDefault(1) ?? ""));
        try
        {
            var restored = PackageRestore.Restore(packages, Console.WriteLine, KernelInvocationContext.Current?.CancellationToken ?? default);
            runner.References.Load(restored.Assemblies, restored.NativeFolders);
        }
        catch (CellException)
        {
            packages.RemoveAt(packages.Count - 1);
            throw;
        }
    }

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
