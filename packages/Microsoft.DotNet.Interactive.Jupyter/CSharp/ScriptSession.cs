using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.DotNet.Interactive.Jupyter.CSharp;

/// <summary>
/// C# cells that share their state. Each is a script compilation on top of the one before; it is emitted, loaded, and run with the
/// instances of all earlier ones, whose fields are the notebook's variables.
/// </summary>
internal sealed class ScriptSession(References references)
{
    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    private static readonly CSharpCompilationOptions Compiling = new(
        OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, optimizationLevel: OptimizationLevel.Release);

    private static readonly string[] Usings =
    [
        "System", "System.IO", "System.Text", "System.Collections", "System.Collections.Generic", "System.Linq", "System.Threading",
        "System.Threading.Tasks", "Microsoft.DotNet.Interactive", "Microsoft.DotNet.Interactive.Formatting",
        // Its members are called by their bare names: display(...), HTML(...).
        typeof(Kernel).FullName!,
    ];

    private static readonly Lock Binding = new();

    private readonly CellAssemblies assemblies = new();
    private SessionState state = new(null, [null]);
    private int count;

    /// <summary>A script's syntax tree.</summary>
    /// <param name="name">Stands for the file in errors.</param>
    public static SyntaxTree Parse(string code, string name = "") =>
        CSharpSyntaxTree.ParseText(SourceText.From(code, Encoding.UTF8), Parsing, name);

    /// <summary>A compilation of code that sees the variables of all cells so far.</summary>
    public CSharpCompilation Compile(SyntaxTree tree) => Compile(tree, state.Last);

    private CSharpCompilation Compile(SyntaxTree tree, CSharpCompilation? last)
    {
        // Two compilations that bind references at the same time would make two types of one, and cells could not pass values to each other.
        lock (Binding)
        {
            int number = ++count;
            // Later submissions see the usings of earlier ones.
            var options = Compiling.WithScriptClassName($"Submission#{number}").WithUsings(last is null ? Usings : []);
            var compilation = CSharpCompilation.CreateScriptCompilation($"cell-{number}-{Guid.NewGuid():N}", tree, references.All.Except(Inherited(last)), options, last);
            _ = compilation.GetSpecialType(SpecialType.System_Object);
            return compilation;
        }
    }

    // A compilation has the references of those before it; what is given again is kept again, for each cell all that the cells before it keep.
    private static IEnumerable<MetadataReference> Inherited(CSharpCompilation? last)
    {
        for (; last is not null; last = last.ScriptCompilationInfo?.PreviousScriptCompilation)
        {
            foreach (var reference in last.ExternalReferences) yield return reference;
        }
    }

    /// <summary>Compiles code for running.</summary>
    /// <exception cref="CompilationException">It has errors.</exception>
    public Submission Prepare(string code, string name)
    {
        var basis = state;
        var written = Parse(code, name);
        if (written.GetCompilationUnitRoot().Members.Count == 0)
        {
            var declarations = Compile(written, basis.Last);
            CompilationException.ThrowIfAny(declarations.GetDiagnostics());
            return new(basis, declarations, null, false);
        }
        // Errors are those of the code as it was written.
        return Emit(basis, Checkpoints.Insert(written), out _) ?? Emit(basis, written, out var diagnostics) ?? throw CompilationException.Of(diagnostics);
    }

    private Submission? Emit(SessionState basis, SyntaxTree tree, out ImmutableArray<Diagnostic> diagnostics)
    {
        var compilation = Compile(tree, basis.Last);
        using MemoryStream image = new(), symbols = new();
        var emitted = compilation.Emit(image, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb));
        diagnostics = emitted.Diagnostics;
        if (!emitted.Success) return null;
        image.Position = symbols.Position = 0;
        var assembly = assemblies.Load(image, symbols);
        var entry = compilation.GetEntryPoint(default)!;
        var method = assembly.GetType(entry.ContainingType.MetadataName, throwOnError: true)!
            .GetMethod(entry.MetadataName, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!;
        return new(basis, compilation, method.CreateDelegate<Func<object?[], Task<object?>>>(), HasValue(compilation, tree));
    }

    /// <summary>Runs what was prepared and waits for its end. Its variables stay, also where it throws half-way.</summary>
    /// <param name="keep">Whether what it declares is seen by the cells that follow.</param>
    public CellValue Run(Submission submission, bool keep = true)
    {
        if (submission.Start is null)
        {
            if (keep) Keep(submission, submission.Basis.Instances);
            return CellValue.None;
        }
        object?[] instances = [.. submission.Basis.Instances, null];
        try
        {
            var value = submission.Start(instances).GetAwaiter().GetResult();
            return submission.HasValue ? new(true, value) : CellValue.None;
        }
        finally
        {
            if (keep && instances[^1] is not null) Keep(submission, instances);
        }
    }

    // An abandoned cell that ends at last must not undo what was run since.
    private void Keep(Submission submission, object?[] instances) =>
        Interlocked.CompareExchange(ref state, new(submission.Compilation, instances), submission.Basis);

    /// <summary>The notebook's variables: name, type, value; of several of one name the latest.</summary>
    public IEnumerable<(string Name, Type Type, object? Value)> Variables() =>
        state.Instances.Reverse().OfType<object>()
            .SelectMany(instance => instance.GetType().GetFields(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                .Where(field => !field.Name.StartsWith('<'))
                .Select(field => (field.Name, field.FieldType, field.GetValue(instance))))
            .DistinctBy(variable => variable.Name);

    // An expression without a semicolon at the end.
    private static bool HasValue(CSharpCompilation compilation, SyntaxTree tree) =>
        tree.GetCompilationUnitRoot().Members.LastOrDefault() is GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } last }
        && compilation.GetSemanticModel(tree).GetTypeInfo(last.Expression).Type is { SpecialType: not SpecialType.System_Void };
}
