using FSharp.Compiler.Diagnostics;
using FSharp.Compiler.Interactive;
using Microsoft.DotNet.Interactive.Jupyter.Cells;
using Microsoft.DotNet.Interactive.Jupyter.CSharp;
using Microsoft.FSharp.Core;

namespace Microsoft.DotNet.Interactive.Jupyter.FSharp;

/// <summary>F# cells that share their state: F# Interactive inside the process. It takes seconds to start and is started by the first such cell.</summary>
internal sealed class FSharpSession
{
    private readonly References references;
    private readonly Shell.FsiEvaluationSession session;
    private readonly HashSet<string> known;

    public FSharpSession(References references)
    {
        this.references = references;
        known = [.. references.Paths];
        // Not the SDK's reference assemblies: values that C# gives are of the types that run.
        string[] arguments = ["fsi", "--usesdkrefs-", "--noninteractive", "--nologo", "--gui-", "--quiet", "--targetprofile:netcore", $"--reference:{typeof(FSharpOption<>).Assembly.Location}", $"--reference:{typeof(Kernel).Assembly.Location}"];
        session = Shell.FsiEvaluationSession.Create(
            Shell.FsiEvaluationSession.GetDefaultConfiguration(), arguments, TextReader.Null, TextWriter.Null, TextWriter.Null, FSharpOption<bool>.None, null);
        Evaluate("open System\nopen System.IO\nopen System.Collections.Generic\nopen Microsoft.DotNet.Interactive\nopen Microsoft.DotNet.Interactive.Formatting\nlet display (value: obj) = Kernel.display(value)\nlet HTML (content: string) = Kernel.HTML(content)\n", "setup");
    }

    /// <summary>Runs a cell.</summary>
    /// <exception cref="CellException">It does not compile.</exception>
    public CellValue Run(string code, string name)
    {
        foreach (var path in references.Paths.Where(known.Add)) Evaluate($"#r @\"{path}\"", name);
        var value = Evaluate(code, name);
        return value is null || value.ReflectionType == typeof(Unit) ? CellValue.None : new(true, value.ReflectionValue);
    }

    /// <summary>The value that a name has; false where it has none.</summary>
    public bool TryGet(string name, out object? value)
    {
        var found = session.TryFindBoundValue(name);
        value = found?.Value.Value.ReflectionValue;
        return found is not null;
    }

    /// <summary>Gives a value a name.</summary>
    /// <exception cref="CellException">F# cannot know its type.</exception>
    public void Set(string name, object value)
    {
        try
        {
            foreach (var path in references.Paths.Where(known.Add)) Evaluate($"#r @\"{path}\"", name);
            session.AddBoundValue(name, value);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw new CellException($"{name} cannot be given to F#: its type, {value.GetType()}, is declared in a cell or not known there");
        }
    }

    private Shell.FsiValue? Evaluate(string code, string name)
    {
        var (outcome, diagnostics) = session.EvalInteractionNonThrowing(code, name, FSharpOption<CancellationToken>.None);
        if (outcome is FSharpChoice<FSharpOption<Shell.FsiValue>?, Exception>.Choice1Of2 value) return value.Item?.Value;
        FSharpDiagnostic[] errors = [.. diagnostics.Where(diagnostic => diagnostic.Severity.IsError)];
        if (errors.Length > 0) throw new CellException(string.Join('\n', errors.Select(error => $"{name}({error.StartLine},{error.StartColumn + 1}): error {error.ErrorNumberText}: {error.Message}")));
        throw ((FSharpChoice<FSharpOption<Shell.FsiValue>?, Exception>.Choice2Of2)outcome).Item;
    }
}
