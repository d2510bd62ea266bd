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

    // Disposed with its parent, the root.
    private readonly CSharpKernel csharp = new();
    private readonly References references;
    private ScriptState? state;
    private volatile CellThread? running;
    private bool interruptNext;

    public Session()
    {
        references = new(csharp.AddAssemblyReferences);
        Internals.Options(csharp) = Internals.Options(csharp)
            .WithEmitDebugInformation(true).WithOptimizationLevel(OptimizationLevel.Release).WithWarningLevel(0)
            .AddImports("System.IO", "System.Threading", typeof(Kernel).Namespace!, typeof(Formatter).Namespace!, typeof(Kernel).FullName!);
        csharp.AddAssemblyReferences([typeof(Checkpoint).Assembly.Location]);
        // With all dependencies: otherwise an assembly that the compiler has resolved itself would be referenced twice.
        references.Load([typeof(CSharpKernel).Assembly.Location], []);
        csharp.AddMiddleware(RunOnThreadAsync);
        csharp.UseWho().UseValueSharing().UseNugetDirective((_, packages) =>
        {
            references.Load([.. packages.SelectMany(package => package.AssemblyPaths)], packages.Select(package => package.PackageRoot));
            return Task.CompletedTask;
        });
        Root = new CompositeKernel
        {
            csharp, new HtmlKernel(),
            new DisplayKernel("javascript", HtmlFormatter.MimeType, code => $"<script type=\"text/javascript\">{code}</script>"),
            new DisplayKernel("markdown", "text/markdown", text => text),
            new DisplayKernel("mermaid", HtmlFormatter.MimeType, MermaidDiagram.ToHtml),
        };
        Root.DefaultKernelName = csharp.Name;
        Root.AddDirective(new KernelActionDirective("#!time") { Description = "Measures the duration of the cell." }, Time);
        Root.AddDirective(new KernelActionDirective("#!lsmagic") { Description = "Lists the directives." }, ListDirectives);
        Source = new(references.Load, LanguageOf);
    }

    /// <summary>Takes commands and publishes events.</summary>
    public CompositeKernel Root { get; }

    public CellSource Source { get; }

    /// <summary>The interrupted C# of the running or last cell, or null.</summary>
    public CellThread? Interrupted { get; set; }

    /// <summary>Runs a first cell, so that the compiler is loaded when the user's first cell arrives.</summary>
    public void WarmUp() =>
        Root.SendAsync(new SubmitCode("_ = Enumerable.Range(0, 2).Select(i => $\"{i}\").ToArray();")).GetAwaiter().GetResult();

    /// <summary>Interrupts the running C# or, if it has not started yet, the next.</summary>
    public void Interrupt()
    {
        interruptNext = true;
        if (running is { } cell) InterruptIfAsked(cell);
    }

    /// <summary>Forgets an interrupt that came too late for the C# of the cells before.</summary>
    public void ForgetInterrupt() => interruptNext = false;

    private void InterruptIfAsked(CellThread cell)
    {
        if (!Interlocked.Exchange(ref interruptNext, false)) return;
        Interrupted = cell;
        _ = cell.InterruptAsync(settle: () => Internals.SetState(csharp, state));
    }

    /// <summary>Compiles code after the previous cells and returns the diagnostics.</summary>
    public IReadOnlyList<Diagnostic> Diagnose(string code) =>
        state is null ? [] : state.Script.ContinueWith(code, Internals.Options(csharp)).GetCompilation().GetDiagnostics();

    private async Task RunOnThreadAsync(KernelCommand command, KernelInvocationContext context, KernelPipelineContinuation next)
    {
        if (command is not SubmitCode)
        {
            await next(command, context);
            return;
        }
        // A cell may submit code itself.
        var outer = running;
        using var memory = NativeMemory.Watch();
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
            // A compilation inherits the references of earlier ones; without this, each cell would keep another copy.
            if (csharp.ScriptState is { } reached && reached != state)
            {
                state = reached;
                Internals.Options(csharp) = Internals.Options(csharp).WithReferences(Array.Empty<MetadataReference>());
            }
            NativeMemory.CollectIfGrown();
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

/// <summary>A language whose code is displayed rather than run, as in <c>#!markdown</c>.</summary>
internal sealed class DisplayKernel(string name, string mimeType, Func<string, string> render)
    : Kernel(name), IKernelCommandHandler<SubmitCode>
{
    Task IKernelCommandHandler<SubmitCode>.HandleAsync(SubmitCode command, KernelInvocationContext context)
    {
        context.DisplayAs(render(command.Code.Trim()), mimeType);
        return Task.CompletedTask;
    }
}
