using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace TimeSformer.Jupyter.Tests;

/// <summary>References to assemblies and packages.</summary>
[Collection(SharedKernel.Name)]
public sealed class ReferenceTests(SharedKernel shared) : FolderTests
{
    private readonly KernelClient kernel = shared.Client;

    // Two assemblies; Outer depends on Inner. As a name can be loaded only once per process, each test uses its own.
    private void Build(string name)
    {
        Compile(folder, $"{name}Inner", $"public static class {name}Inner {{ public static int Count => 7; }}", []);
        Compile(folder, $"{name}Outer", $$"""
            public static class {{name}}Outer
            {
                public static int Twice() => 2 * {{name}}Inner.Count;
                public static void Register() =>
                    Microsoft.DotNet.Interactive.Formatting.Formatter.Register<System.Version>(one => $"version {one}", "text/html");
                [System.Runtime.InteropServices.DllImport("{{name}}math")] public static extern double cos(double x);
            }
            """, [$"{name}Inner"]);
    }

    private static void Compile(TemporaryFolder folder, string name, string code, string[] needs)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(':')
            .Concat(needs.Select(need => folder.File($"{need}.dll")));
        var compilation = CSharpCompilation.Create(
            name, [CSharpSyntaxTree.ParseText(code)], references.Select(path => MetadataReference.CreateFromFile(path)),
            new(OutputKind.DynamicallyLinkedLibrary));
        var result = compilation.Emit(folder.File($"{name}.dll"));
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
    }

    [Fact]
    public void An_assembly_is_referenced_with_its_dependencies_in_the_same_folder()
    {
        Build("Beside");
        Assert.Equal("14", kernel.Value($"#r \"{folder.Path}/BesideOuter.dll\"\nBesideOuter.Twice()"));
        Assert.Equal("7", kernel.Value("BesideInner.Count"));
        // The formatters are the kernel's own, not a second copy.
        Assert.Equal(["version 1.2"], kernel.Run("BesideOuter.Register(); display(new Version(1, 2));").Shown);
    }

    [SkippableTheory]
    [InlineData("Near", "")]
    [InlineData("Far", "runtimes/linux-x64/native/")]
    public void A_native_library_is_found_beside_an_assembly_or_in_its_runtimes_folder(string name, string place)
    {
        var math = new[] { "/lib/x86_64-linux-gnu/libm.so.6", "/lib64/libm.so.6" }.FirstOrDefault(File.Exists);
        Skip.If(math is null, "uses Linux's libm as an example");
        Build(name);
        File.Copy(math, folder.Write($"{place}lib{name}math.so", ""), overwrite: true);
        Assert.Equal("1", kernel.Value($"#r \"{folder.Path}/{name}Outer.dll\"\n{name}Outer.cos(0)"));
    }

    [Fact]
    public void A_path_is_relative_to_the_folder_of_the_notebook()
    {
        Build("Local");
        using var other = new KernelClient(Directory.CreateDirectory(folder.File("notebooks")).FullName);
        Assert.Equal("7", other.Value("#r \"../LocalInner.dll\"\nLocalInner.Count"));
    }

    [Fact]
    public void A_path_in_a_script_is_relative_to_the_script()
    {
        Build("Relative");
        var script = folder.Write("scripts/setup.csx", "#r \"../RelativeInner.dll\"\nvar seven = RelativeInner.Count;");
        Assert.Equal("7", kernel.Value($"#load \"{script}\"\nseven"));
    }

    [Fact]
    public void A_different_assembly_with_the_name_of_a_loaded_one_is_rejected()
    {
        using TemporaryFolder other = new();
        Compile(folder, "Same", "public static class Same { public const int Value = 1; }", []);
        Compile(other, "Same", "public static class Same { public const int Value = 2; }", []);
        Assert.Equal("1", kernel.Value($"#r \"{folder.Path}/Same.dll\"\nSame.Value"));
        Assert.Contains("restart the kernel", kernel.Fails($"#r \"{other.Path}/Same.dll\"").Error);
        Assert.Equal("1", kernel.Value($"#r \"{folder.Path}/Same.dll\"\nSame.Value"));
    }

    [SkippableFact]
    public void The_product_and_its_native_libraries_can_be_referenced()
    {
        // In its own process, because libtorch stays loaded.
        using var other = new KernelClient();
        Assert.Equal("6", other.Value($"#r \"{Product()}\"\nusing TorchSharp;\ntorch.ones(2, 3).sum().item<float>()"));
        Assert.Equal("TimeSformerModel", other.Value("using TimeSformer.Models; typeof(TimeSformerModel).Name.ToString()"));
    }

    [SkippableFact]
    public void Another_libtorch_that_the_system_would_find_is_not_loaded()
    {
        var library = Product();
        var foreign = folder.File("libtorch_cpu.so");
        File.Copy(Path.GetFullPath("../../../native/libc10.so", AppContext.BaseDirectory), foreign);
        using var other = new KernelClient(environment: ("LD_LIBRARY_PATH", folder.Path));
        Assert.Equal("6", other.Value($"#r \"{library}\"\nusing TorchSharp;\ntorch.ones(2, 3).sum().item<float>()"));
        Assert.Equal("False", other.Value($"System.IO.File.ReadAllText(\"/proc/self/maps\").Contains(\"{foreign}\")"));
    }

    private static string Product()
    {
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var library = Path.GetFullPath($"../../TimeSformer.Cli/{configuration}/TimeSformer.Lib.dll", AppContext.BaseDirectory);
        Skip.IfNot(File.Exists(library), "the command line is not built");
        return library;
    }

    [SkippableFact]
    public void A_package_is_restored_and_used()
    {
        using var other = new KernelClient();
        var answer = other.Execute("#r \"nuget: YamlDotNet, 16.3.0\"\nnew YamlDotNet.Serialization.Serializer().Serialize(new { a = 1 })");
        Skip.If(answer.Status != "ok" && answer.Trace.Contains("NU1301", StringComparison.Ordinal), "no package source can be reached");
        Assert.True(answer.Status == "ok", answer.Trouble(other));
        Assert.Equal("a: 1\n", answer.Value);
        // Fast the second time, because the package is already restored.
        var time = Stopwatch.StartNew();
        other.Run("#r \"nuget: YamlDotNet, 16.3.0\"");
        Assert.InRange(time.Elapsed.TotalSeconds, 0, 5);

        Assert.Contains("No.Such.Package.Of.This.Name", other.Fails("#r \"nuget: No.Such.Package.Of.This.Name, 1.0.0\"").Trace);
        Assert.Equal("2", other.Value("1 + 1"));
    }
}
