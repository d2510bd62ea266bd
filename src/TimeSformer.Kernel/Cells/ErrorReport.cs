using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Events;
using Diagnostic = Microsoft.CodeAnalysis.Diagnostic;

namespace TimeSformer.Jupyter;

/// <summary>The error of a cell, as the notebook shows it.</summary>
/// <param name="Name">The type name of the error.</param>
/// <param name="Trace">Lines with the message and the stack trace.</param>
internal sealed record CellError(string Name, string Message, params IEnumerable<string> Trace)
{
    /// <summary>The content of an error message.</summary>
    public JsonObject ToJson() =>
        new() { ["ename"] = Name, ["evalue"] = Message, ["traceback"] = new JsonArray([.. Trace.Select(line => JsonValue.Create(line))]) };
}

/// <summary>
/// Turns exceptions into errors for the notebook: what happened, in which line of which cell, without frames of the runtime or the kernel.
/// </summary>
internal static partial class ErrorReport
{
    private const int MaxTrace = 200, ShownOfLongTrace = 20;

    /// <summary>Describes the failure of a cell; the session knows its original code.</summary>
    public static CellError Of(CommandFailed failed, InterruptedBy interrupted, Session session)
    {
        var error = failed.Exception is null ? null : Unwrap(failed.Exception);
        if (interrupted == InterruptedBy.Nothing && error is OperationCanceledException) interrupted = InterruptedBy.Token;
        if (interrupted != InterruptedBy.Nothing) return Interrupted(interrupted);
        switch (error)
        {
            case null:
                // An invalid directive. Its position refers to the submitted code, not to the user's.
                var message = Position().Replace(failed.Message, "");
                return new("Error", message, message.Split('\n'));
            case CodeSubmissionCompilationErrorException { InnerException: CompilationErrorException compilation }:
                return Compilation(compilation.Diagnostics, session);
            case CellException:
                return new("Error", error.Message, error.Message);
        }
        List<string> trace = [];
        for (var cause = error; cause is not null; cause = cause.InnerException is { } inner ? Unwrap(inner) : null)
        {
            trace.Add($"{(trace.Count > 0 ? "caused by " : "")}{cause.GetType().FullName}: {MessageOf(cause)}");
            trace.AddRange(Frames(cause, session.Source.Named));
        }
        return new(error.GetType().FullName ?? error.GetType().Name, MessageOf(error), trace);
    }

    private static CellError Interrupted(InterruptedBy interrupted)
    {
        var message = interrupted switch
        {
            InterruptedBy.Token => "The cell was interrupted.",
            InterruptedBy.Force => "The cell was interrupted while it ran. Variables of earlier cells are intact; "
                + "what the cell was changing may be incomplete.",
            _ => "The cell was interrupted but does not end, because it is in native code or in a library's loop. "
                + "It continues in the background. Variables of earlier cells are intact, its own are lost; "
                + "to stop it, restart the kernel.",
        };
        return new("Interrupted", message, message);
    }

