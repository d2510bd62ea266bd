using System.Text;
using System.Text.RegularExpressions;
using Microsoft.DotNet.Interactive.Documents;

namespace TimeSformer.Jupyter;

/// <summary>
/// Makes what is submitted for a cell from what is written in it: C# gets checkpoints and, by <c>#line</c>, its place in the cell, whatever
/// directives stand around it; <c>#r "path"</c> loads the assembly; <c>#load</c> and <c>#!import</c> put the code of the file in their
/// place.
/// </summary>
/// <param name="loadAssembly">Is given the full path of a <c>#r</c>.</param>
/// <param name="languageOf">The language that a directive switches to; null where it is none that does.</param>
internal sealed partial class CellSource(Action<string> loadAssembly, Func<string, string?> languageOf)
{
    private const string CSharp = "csharp";

    private readonly Dictionary<string, string> sources = [], written = [];

    /// <summary>The code of a cell or file by the name that errors give it.</summary>
    public string? Named(string name) => sources.GetValueOrDefault(name);

    /// <summary>The C# as it was written, from that which was submitted.</summary>
    public string Written(string submitted) => written.GetValueOrDefault(submitted.Trim(), submitted);

    /// <summary>What to submit.</summary>
    /// <param name="name">Stands for the cell in errors.</param>
    /// <param name="language">What the cell is written in where it does not say so itself.</param>
    /// <param name="folder">Paths are relative to it.</param>
    /// <exception cref="CellException">A file that the cell names is missing or of the wrong kind.</exception>
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
            if (languageOf(directive) is { } next)
            {
                EndSection();
                submitted.Append(line).Append('\n');
                language = next;
            }
            else if (language != CSharp || directive is "")
            {
                section.Append(line).Append('\n');
                continue;
            }
            else if (directive is "#r" && !argument.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase))
            {
                loadAssembly(Existing(directive, argument, folder));
                section.Append('\n');
                continue;
            }
            else if (directive is "#load" or "#!import")
            {
                EndSection();
                submitted.Append($"#!{CSharp}\n{Import(directive, argument, folder)}\n#!{CSharp}\n");
            }
            else
            {
                EndSection();
                submitted.Append(line).Append('\n');
            }
            start = number + 1;
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
                var checkedText = Checkpoints.Insert(place + text);
                written[checkedText.Trim()] = place + text;
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
        return File.Exists(path) ? path : throw new CellException($"{directive}: there is no file {path}");
    }

    // "#!name rest", "#r rest", "#load rest", "#i rest".
    [GeneratedRegex(@"^(#![A-Za-z][\w#-]*|#r|#load|#i)(?=\s|""|$)(.*)$")]
    private static partial Regex Directive();
}
