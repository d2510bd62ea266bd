using System.Text;
using System.Text.RegularExpressions;
using Microsoft.DotNet.Interactive.Documents;

namespace TimeSformer.Jupyter;

/// <summary>
/// Expands the source of a cell into the code to submit: C# gets checkpoints and <c>#line</c> directives with its position in the cell,
/// <c>#r "path"</c> loads the assembly, and <c>#load</c> and <c>#!import</c> are replaced by the code of the file.
/// </summary>
/// <param name="loadAssembly">Receives the full path of an <c>#r</c> directive.</param>
/// <param name="languageOf">Returns the language that a directive switches to, or null if it switches none.</param>
internal sealed partial class CellSource(Action<string> loadAssembly, Func<string, string?> languageOf)
{
    private const string CSharp = "csharp";

    private readonly Dictionary<string, string> sources = [], originals = [];

    /// <summary>The code of a cell or file by its name in error messages.</summary>
    public string? Named(string name) => sources.GetValueOrDefault(name);

    /// <summary>The original C# for submitted code.</summary>
    public string Original(string submitted) => originals.GetValueOrDefault(submitted.Trim(), submitted);

    /// <summary>Expands the code of a cell; <paramref name="folder"/> is that for relative paths.</summary>
    /// <exception cref="CellException">A file named by the cell is missing or of the wrong kind.</exception>
    public string Expand(string code, string name, string language, string folder)
    {
        sources[name] = code;
        StringBuilder submitted = new(), section = new();
        int number = 0, start = 1;
        foreach (var line in code.Split('\n'))
        {
            number++;
            var found = Directive().Match(line);
            var (directive, argument) = (found.Groups[1].Value, found.Groups[2].Value.Trim().Trim('"'));
            var next = languageOf(directive);
            bool isCode = next is null && (language != CSharp || directive is "");
            bool isReference = !isCode && directive is "#r" && !argument.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase);
            if (isReference) loadAssembly(Existing(directive, argument, folder));
            if (isCode || isReference)
            {
                section.Append(isCode ? line : "").Append('\n');
                continue;
            }
            EndSection();
            bool isImport = directive is "#load" or "#!import";
            submitted.Append(isImport ? $"#!{CSharp}\n{Import(directive, argument, folder)}\n#!{CSharp}" : line).Append('\n');
            (language, start) = (next ?? language, number + 1);
        }
        EndSection();
        return submitted.ToString()[..^Math.Min(1, submitted.Length)];

        void EndSection()
        {
            var text = section.ToString();
            section.Clear();
            if (string.IsNullOrWhiteSpace(text)) return;
            if (language == CSharp)
            {
                var place = $"#line {start} \"{name}\"\n";
                var checkedText = CheckpointRewriter.Insert(place + text);
                originals[checkedText.Trim()] = place + text;
                text = checkedText;
            }
            submitted.Append(text);
        }
    }

    private string Import(string directive, string argument, string folder)
    {
        var path = Existing(directive, argument, folder);
        if (Path.GetExtension(path) is not (".cs" or ".csx" or ".ipynb" or ".dib"))
        {
            throw new CellException($"{directive}: {path}: only .cs, .csx, .ipynb and .dib files can be imported");
        }
        var document = InteractiveDocument.LoadAsync(new FileInfo(path)).GetAwaiter().GetResult();
        var folderOfFile = Path.GetDirectoryName(path)!;
        return string.Join('\n', document.Elements.Where(element => element.KernelName is not "markdown").Select((element, index) =>
        {
            var language = element.KernelName ?? CSharp;
            var name = document.Elements.Count == 1 ? path : $"{path}, cell {index + 1}";
            return $"#!{language}\n{Expand(element.Contents.ReplaceLineEndings("\n"), name, language, folderOfFile)}";
        }));
    }

    private static string Existing(string directive, string argument, string folder)
    {
        if (argument.Length == 0) throw new CellException($"{directive} takes a path, as in {directive} \"...\"");
        var path = Path.GetFullPath(argument, folder);
        return File.Exists(path) ? path : throw new CellException($"{directive}: file not found: {path}");
    }

    // "#!name rest", "#r rest", "#load rest", "#i rest".
    [GeneratedRegex(@"^(#![A-Za-z][\w#-]*|#r|#load|#i)(?=\s|""|$)(.*)$")]
    private static partial Regex Directive();
}

/// <summary>A cell cannot be run as written; the message says why.</summary>
internal sealed class CellException(string message) : Exception(message);