    // Errors in the original code, each with its line and a marker below: checkpoints shift the columns of the submitted code.
    private static CellError Compilation(IEnumerable<Diagnostic> submitted, Session session)
    {
        var tree = submitted.FirstOrDefault(error => error.Location.SourceTree is not null)?.Location.SourceTree;
        Diagnostic[] original = tree is null ? [] : Errors(session.Diagnose(session.Source.Original(tree.ToString())));
        var errors = original.Length > 0 ? original : Errors(submitted);
        var trace = errors.SelectMany(error => (string[])[Describe(error), .. Show(error.Location)]);
        return new("CompilationError", Describe(errors[0]), trace);

        static Diagnostic[] Errors(IEnumerable<Diagnostic> diagnostics) =>
            [.. diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error).OrderBy(error => error.Location.SourceSpan.Start)];
    }

    private static string Describe(Diagnostic error)
    {
        var place = error.Location.GetMappedLineSpan();
        var text = $"error {error.Id}: {error.GetMessage()}";
        return place.IsValid ? $"{place.Path}({place.StartLinePosition.Line + 1},{place.StartLinePosition.Character + 1}): {text}" : text;
    }

    private static IEnumerable<string> Show(Location location)
    {
        if (location.SourceTree is not { } tree) yield break;
        var line = tree.GetText().Lines.GetLineFromPosition(location.SourceSpan.Start);
        int length = Math.Clamp(location.SourceSpan.Length, 1, Math.Max(1, line.End - location.SourceSpan.Start));
        yield return $"    {line}";
        yield return $"    {new string(' ', location.SourceSpan.Start - line.Start)}{new string('^', length)}";
    }

    // libtorch appends its native stack trace.
    private static string MessageOf(Exception error) => error.Message.Split("\nException raised from")[0];

    // Removes the wrappers that tasks and reflection add.
    private static Exception Unwrap(Exception error) => error switch
    {
        AggregateException { InnerExceptions: [var only] } => Unwrap(only),
        TargetInvocationException { InnerException: { } inner } => Unwrap(inner),
        _ => error,
    };

    private static IEnumerable<string> Frames(Exception error, Func<string, string?> sourceOf)
    {
        // For endless recursion the outermost calls suffice; looking up all line numbers would take seconds.
        int depth = new StackTrace(error, fNeedFileInfo: false).FrameCount, skipped = depth > MaxTrace ? depth - ShownOfLongTrace : 0;
        if (skipped > 0) yield return $"   ... {skipped} deeper calls";
        foreach (var frame in new StackTrace(error, skipped, fNeedFileInfo: true).GetFrames())
        {
            if (frame.GetMethod() is not { } method || IsForeign(method)) continue;
            var file = frame.GetFileName();
            // The compiler resolves the name of a cell as a file in the current folder.
            if (sourceOf(Path.GetFileName(file ?? "")) is not null) file = Path.GetFileName(file);
            var name = NameOf(method);
            int line = frame.GetFileLineNumber();
            var text = sourceOf(file ?? "")?.Split('\n').ElementAtOrDefault(line - 1)?.Trim();
            var place = $"{(name.Length > 0 ? $"{name} in " : "")}{file}, line {line}{(text is null ? "" : $": {text}")}";
            yield return $"   at {(file is null ? name : place)}";
        }
    }

    // Frames of the runtime, the compiler and the kernel.
    private static bool IsForeign(MethodBase method)
    {
        var name = method.Module.Assembly.GetName().Name!;
        return method.Module.Assembly == typeof(ErrorReport).Assembly
            || name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal)
            || name is "System" or "mscorlib" or "netstandard" or "FSharp.Core";
    }

    // The name in the source code, restored from the compiler's generated names. Empty for top-level code of a cell.
    private static string NameOf(MethodBase method)
    {
        var (type, name) = (method.DeclaringType, method.Name);
        if (name == "MoveNext" && type is not null && GeneratedFor().Match(type.Name) is { Success: true } machine)
        {
            (name, type) = (machine.Groups[1].Value, type.DeclaringType);
        }
        else if (GeneratedFor().Match(name) is { Success: true } generated)
        {
            name = generated.Groups[1].Value;
        }
        while (type is not null && type.Name.StartsWith('<')) type = type.DeclaringType;
        if (name is "<Initialize>" or "<Factory>" or "Initialize") return "";
        bool isCell = type is null || type.Name.StartsWith("Submission#", StringComparison.Ordinal);
        var owner = isCell ? "" : $"{type!.FullName?.Split('+')[^1] ?? type.Name}.";
        var parameters = string.Join(", ", method.GetParameters().Select(parameter => $"{parameter.ParameterType.Name} {parameter.Name}"));
        return name == ".ctor" ? $"new {owner.TrimEnd('.')}({parameters})" : $"{owner}{name}({parameters})";
    }

    [GeneratedRegex(@"^\(\d+,\d+\): ", RegexOptions.Multiline)]
    private static partial Regex Position();

    [GeneratedRegex(@"^<(.+)>[a-z]__")]
    private static partial Regex GeneratedFor();
}
