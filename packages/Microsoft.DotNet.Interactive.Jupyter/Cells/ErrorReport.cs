using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.DotNet.Interactive.Jupyter.CSharp;

namespace Microsoft.DotNet.Interactive.Jupyter.Cells;

/// <summary>Turns exceptions into what a notebook shows: what happened, on which line of which cell, without the frames of the runtime and the kernel.</summary>
internal static partial class ErrorReport
{
    private const int DeepestTrace = 200, ShownOfDeeper = 20;

    /// <param name="sourceOf">The code of a cell or file by its name; null where unknown.</param>
    public static CellError Of(Exception error, Func<string, string?> sourceOf)
    {
        error = Unwrap(error);
        if (error is CompilationException compilation) return new("CompilationError", compilation.Message, [.. compilation.Lines]);
        if (error is CellException) return new("Error", error.Message, [error.Message]);
        List<string> trace = [];
        for (var cause = error; cause is not null; cause = cause.InnerException is { } inner ? Unwrap(inner) : null)
        {
            trace.Add($"{(trace.Count > 0 ? "caused by " : "")}{cause.GetType().FullName}: {cause.Message}");
            trace.AddRange(Frames(cause, sourceOf));
        }
        return new(error.GetType().FullName ?? error.GetType().Name, error.Message, trace);
    }

    // The wrappers that await and reflection put around what really happened.
    private static Exception Unwrap(Exception error) => error switch
    {
        AggregateException { InnerExceptions: [var only] } => Unwrap(only),
        TargetInvocationException { InnerException: { } inner } => Unwrap(inner),
        _ => error,
    };

    private static IEnumerable<string> Frames(Exception error, Func<string, string?> sourceOf)
    {
        // Of an endless recursion the outermost calls tell enough; to look up the lines of them all takes seconds.
        int depth = new StackTrace(error, fNeedFileInfo: false).FrameCount, skipped = depth > DeepestTrace ? depth - ShownOfDeeper : 0;
        if (skipped > 0) yield return $"   ... {skipped} deeper calls";
        foreach (var frame in new StackTrace(error, skipped, fNeedFileInfo: true).GetFrames())
        {
            if (frame.GetMethod() is not { } method || IsForeign(method)) continue;
            var file = frame.GetFileName();
            var name = NameOf(method);
            if (file is null)
            {
                yield return $"   at {name}";
                continue;
            }
            int line = frame.GetFileLineNumber();
            var text = sourceOf(file)?.Split('\n').ElementAtOrDefault(line - 1)?.Trim();
            yield return $"   at {(name.Length > 0 ? $"{name} in " : "")}{file}, line {line}{(text is null ? "" : $": {text}")}";
        }
    }

    // Of the runtime, of the compiler, of the kernel.
    private static bool IsForeign(MethodBase method)
    {
        var assembly = method.Module.Assembly;
        var name = assembly.GetName().Name!;
        return assembly == typeof(ErrorReport).Assembly || name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal)
            || name is "System" or "mscorlib" or "netstandard" or "FSharp.Core" || name.StartsWith("FSharp.Compiler", StringComparison.Ordinal);
    }

    /// <summary>A method's name as it was written: compilers hide it in the names of nested types. Empty for a cell's own code.</summary>
    private static string NameOf(MethodBase method)
    {
        var type = method.DeclaringType;
        var name = method.Name;
        if (name == "MoveNext" && type is not null && GeneratedFor().Match(type.Name) is { Success: true } machine)
        {
            (name, type) = (machine.Groups[1].Value, type.DeclaringType);
        }
        else if (GeneratedFor().Match(name) is { Success: true } generated)
        {
            name = generated.Groups[1].Value;
        }
        while (type is not null && type.Name.StartsWith('<')) type = type.DeclaringType;
        if (name is "<Initialize>" or "<Factory>" or "Initialize" or "main@") return "";
        var owner = type is null || type.Name.StartsWith("Submission#", StringComparison.Ordinal) ? "" : $"{type.FullName?.Split('+')[^1] ?? type.Name}.";
        var parameters = string.Join(", ", method.GetParameters().Select(parameter => $"{parameter.ParameterType.Name} {parameter.Name}"));
        return name == ".ctor" ? $"new {owner.TrimEnd('.')}({parameters})" : $"{owner}{name}({parameters})";
    }

    [GeneratedRegex(@"^<(.+)>[a-z]__")]
    private static partial Regex GeneratedFor();
}
