using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace TimeSformer.Jupyter;

/// <summary>
/// The assemblies that cells reference. Each is loaded once. Managed dependencies and native libraries are found in the folders of the
/// referenced assemblies; assemblies that the kernel itself has loaded are reused.
/// </summary>
/// <param name="addToCompiler">Adds assembly files to the compiler's references.</param>
internal sealed class References(Action<IEnumerable<string>> addToCompiler)
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

    /// <summary>Loads an assembly and its dependencies in the same folder, and references them in all later cells.</summary>
    /// <exception cref="CellException">The file is not a .NET assembly, or a different one with the same name is loaded.</exception>
    public void Load(string path)
    {
        AssemblyName name;
        try
        {
            name = AssemblyName.GetAssemblyName(path);
        }
        catch (BadImageFormatException)
        {
            throw new CellException($"#r: {path} is not a .NET assembly");
        }
        Load([path], []);
        var loaded = AssemblyLoadContext.Default.LoadFromAssemblyName(name);
        if (loaded.ManifestModule.ModuleVersionId != VersionOf(path))
        {
            throw new CellException(
                $"#r: a different {name.Name} is already loaded from {loaded.Location}; restart the kernel to use {path}");
        }
        // Lets a library set up its native libraries before a cell calls the packages that it wraps.
        RuntimeHelpers.RunModuleConstructor(loaded.ManifestModule.ModuleHandle);
    }

    /// <summary>Loads assemblies that belong together, such as those of a package.</summary>
    public void Load(IReadOnlyList<string> assemblies, IEnumerable<string> nativeFolders)
    {
        lock (Folders) Folders.UnionWith(assemblies.Select(path => Path.GetDirectoryName(path)!).Concat(nativeFolders));
        List<string> found = [];
        foreach (var path in assemblies) Collect(path, found);
        if (found.Count > 0) addToCompiler(found);
    }

    // If the assembly is already loaded from elsewhere, cells must compile against that file. The compiler knows the framework's itself.
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

    // Identifies the build of an assembly.
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
