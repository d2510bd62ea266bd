using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.DotNet.Interactive.Jupyter.CSharp;

namespace Microsoft.DotNet.Interactive.Tests;

/// <summary>Assemblies and packages that a notebook references.</summary>
public class ReferenceTests
{
    private readonly Notebook notebook = new();

    // Two assemblies, of which the first needs the second. A name stands for one assembly in a process, so each test has its own.
    private static void Build(TemporaryFolder folder, string name)
    {
        Compile(folder, $"{name}Inner", $"public static class {name}Inner {{ public static int Count => 7; }}", []);
        Compile(folder, $"{name}Outer", $"public static class {name}Outer {{ public static int Twice() => 2 * {name}Inner.Count; public static string Shown() => Microsoft.DotNet.Interactive.Formatting.Formatter.ToDisplayString(1); }}", [$"{name}Inner"]);
    }

    private static void Compile(TemporaryFolder folder, string name, string code, string[] needs)
    {
        var references = new References().Paths.Concat(needs.Select(need => Path.Combine(folder.Path, $"{need}.dll")));
        var compilation = CSharpCompilation.Create(
            name, [CSharpSyntaxTree.ParseText(code)], references.Select(path => MetadataReference.CreateFromFile(path)),
            new(OutputKind.DynamicallyLinkedLibrary));
        var result = compilation.Emit(Path.Combine(folder.Path, $"{name}.dll"));
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
    }

    [Fact]
    public void An_assembly_is_referenced_with_those_beside_it_that_it_needs()
    {
        using var folder = new TemporaryFolder();
        Build(folder, "Beside");
        Assert.Equal(14, notebook.Run($"#r \"{folder.Path}/BesideOuter.dll\"\nBesideOuter.Twice()"));
        Assert.Equal(7, notebook.Run("BesideInner.Count"));
        // The formatting assembly is the kernel's own one, not a second.
        notebook.Run("Formatter.Register<int>(n => $\"number {n}\"); display(BesideOuter.Shown());");
        try
        {
            Assert.Equal(["number 1"], notebook.Shown);
        }
        finally
        {
            Formatting.Formatter.ResetToDefault();
        }
    }

    [Fact]
    public void A_path_in_a_script_is_relative_to_the_script()
    {
        using var folder = new TemporaryFolder();
        Build(folder, "Relative");
        var script = folder.Write("scripts/setup.csx", "#r \"../RelativeInner.dll\"\nvar seven = RelativeInner.Count;");
        Assert.Equal(7, notebook.Run($"#load \"{script}\"\nseven"));
    }

    [Fact]
    public void Another_assembly_of_a_name_that_is_loaded_is_refused()
    {
        using TemporaryFolder folder = new(), other = new();
        Compile(folder, "Same", "public static class Same { public const int Value = 1; }", []);
        Compile(other, "Same", "public static class Same { public const int Value = 2; }", []);
        Assert.Equal(1, notebook.Run($"#r \"{folder.Path}/Same.dll\"\nSame.Value"));
        Assert.Contains("restart the kernel", notebook.Fails($"#r \"{other.Path}/Same.dll\"").Message);
        Assert.Equal(1, notebook.Run($"#r \"{folder.Path}/Same.dll\"\nSame.Value"));
    }

    [SkippableFact]
    public void The_product_and_its_native_libraries_can_be_referenced()
    {
        var library = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../TimeSformer.Cli", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "TimeSformer.Lib.dll"));
        Skip.IfNot(File.Exists(library), "the command line is not built");
        // In a process of its own: libtorch stays loaded.
        using var kernel = new KernelClient();
        var answer = kernel.Execute($"#r \"{library}\"\nusing TorchSharp;\ntorch.manual_seed(1);\ntorch.ones(2, 3).sum(0L).ToString()");
        Assert.True(answer.Status == "ok", answer.Status == "ok" ? "" : answer.Trace);
        Assert.Equal("ok", kernel.Execute("using TimeSformer.Models; var model = typeof(TimeSformerModel).Name; model").Status);
    }

    [SkippableFact]
    public void A_package_is_restored_and_used()
    {
        using var kernel = new KernelClient();
        var answer = kernel.Execute("#r \"nuget: YamlDotNet, 16.3.0\"\nnew YamlDotNet.Serialization.Serializer().Serialize(new { a = 1 })");
        Skip.If(answer.Status != "ok" && answer.Trace.Contains("NU1301", StringComparison.Ordinal), "no package source can be reached");
        Assert.True(answer.Status == "ok", answer.Status == "ok" ? "" : answer.Trace);
        Assert.Equal("a: 1\n", answer.Value);
        // Again at once, from what was restored before.
        var time = Stopwatch.StartNew();
        Assert.Equal("ok", kernel.Execute("#r \"nuget: YamlDotNet, 16.3.0\"").Status);
        Assert.InRange(time.Elapsed.TotalSeconds, 0, 2);
    }

    [SkippableFact]
    public void A_package_that_does_not_exist_is_named()
    {
        using var kernel = new KernelClient();
        var answer = kernel.Execute("#r \"nuget: No.Such.Package.Of.This.Name, 1.0.0\"");
        Skip.If(answer.Trace.Contains("NU1301", StringComparison.Ordinal), "no package source can be reached");
        Assert.Contains("No.Such.Package.Of.This.Name", answer.Error);
        Assert.Equal("2", kernel.Execute("1 + 1").Value);
    }
}
