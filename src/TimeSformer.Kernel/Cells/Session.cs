using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Directives;
using Microsoft.DotNet.Interactive.Formatting;
using Microsoft.DotNet.Interactive.PackageManagement;
using Diagnostic = Microsoft.CodeAnalysis.Diagnostic;

namespace TimeSformer.Jupyter;

/// <summary>The kernels of Microsoft.DotNet.Interactive that run a notebook's cells, set up for Jupyter.</summary>
internal sealed class Session : IDisposable
{
    public static readonly CSharpParseOptions Parsing = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    // Ends with the root, its parent.
    private readonly CSharpKernel csharp = new();
    private readonly References references;
    private ScriptState? state;
    private volatile CellThread? running;
    private bool interruptNext;

    public Session()
    {
        references = new(csharp.AddAssemblyReferences);
        Hidden.Options(csharp) = Hidden.Options(csharp)
            .WithEmitDebugInformation(true).WithOptimizationLevel(OptimizationLevel.Release).WithWarningLevel(0)
            .AddImports("System.IO", "System.Threading", typeof(Kernel).Namespace!, typeof(Formatter).Namespace!, typeof(Kernel).FullName!);
        csharp.AddAssemblyReferences([typeof(Checkpoint).Assembly.Location]);
        // With all that it needs: what the compiler found by itself and was then told of again, it would take for two.
        references.Load([typeof(CSharpKernel).Assembly.Location], []);
        csharp.AddMiddleware(RunOnThreadAsync);
        csharp.UseWho().UseValueSharing().UseNugetDirective((_, packages) =>
        {
            references.Load([.. packages.SelectMany(package => package.AssemblyPaths)], packages.Select(package => package.PackageRoot));
            return Task.CompletedTask;
        });
        Root = new CompositeKernel
        {
            csharp,
            new HtmlKernel(),
            new ShownKernel("javascript", HtmlFormatter.MimeType, code => $"<script type=\"text/javascript\">{code}</script>"),
            new ShownKernel("markdown", "text/markdown", text => text),
            new ShownKernel("mermaid", HtmlFormatter.MimeType, MermaidDiagram.ToHtml),
        };
        Root.DefaultKernelName = csharp.Name;
        Root.AddDirective(new KernelActionDirective("#!time") { Description = "Tells how long the cell took." }, Time);
        Root.AddDirective(new KernelActionDirective("#!lsmagic") { Description = "Lists the directives." }, ListDirectives);
        Source = new(references.Load, LanguageOf);
    }

    /// <summary>Takes commands and tells events.</summary>
    public CompositeKernel Root { get; }

    public CellSource Source { get; }

    /// <summary>The C# that the user has interrupted, in the cell that runs or ran last; null where none was.</summary>
    public CellThread? Interrupted { get; set; }

    /// <summary>Runs a first cell: the compiler and all that it needs are loaded, and the user's first cell finds them ready.</summary>
    public void WarmUp() =>
        Root.SendAsync(new SubmitCode("_ = Enumerable.Range(0, 2).Select(i => $\"{i}\").ToArray();")).GetAwaiter().GetResult();

    /// <summary>Ends the C# that runs, or else that which is about to run.</summary>
    public void Interrupt()
    {
        interruptNext = true;
        if (running is { } cell) InterruptIfAsked(cell);
    }

    private void InterruptIfAsked(CellThread cell)
    {
        if (!Interlocked.Exchange(ref interruptNext, false)) return;
        Interrupted = cell;
        _ = cell.InterruptAsync(settle: () => Hidden.SetState(csharp, state));
    }

    /// <summary>What is wrong with code as it was written, rather than with that which was submitted for it.</summary>
    public IReadOnlyList<Diagnostic> Diagnose(string code) =>
        state is null ? [] : state.Script.ContinueWith(code, Hidden.Options(csharp)).GetCompilation().GetDiagnostics();

    private async Task RunOnThreadAsync(KernelCommand command, KernelInvocationContext context, KernelPipelineContinuation next)
    {
        if (command is not SubmitCode)
        {
            await next(command, context);
            return;
        }
        // A cell may submit code itself.
        var outer = running;
        running = new CellThread(context);
        try
        {
            var run = running.RunAsync(() => next(command, context));
            InterruptIfAsked(running);
            await run;
        }
        finally
        {
            running = outer;
            // A compilation has the references of those before it; given again, they would be kept again for each cell.
            if (csharp.ScriptState is { } reached && reached != state)
            {
                state = reached;
                Hidden.Options(csharp) = Hidden.Options(csharp).WithReferences(Array.Empty<MetadataReference>());
            }
        }
    }

    public void Dispose() => Root.Dispose();

    private string? LanguageOf(string directive) => Root.KernelInfo.SupportedDirectives
        .OfType<KernelSpecifierDirective>().FirstOrDefault(selector => selector.Name == directive)?.KernelName;

    private static Task Time(KernelCommand command, KernelInvocationContext context)
    {
        long start = Stopwatch.GetTimestamp();
        context.OnComplete(cell =>
            cell.DisplayAs($"Wall time: {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0.###}ms", PlainTextFormatter.MimeType));
        return Task.CompletedTask;
    }

    private Task ListDirectives(KernelCommand command, KernelInvocationContext context)
    {
        var names = Root.KernelInfo.SupportedDirectives.Concat(csharp.KernelInfo.SupportedDirectives)
            .Where(directive => !directive.Hidden).Select(directive => directive.Name);
        context.DisplayAs(string.Join("  ", names.Concat(["#load", "#!import"]).Order()), PlainTextFormatter.MimeType);
        return Task.CompletedTask;
    }
}
