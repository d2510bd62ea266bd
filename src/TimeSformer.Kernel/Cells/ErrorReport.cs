using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Events;
using Diagnostic = Microsoft.CodeAnalysis.Diagnostic;

namespace TimeSformer.Jupyter;

/// <summary>Turns exceptions into what a notebook shows: what happened, on which line of which cell,
/// without the frames of the runtime and the kernel.</summary>
internal static partial class ErrorReport
{
    private const int DeepestTrace = 200, ShownOfDeeper = 20;

    /// <summary>The failure of a cell.</summary>
    /// <param name="failed">What the published kernel tells of it.</param>
    /// <param name="interrupted">Whether and how the user ended it.</param>
    /// <param name="session">Knows the code as it was written.</param>
    public static CellError Of(CommandFailed failed, InterruptedBy interrupted, Session session)
    {
        var error = failed.Exception is null ? null : Unwrap(failed.Exception);
        if (interrupted == InterruptedBy.Nothing && error is OperationCanceledException) interrupted = InterruptedBy.Token;
        if (interrupted != InterruptedBy.Nothing) return Interrupted(interrupted);
        switch (error)
        {
            case null:
                // A directive that is wrong. Its place is one in what was submitted, which is not what was written.
                var message = Place().Replace(failed.Message, "");
                return new("Error", message, message.Split('\n'));
            case CodeSubmissionCompilationErrorException { InnerException: CompilationErrorException compilation }:
                return Compilation(compilation.Diagnostics, session);
            case CellException:
                return new("Error", error.Message, [error.Message]);
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
            InterruptedBy.Force =>
                "The cell was interrupted while it ran. Variables of earlier cells are intact; "
                + "what the cell itself was working on may be half done.",
            _ => "The cell was interrupted but does not end: it is in native code or in a loop of a library. "
                + "It goes on in the background until it returns. Variables of earlier cells are intact, its own are lost; "
                + "restart the kernel to be rid of it.",
        };
        return new("Interrupted", message, [message]);
    }

    // Errors of the code as it was written, each with its line and a mark under it: checkpoints move the columns.
    private static CellError Compilation(IEnumerable<Diagnostic> submitted, Session session)
    {
        var tree = submitted.FirstOrDefault(error => error.Location.SourceTree is not null)?.Location.SourceTree;
        Diagnostic[] written = tree is null ? [] : Errors(session.Diagnose(session.Source.Written(tree.ToString())));
        var errors = written.Length > 0 ? written : Errors(submitted);
        var trace = errors.SelectMany(error => (string[])[Describe(error), .. Show(error.Location)]);
        return new("CompilationError", Describe(errors[0]), [.. trace]);

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

    // libtorch adds the frames of its own code.
    private static string MessageOf(Exception error) => error.Message.Split("\nException raised from")[0];

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
            // The compiler takes the name of a cell for a file in the current folder.
            if (sourceOf(Path.GetFileName(file ?? "")) is not null) file = Path.GetFileName(file);
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
        return assembly == typeof(ErrorReport).Assembly
            || name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal)
            || name is "System" or "mscorlib" or "netstandard" or "FSharp.Core";
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
        if (name is "<Initialize>" or "<Factory>" or "Initialize") return "";
        bool isCell = type is null || type.Name.StartsWith("Submission#", StringComparison.Ordinal);
        var owner = isCell ? "" : $"{type!.FullName?.Split('+')[^1] ?? type.Name}.";
        var parameters = string.Join(", ", method.GetParameters().Select(parameter => $"{parameter.ParameterType.Name} {parameter.Name}"));
        return name == ".ctor" ? $"new {owner.TrimEnd('.')}({parameters})" : $"{owner}{name}({parameters})";
    }

    [GeneratedRegex(@"^\(\d+,\d+\): ", RegexOptions.Multiline)]
    private static partial Regex Place();

    [GeneratedRegex(@"^<(.+)>[a-z]__")]
    private static partial Regex GeneratedFor();
}
