using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;

namespace Microsoft.DotNet.Interactive.Jupyter.CSharp;

/// <summary>The assemblies that cells were compiled to. They see each other, and through the default context everything else.</summary>
internal sealed class CellAssemblies() : AssemblyLoadContext("cells")
{
    private readonly ConcurrentDictionary<string, Assembly> byName = new();

    public Assembly Load(Stream image, Stream symbols)
    {
        var assembly = LoadFromStream(image, symbols);
        byName[assembly.GetName().Name!] = assembly;
        return assembly;
    }

    protected override Assembly? Load(AssemblyName assemblyName) => byName.GetValueOrDefault(assemblyName.Name!);
}
