using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.DotNet.Interactive.Jupyter.CSharp;

namespace Microsoft.DotNet.Interactive.Jupyter.Cells;

/// <summary>Splits a cell into code and directives. A directive is a line of its own; inside a C# string or comment it is none.</summary>
internal static partial class CellSplitter
{
    /// <summary>The languages and the lines that switch to them.</summary>
    private static readonly Dictionary<string, string> Languages = new()
    {
        ["#!csharp"] = "csharp", ["#!c#"] = "csharp", ["#!C#"] = "csharp", ["#!cs"] = "csharp",
        ["#!fsharp"] = "fsharp", ["#!f#"] = "fsharp", ["#!F#"] = "fsharp", ["#!fs"] = "fsharp",
        ["#!html"] = "html", ["#!javascript"] = "javascript", ["#!js"] = "javascript", ["#!markdown"] = "markdown", ["#!md"] = "markdown",
        ["#!mermaid"] = "mermaid",
    };

    /// <summary>All directives, for completion and for errors.</summary>
    public static IEnumerable<string> DirectiveNames { get; } =
        ["#r", "#load", "#!import", "#!share", "#!set", "#!time", "#!who", "#!whos", "#!lsmagic", .. Languages.Where(pair => pair.Key == $"#!{pair.Value}").Select(pair => pair.Key)];

    public static IReadOnlyList<CellPart> Split(string cell, string language = "csharp")
    {
        List<CellPart> parts = [];
        int start = 0, at = 0;
        foreach (var line in cell.Split('\n'))
        {
            int end = Math.Min(at + line.Length + 1, cell.Length);
            if (Directive().Match(line) is { Success: true } found && IsDirective(cell, start, at, language, found))
            {
                AddCode(at);
                var name = found.Groups[1].Value;
                if (Languages.TryGetValue(name, out var next)) language = next;
                else parts.Add(new DirectivePart(name, found.Groups[2].Value.Trim(), language));
                start = end;
            }
            at += line.Length + 1;
        }
        AddCode(cell.Length);
        return parts;

        void AddCode(int stop)
        {
            if (!string.IsNullOrWhiteSpace(cell[start..stop])) parts.Add(new CodePart(language, Blank(cell, start, stop)));
        }
    }

    /// <summary>The cell with directives and the code of other languages blanked: what the C# editor services look at.</summary>
    public static string CSharpOnly(string cell)
    {
        var text = Blank(cell, 0, 0).ToCharArray();
        foreach (var part in Split(cell).OfType<CodePart>().Where(part => part.Language == "csharp"))
        {
            for (int i = 0; i < text.Length; i++)
            {
                if (part.Code[i] != ' ') text[i] = part.Code[i];
            }
        }
        return new(text);
    }

    private static bool IsDirective(string cell, int start, int at, string language, Match found)
    {
        var name = found.Groups[1].Value;
        if (language == "csharp") return IsTrivia(cell, start, at + found.Groups[1].Index);
        if (language == "fsharp") return name.StartsWith("#!", StringComparison.Ordinal) || name == "#r";
        // Other languages end at the next switch of language only.
        return Languages.ContainsKey(name);
    }

    private static bool IsTrivia(string cell, int start, int at) =>
        ScriptSession.Parse(Blank(cell, start, cell.Length)).GetRoot().FindTrivia(at).GetStructure() is DirectiveTriviaSyntax { IsActive: true };

    private static string Blank(string cell, int start, int stop) =>
        string.Create(cell.Length, (cell, start, stop), (text, source) =>
        {
            for (int i = 0; i < text.Length; i++)
            {
                text[i] = (i >= source.start && i < source.stop) || source.cell[i] is '\n' or '\r' ? source.cell[i] : ' ';
            }
        });

    // "#!name rest", "#r rest", "#load rest", "#i rest".
    [GeneratedRegex(@"^\s*(#![A-Za-z][\w#-]*|#r|#load|#i)(?=\s|""|$)(.*)$")]
    private static partial Regex Directive();
}
