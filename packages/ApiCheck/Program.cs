// Checks that a source-compatible subset promises nothing that the original does not have.
//
//   dotnet run --project packages/ApiCheck -- OURS.dll ORIGINAL.dll    prints what OURS adds or changes; exit code 1 if anything
//   dotnet run --project packages/ApiCheck -- SOME.dll [TYPE]          lists the public API of an assembly, or of the types named so
//
// Both assemblies are only read, never loaded to run. Nullability and attributes are ignored; tuple element names are not.

using System.Reflection;
using System.Runtime.InteropServices;
using ApiCheck;

if (args.Length is 0 or > 2)
{
    Console.Error.WriteLine("usage: ApiCheck OURS.dll ORIGINAL.dll | ApiCheck SOME.dll [TYPE]");
    return 2;
}

using var ours = Open(args[0]);
var mine = new Surface(ours.LoadFromAssemblyPath(Path.GetFullPath(args[0])));

if (args.Length == 1 || !args[1].EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
{
    foreach (var type in mine.Types.Where(t => args.Length == 1 || t.Name == args[1] || Signature.Of(t) == args[1]))
    {
        Console.WriteLine(Signature.Of(type));
        foreach (var line in Surface.Declared(type))
            Console.WriteLine($"    {line}");
    }
    return 0;
}

using var theirs = Open(args[1]);
var original = new Surface(theirs.LoadFromAssemblyPath(Path.GetFullPath(args[1])));
var differences = 0;

foreach (var own in mine.Namespaces.Except(original.Namespaces))
    Console.WriteLine($"own namespace: {own}");

foreach (var type in mine.Types.Where(t => original.Namespaces.Contains(t.Namespace ?? "")))
{
    var name = Signature.Of(type);
    if (original.Find(name) is not { } counterpart)
    {
        Report($"{name}: no such type");
        continue;
    }
    var known = Surface.Reachable(counterpart);
    foreach (var line in Surface.Declared(type).Where(line => !known.Contains(line)))
    {
        Report($"{name}: {line}");
        foreach (var near in known.Where(k => Surface.NameIn(k) == Surface.NameIn(line)))
            Console.WriteLine($"    original: {near}");
    }
}

return differences == 0 ? 0 : 1;

void Report(string line)
{
    differences++;
    Console.WriteLine(line);
}

// The assembly's own folder comes first, so that a dependency is read in the version that lies beside it.
static MetadataLoadContext Open(string path)
{
    var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
    var byName = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
    foreach (var file in Directory.GetFiles(folder, "*.dll").Concat(Directory.GetFiles(RuntimeEnvironment.GetRuntimeDirectory(), "*.dll")))
        byName.TryAdd(Path.GetFileName(file), file);
    return new MetadataLoadContext(new PathAssemblyResolver(byName.Values));
}
