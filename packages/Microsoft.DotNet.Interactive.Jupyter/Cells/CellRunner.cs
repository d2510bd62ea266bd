using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.DotNet.Interactive.Formatting;
using Microsoft.DotNet.Interactive.Jupyter.CSharp;
using Microsoft.DotNet.Interactive.Jupyter.FSharp;
using Microsoft.DotNet.Interactive.Jupyter.Mermaid;

namespace Microsoft.DotNet.Interactive.Jupyter.Cells;

/// <summary>Carries out cells: splits them, runs the C#, shows the HTML, follows the directives. One cell at a time.</summary>
internal sealed class CellRunner
{
    private readonly ConcurrentDictionary<string, string> sources = new();
    private readonly Directives directives;
    private readonly Lazy<FSharpSession> fsharp;

    public CellRunner()
    {
        CSharp = new ScriptSession(References);
        fsharp = new Lazy<FSharpSession>(() => new FSharpSession(References));
        directives = new Directives(this);
    }

    public References References { get; } = new();

    public ScriptSession CSharp { get; }

    public FSharpSession FSharp => fsharp.Value;

    /// <summary>The code of a cell or file by the name that errors give it.</summary>
    public string? SourceOf(string name) => sources.GetValueOrDefault(name);

    /// <summary>Runs a cell inside the context that is current.</summary>
    /// <param name="name">Stands for the cell in errors.</param>
    /// <param name="language">What it is written in where it does not say so itself.</param>
    /// <returns>The value of its last expression; the values of earlier parts are displayed.</returns>
    public CellValue Run(string code, string name, string language = "csharp")
    {
        sources[name] = code;
        var value = CellValue.None;
        long start = Stopwatch.GetTimestamp();
        bool timed = false;
        foreach (var part in CellSplitter.Split(code, language))
        {
            if (value.HasValue) value.Value.Display();
            value = CellValue.None;
            switch (part)
            {
                case CodePart { Language: "csharp" } csharp:
                    value = CSharp.Run(CSharp.Prepare(csharp.Code, name));
                    break;
                case CodePart { Language: "fsharp" } fsharp:
                    value = FSharp.Run(fsharp.Code, name);
                    break;
                case CodePart shown:
                    Show(shown);
                    break;
                case DirectivePart { Name: "#!time" }:
                    timed = true;
                    break;
                case DirectivePart directive:
                    directives.Follow(directive, name);
                    break;
            }
        }
        if (timed)
        {
            if (value.HasValue) value.Value.Display();
            value = CellValue.None;
            $"Wall time: {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0.###}ms".DisplayAs(PlainTextFormatter.MimeType);
        }
        return value;
    }

    private static void Show(CodePart part)
    {
        switch (part.Language)
        {
            case "html":
                part.Text.DisplayAs(HtmlFormatter.MimeType);
                break;
            case "javascript":
                Kernel.Javascript(part.Text);
                break;
            case "markdown":
                part.Text.DisplayAs("text/markdown");
                break;
            case "mermaid":
                MermaidDiagram.ToHtml(part.Text).DisplayAs(HtmlFormatter.MimeType);
                break;
            default:
                throw new CellException($"cells in {part.Language} are not supported");
        }
    }
}
