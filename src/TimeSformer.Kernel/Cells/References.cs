using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace TimeSformer.Jupyter;

/// <summary>
/// The assemblies that cells refer to. Each is loaded into the process once, with what lies beside it: managed dependencies and native
/// libraries are found in the folders of the assemblies that were referenced, and what the kernel has loaded itself is used rather than
/// loaded again.
/// </summary>
/// <param name="tell">Makes assembly files known to the compiler.</param>
internal sealed class References(Action<IEnumerable<string>> tell)
{
    private static readonly string Runtime = RuntimeEnvironment.GetRuntimeDirectory();
    private static readonly HashSet<string> Folders = [];

    private readonly HashSet<string> known = [];

    static References()
    {
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            Find($"{name.Name}.dll") is { } path ? context.LoadFromAssemblyPath(path) : null;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) =>
            new[] { name, $"lib{name}.so", $"{name}.so" }.Select(Find).OfType<string>().FirstOrDefault() is { } path
                ? NativeLibrary.Load(path) : 0;
    }

    /// <summary>Loads an assembly and makes it, and those beside it that it needs, known to the cells that follow.</summary>
    /// <exception cref="CellException">It is no .NET assembly, or another one of its name is loaded already.</exception>
    public void Load(string path)
    {
        AssemblyName name;
        try
        {
            name = AssemblyName.GetAssemblyName(path);
        }
        catch (BadImageFormatException)
        {
            throw new CellException($"#r: {path} is no .NET assembly");
        }
        Load([path], []);
        var loaded = AssemblyLoadContext.Default.LoadFromAssemblyName(name);
        if (loaded.ManifestModule.ModuleVersionId != VersionOf(path))
        {
            throw new CellException(
                $"#r: another {name.Name} than {path} is loaded already, {loaded.Location}; restart the kernel to use this one");
        }
        // A library that prepares its natives when it is first used does so before a cell calls the package under it.
        RuntimeHelpers.RunModuleConstructor(loaded.ManifestModule.ModuleHandle);
    }

    /// <summary>Loads assemblies that belong together, as those of packages.</summary>
    public void Load(IReadOnlyList<string> assemblies, IEnumerable<string> nativeFolders)
    {
        lock (Folders) Folders.UnionWith(assemblies.Select(path => Path.GetDirectoryName(path)!).Concat(nativeFolders));
        List<string> found = [];
        foreach (var path in assemblies) Collect(path, found);
        if (found.Count > 0) tell(found);
    }

    // The same assembly may be loaded from elsewhere already: cells must compile against that one. The framework's the compiler knows.
    private void Collect(string path, List<string> found)
    {
        var assembly = AssemblyLoadContext.Default.LoadFromAssemblyName(AssemblyName.GetAssemblyName(path));
        if (assembly.Location.StartsWith(Runtime, StringComparison.Ordinal) || !known.Add(assembly.Location)) return;
        found.Add(assembly.Location);
        foreach (var needed in assembly.GetReferencedAssemblies())
        {
            var beside = Path.Combine(Path.GetDirectoryName(path)!, $"{needed.Name}.dll");
            if (File.Exists(beside)) Collect(beside, found);
        }
    }

    // What tells one build of an assembly from another.
    private static Guid VersionOf(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        return metadata.GetGuid(metadata.GetModuleDefinition().Mvid);
    }

    private static string? Find(string file)
    {
        var native = Path.Combine("runtimes", RuntimeInformation.RuntimeIdentifier, "native");
        lock (Folders)
        {
            return Folders.SelectMany(folder => new[] { Path.Combine(folder, file), Path.Combine(folder, native, file) })
                .FirstOrDefault(File.Exists);
        }
    }
}
