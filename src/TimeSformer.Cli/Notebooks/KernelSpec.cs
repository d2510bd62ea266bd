using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace TimeSformer.Cli.Notebooks;

/// <summary>The file that tells Jupyter how to start the C# kernel: <c>kernels/.net-csharp/kernel.json</c> in its data folder.</summary>
internal static class KernelSpec
{
    /// <summary>The name under which notebooks ask for the kernel; .NET Interactive's, so that the same files open with either.</summary>
    public const string Name = ".net-csharp";

    private const string Mark = "timesformer";

    private static readonly JsonSerializerOptions json = new()
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The kernel's folder below the user's Jupyter data folder, which is found as Jupyter finds it.</summary>
    public static string Folder
    {
        get
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            var usual = Path.Combine(Variable("XDG_DATA_HOME") ?? Path.Combine(home, ".local/share"), "jupyter");
            return Path.Combine(Variable("JUPYTER_DATA_DIR") ?? usual, "kernels", Name);
        }
    }

    public static string File => Path.Combine(Folder, "kernel.json");

    // The kernel's program, built beside the command line's.
    private static string Program
    {
        get
        {
            var own = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
            const string kernel = "TimeSformer.Kernel";
            return Path.GetFullPath(Path.Combine(own, "../..", kernel, Path.GetFileName(own), $"{kernel}.dll"));
        }
    }

    // .NET's own program, which this one may have been started without. Programs started from a desktop may not have it in their PATH.
    private static string Host
    {
        get
        {
            var path = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));
            return System.IO.File.Exists(path) ? path : "dotnet";
        }
    }

    /// <summary>Writes the file.</summary>
    /// <exception cref="InputException">
    /// The name is another kernel's, unless forced; the kernel is not built; or this system is not Linux.
    /// </exception>
    public static void Install(bool force)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new InputException("the notebook kernel runs on Linux with glibc only; install it there, on Windows in WSL");
        }
        if (!System.IO.File.Exists(Program))
        {
            throw new InputException($"the kernel is not built: {Program} not found; ./timesformer kernel install builds it");
        }
        if (System.IO.File.Exists(File)) RequireOurs(force, "replaces");
        Directory.CreateDirectory(Folder);
        var spec = new JsonObject
        {
            ["argv"] = new JsonArray(Host, Program, "{connection_file}"),
            ["display_name"] = ".NET (C#)", ["language"] = "C#", ["interrupt_mode"] = "message", ["env"] = Variables(),
            ["metadata"] = new JsonObject { [Mark] = true },
        };
        var written = $"{File}.{Environment.ProcessId}";
        System.IO.File.WriteAllText(written, spec.ToJsonString(json) + "\n");
        System.IO.File.Move(written, File, overwrite: true);
    }

    /// <summary>Removes what <see cref="Install"/> wrote.</summary>
    /// <returns>False if there is nothing to remove.</returns>
    /// <exception cref="InputException">It belongs to another kernel, without <paramref name="force"/>.</exception>
    public static bool Uninstall(bool force)
    {
        if (!System.IO.File.Exists(File)) return false;
        RequireOurs(force, "removes");
        System.IO.File.Delete(File);
        if (!Directory.EnumerateFileSystemEntries(Folder).Any()) Directory.Delete(Folder);
        return true;
    }

    /// <summary>Whether the installed kernel is this project's.</summary>
    public static bool IsOurs() => Read()?["metadata"] is JsonObject metadata && metadata.ContainsKey(Mark);

    /// <summary>The command line with which Jupyter starts the installed kernel; empty if none can be read.</summary>
    public static IReadOnlyList<string> Command() =>
        Read()?["argv"] is JsonArray arguments ? [.. arguments.Select(argument => $"{argument}")] : [];

    private static void RequireOurs(bool force, string does)
    {
        if (IsOurs() || force) return;
        var command = Command() is [_, ..] and var words ? string.Join(' ', words) : "unreadable";
        throw new InputException($"{File} belongs to another kernel ({command}); --force {does} it");
    }

    private static JsonObject? Read()
    {
        try
        {
            return System.IO.File.Exists(File) ? JsonNode.Parse(System.IO.File.ReadAllText(File)) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // libtorch's threads must not spin (the variable is read when it is loaded); a user's own choice stands.
    private static JsonObject Variables()
    {
        var variables = new JsonObject { ["OMP_WAIT_POLICY"] = Variable("OMP_WAIT_POLICY") ?? "PASSIVE" };
        if (Variable("LIBTORCH") is { } libtorch) variables["LIBTORCH"] = libtorch;
        return variables;
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
