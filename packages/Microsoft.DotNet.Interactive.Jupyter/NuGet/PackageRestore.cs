using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Microsoft.DotNet.Interactive.Jupyter.Cells;

namespace Microsoft.DotNet.Interactive.Jupyter.NuGet;

/// <summary>What a package brings: assemblies to compile against, in which order does not matter, and folders with native libraries.</summary>
internal sealed record RestoredPackages(IReadOnlyList<string> Assemblies, IReadOnlyList<string> NativeFolders, IReadOnlyList<string> Versions);

/// <summary>
/// Resolves packages by the .NET SDK: <c>dotnet restore</c> of a project that lists them, in a cache folder. Sources, credentials and the
/// package folder are thus the user's own.
/// </summary>
internal static class PackageRestore
{
    private static string Cache
    {
        get
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set ? set : Path.Combine(home, ".cache");
            return Path.Combine(cache, "timesformer", "packages");
        }
    }

    /// <summary>Restores packages, all together so that their versions agree.</summary>
    /// <param name="packages">Names with versions; an empty version means the newest.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <exception cref="CellException">A package or version is not to be had; the message names it.</exception>
    public static RestoredPackages Restore(IReadOnlyList<(string Name, string Version)> packages, Action<string> progress, CancellationToken cancel)
    {
        var project = Project(packages);
        var folder = Path.Combine(Cache, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(project)))[..16]);
        var assets = Path.Combine(folder, "obj", "project.assets.json");
        if (Read(assets) is { } known) return known;

        progress($"restoring {string.Join(", ", packages.Select(package => $"{package.Name} {package.Version}".Trim()))} ...");
        Directory.CreateDirectory(folder);
        // Nothing above the folder may take part.
        foreach (var name in new[] { "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props" }) File.WriteAllText(Path.Combine(folder, name), "<Project />\n");
        var file = Path.Combine(folder, "packages.csproj");
        File.WriteAllText(file, project);
        var (status, output) = Run(file, cancel);
        if (status == 0 && Read(assets) is { } restored) return restored;
        File.Delete(assets);
        throw new CellException($"#r \"nuget:\": {Explain(output, packages)}");
    }

    private static string Project(IReadOnlyList<(string Name, string Version)> packages) => new XElement(
        "Project",
        new XAttribute("Sdk", "Microsoft.NET.Sdk"),
        new XElement(
            "PropertyGroup",
            new XElement("TargetFramework", $"net{Environment.Version.Major}.0"),
            new XElement("NuGetAudit", "false"),
            new XElement("RuntimeIdentifier", RuntimeInformation.RuntimeIdentifier),
            new XElement("SelfContained", "false"),
            new XElement("UseAppHost", "false")),
        new XElement(
            "ItemGroup",
            packages.Select(package => new XElement("PackageReference", new XAttribute("Include", package.Name), new XAttribute("Version", Range(package.Version)))))).ToString();

    // A plain version means exactly that one, not what is found nearby; none means the newest.
    private static string Range(string version) => version.Length == 0 ? "*" : !version.Any("[](),*".Contains) ? $"[{version}]" : version;

    private static (int Status, string Output) Run(string project, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet", ["restore", project, "--nologo", "--verbosity", "quiet"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = Path.GetDirectoryName(project)!,
        };
        // Without it the SDK does not start where libicu is not installed.
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = System.Diagnostics.Process.Start(start)!;
        process.StandardInput.Close();
        using var stop = cancel.Register(() => process.Kill(entireProcessTree: true));
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var output = process.StandardOutput.ReadToEnd() + error.Result;
        process.WaitForExit();
        cancel.ThrowIfCancellationRequested();
        return (process.ExitCode, output);
    }

    // "FILE : error NU1101: Unable to find package X. ..." without the file, each once.
    private static string Explain(string output, IReadOnlyList<(string Name, string Version)> packages)
    {
        string[] errors =
        [
            .. output.Split('\n').Select(line => line.IndexOf("error ", StringComparison.Ordinal) is var at and >= 0 ? line[(at + 6)..] : "")
                .Select(line => line.Split(" [", StringSplitOptions.None)[0].Trim()).Where(line => line.Length > 0).Distinct(),
        ];
        var names = string.Join(", ", packages.Select(package => $"{package.Name} {package.Version}".Trim()));
        return errors.Length > 0 ? string.Join("; ", errors) : $"{names} cannot be restored: {output.Trim()}";
    }

    private static RestoredPackages? Read(string assets)
    {
        if (!File.Exists(assets)) return null;
        using var json = JsonDocument.Parse(File.ReadAllBytes(assets));
        var root = json.RootElement;
        string[] folders = [.. root.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name)];
        List<string> assemblies = [], natives = [], versions = [];
        // The target with the runtime in its name has the right files of packages that differ by operating system.
        var target = root.GetProperty("targets").EnumerateObject().OrderByDescending(target => target.Name.Length).First().Value;
        foreach (var library in target.EnumerateObject().Where(library => library.Value.GetProperty("type").GetString() == "package"))
        {
            versions.Add(library.Name.Replace('/', ' '));
            var path = root.GetProperty("libraries").GetProperty(library.Name).GetProperty("path").GetString()!;
            assemblies.AddRange(Files(library.Value, "runtime").Select(Locate).OfType<string>());
            natives.AddRange(Files(library.Value, "native").Select(Locate).OfType<string>().Select(file => Path.GetDirectoryName(file)!).Distinct());

            string? Locate(string file) => file.EndsWith("_._", StringComparison.Ordinal) ? null : folders.Select(folder => Path.Combine(folder, path, file)).FirstOrDefault(File.Exists);
        }
        return new(assemblies, natives, versions);
    }

    private static IEnumerable<string> Files(JsonElement library, string kind) =>
        library.TryGetProperty(kind, out var files) ? files.EnumerateObject().Select(file => file.Name) : [];
}
