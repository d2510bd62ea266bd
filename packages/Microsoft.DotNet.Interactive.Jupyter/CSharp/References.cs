using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;

namespace Microsoft.DotNet.Interactive.Jupyter.CSharp;

/// <summary>
/// The assemblies that cells compile against. Each is loaded into the process once, with what lies beside it: managed dependencies and
/// native libraries are found in the folders of the assemblies that were referenced.
/// </summary>
internal sealed class References
{
    private static readonly HashSet<string> Folders = [];

    // Replaced as a whole: completion reads it while a cell adds to it.
    private ImmutableDictionary<string, PortableExecutableReference> byName = ImmutableDictionary.Create<string, PortableExecutableReference>(StringComparer.OrdinalIgnoreCase);

    static References()
    {
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            Find($"{name.Name}.dll") is { } path ? context.LoadFromAssemblyPath(path) : null;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) =>
            new[] { name, $"lib{name}.so", $"{name}.so" }.Select(Find).FirstOrDefault(path => path is not null) is { } path ? NativeLibrary.Load(path) : 0;
    }

    public References()
    {
        foreach (var path in FrameworkAssemblies()) Add(path);
        Add(typeof(Kernel).Assembly.Location);
    }

    public IEnumerable<MetadataReference> All => byName.Values;

    /// <summary>Files of the assemblies, for other compilers.</summary>
    public IEnumerable<string> Paths => byName.Values.Select(reference => reference.FilePath!);

    /// <summary>Loads an assembly and makes it, and those beside it that it needs, known to the cells that follow.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="BadImageFormatException">It is no .NET assembly.</exception>
    public void Load(string path)
    {
        path = Path.GetFullPath(path);
        if (!File.Exists(path)) throw new FileNotFoundException($"#r: there is no file {path}");
        AssemblyName name;
        try
        {
            name = AssemblyName.GetAssemblyName(path);
        }
        catch (BadImageFormatException)
        {
            throw new BadImageFormatException($"#r: {path} is no .NET assembly");
        }
        lock (Folders) Folders.Add(Path.GetDirectoryName(path)!);
        LoadWithNeeds(path, name);
        var loaded = AssemblyLoadContext.Default.LoadFromAssemblyName(name);
        if (loaded.ManifestModule.ModuleVersionId != VersionOf(path))
        {
            throw new BadImageFormatException($"#r: another {name.Name} than {path} is loaded already, {loaded.Location}; restart the kernel to use this one");
        }
    }

    // What tells one build of an assembly from another.
    private static Guid VersionOf(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        return metadata.GetGuid(metadata.GetModuleDefinition().Mvid);
    }

    /// <summary>Loads assemblies that belong together, as those of packages.</summary>
    public void Load(IReadOnlyList<string> assemblies, IEnumerable<string> nativeFolders)
    {
        lock (Folders) Folders.UnionWith(assemblies.Select(path => Path.GetDirectoryName(path)!).Concat(nativeFolders));
        foreach (var path in assemblies) LoadWithNeeds(path, AssemblyName.GetAssemblyName(path));
    }

    private void LoadWithNeeds(string path, AssemblyName name)
    {
        if (byName.ContainsKey(name.Name!)) return;
        var assembly = AssemblyLoadContext.Default.LoadFromAssemblyName(name);
        // The same assembly from elsewhere may be loaded already: cells must compile against that one.
        Add(assembly.Location);
        foreach (var needed in assembly.GetReferencedAssemblies())
        {
            var beside = Path.Combine(Path.GetDirectoryName(path)!, $"{needed.Name}.dll");
            if (File.Exists(beside)) LoadWithNeeds(beside, AssemblyName.GetAssemblyName(beside));
        }
    }

    private void Add(string path) =>
        byName = byName.SetItem(
            Path.GetFileNameWithoutExtension(path),
            MetadataReference.CreateFromFile(path, documentation: new XmlDocumentation(Path.ChangeExtension(path, ".xml"))));

    // The SDK's reference assemblies: smaller than those that run, and with documentation beside them.
    private static IEnumerable<string> FrameworkAssemblies()
    {
        var runtime = Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory());
        var packs = Path.GetFullPath(Path.Combine(runtime, "../../../packs/Microsoft.NETCore.App.Ref"));
        var major = $"{Environment.Version.Major}.";
        var pack = !Directory.Exists(packs) ? null : Directory.GetDirectories(packs)
            .Where(folder => Path.GetFileName(folder).StartsWith(major, StringComparison.Ordinal))
            .SelectMany(folder => Directory.GetDirectories(Path.Combine(folder, "ref"))).LastOrDefault();
        if (pack is not null) return Directory.GetFiles(pack, "*.dll");
        return ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(':').Where(path => path.StartsWith(runtime, StringComparison.Ordinal));
    }

    private static string? Find(string file)
    {
        lock (Folders) return Folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }
}
