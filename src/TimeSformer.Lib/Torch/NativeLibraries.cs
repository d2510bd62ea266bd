using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Text;
using TorchSharp;

namespace TimeSformer.Torch;

/// <summary>A native library cannot be loaded; the message names the cause and the remedy.</summary>
public sealed class NativeLibraryException(string message) : InputException(message);

/// <summary>
/// Loads libtorch and OpenCV by full path, from the program's own folder (published applications, CUDA packages) or else from the one that
/// all projects share (artifacts/native), so that programs, tests and notebooks find them wherever they run. This happens automatically
/// when this library is first used. A program that uses TorchSharp before this library, or that wants a clear message if loading fails,
/// calls <see cref="LoadTorch"/> first.
/// </summary>
/// <remarks>
/// The environment variable LIBTORCH names a folder with another libtorch, such as <c>torch/lib</c> of a pip wheel, which takes precedence.
/// .NET looks for libraries in the program's folder, too: if another were searched first, a library could be loaded twice.
/// </remarks>
public static partial class NativeLibraries
{
    private const int Now = 2, Global = 0x100, Local = 0;
    private const string OpenCv = "OpenCvSharpExtern";

    private static readonly Lock loading = new();
    private static readonly HashSet<AssemblyLoadContext> resolved = [];
    private static bool torchIsLoaded, openCvIsLoaded;
    private static string? torchFolder;

    /// <summary>The build's folder for native libraries.</summary>
    internal static string SharedFolder { get; } =
        typeof(NativeLibraries).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(data => data.Key == "NativeFolder").Value!;

    private static string Prefix => OperatingSystem.IsWindows() ? "" : "lib";

    private static string Suffix => OperatingSystem.IsWindows() ? ".dll" : OperatingSystem.IsMacOS() ? ".dylib" : ".so";

    /// <summary>Loads libtorch and TorchSharp's native library, once, and makes libtorch flush denormal numbers to zero.</summary>
    /// <exception cref="NativeLibraryException">A library is missing or incompatible.</exception>
    public static void LoadTorch()
    {
        // Before the lock: another thread may be loading this assembly, and then waits for the lock (Prepare).
        GC.KeepAlive(typeof(torch));
        lock (loading)
        {
            if (torchIsLoaded) return;
            var chosen = Environment.GetEnvironmentVariable("LIBTORCH") is { Length: > 0 } folder ? TorchFolder(folder) : null;
            torchFolder = chosen;
            // libgomp reads this when it is loaded, from the environment of the process rather than .NET's copy.
            if (!OperatingSystem.IsWindows()) _ = setenv("OMP_WAIT_POLICY", "PASSIVE", overwrite: 0);
            if (OperatingSystem.IsLinux()) KeepFreedMemory();
            foreach (var name in (ReadOnlySpan<string>)["c10", "torch_cpu", "c10_cuda", "torch_cuda", "torch"])
            {
                bool needed = !name.EndsWith("cuda", StringComparison.Ordinal);
                if (Find(name, chosen) is { } path) Load(path, chosen);
                else if (needed) throw Missing(name, chosen);
            }
            LoadTorchSharp(Find("LibTorchSharp") ?? throw Missing("LibTorchSharp"), chosen);
            torchIsLoaded = true;
            Libtorch.set_flush_denormal(true);
        }
    }

    // Each training step allocates what the previous one freed. If that memory went back to the system, it would have to clear the pages
    // again, which takes a fifth of the step of a small model. The user's own settings take precedence.
    private static void KeepFreedMemory()
    {
        const int TrimThreshold = -1, MmapThreshold = -3; // glibc's M_TRIM_THRESHOLD and M_MMAP_THRESHOLD, the latter at most 32 MiB
        if (Environment.GetEnvironmentVariable("MALLOC_TRIM_THRESHOLD_") is null) _ = mallopt(TrimThreshold, int.MaxValue);
        if (Environment.GetEnvironmentVariable("MALLOC_MMAP_THRESHOLD_") is null) _ = mallopt(MmapThreshold, 32 * 1024 * 1024);
    }

    // OpenCV reads these from the environment. Its own and FFmpeg's complaints add nothing to our errors. Playlists are no videos: they
    // name other files and addresses, which a file from outside must not make us read. A picture that claims a gigapixel gets no memory.
    private static void RestrictOpenCv()
    {
        const int maxSide = 16_384;
        if (OperatingSystem.IsWindows()) return;
        const string formats = "aac,amr,apng,asf,av1,avi,avs,dv,flac,flv,gif,h261,h263,h264,hevc,ivf,live_flv,m4v,matroska,webm,mjpeg,"
            + "mov,mp4,m4a,3gp,3g2,mj2,mpeg,mpegts,mpegvideo,mxf,nsv,nut,obu,ogg,rm,swf,vc1,wtv,yuv4mpegpipe";
        _ = setenv("OPENCV_IO_MAX_IMAGE_WIDTH", $"{maxSide}", overwrite: 0);
        _ = setenv("OPENCV_IO_MAX_IMAGE_HEIGHT", $"{maxSide}", overwrite: 0);
        _ = setenv("OPENCV_LOG_LEVEL", "FATAL", overwrite: 0);
        _ = setenv("OPENCV_FFMPEG_LOGLEVEL", "-8", overwrite: 0);
        _ = setenv("OPENCV_FFMPEG_CAPTURE_OPTIONS", $"protocol_whitelist;file|format_whitelist;{formats}", overwrite: 0);
    }

    /// <summary>Loads OpenCV, once.</summary>
    /// <exception cref="NativeLibraryException">OpenCV or a system library that it needs is missing.</exception>
    public static void LoadOpenCv()
    {
        lock (loading)
        {
            if (openCvIsLoaded) return;
            RestrictOpenCv();
            // Its symbols stay its own: it has another OpenSSL than .NET, whose cryptography would call parts of both, and crash.
            Load(Find(OpenCv) ?? throw Missing(OpenCv), scope: Local);
            openCvIsLoaded = true;
        }
    }

    // Runs when the assembly is first used, so that programs that also use TorchSharp directly need no call to load it. What needs neither
    // TorchSharp nor OpenCV, such as a program's help, loads neither: libtorch alone takes half a second.
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "only hooks into the resolution of native libraries")]
    internal static void FindLibraries()
    {
        Resolve(typeof(NativeLibraries).Assembly);
        AppDomain.CurrentDomain.AssemblyLoad += (_, added) => Prepare(added.LoadedAssembly);
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies()) Prepare(assembly);
    }

    private static void Prepare(Assembly assembly)
    {
        bool isTorchSharp = assembly.GetName().Name == "TorchSharp";
        if (isTorchSharp || assembly.GetName().Name == "OpenCvSharp") Resolve(assembly);
        // The system searches before our handlers run; loading first keeps it from finding a libtorch of a distribution or a wheel.
        if (!isTorchSharp || !OperatingSystem.IsLinux() || !SystemHasLibtorch()) return;
        try
        {
            LoadTorch();
        }
        catch (NativeLibraryException)
        {
            // The next call of LoadTorch throws it again.
        }
    }

    private static void Resolve(Assembly caller)
    {
        var context = AssemblyLoadContext.GetLoadContext(caller)!;
        lock (resolved) if (!resolved.Add(context)) return;
        context.ResolvingUnmanagedDll += (_, name) =>
        {
            switch (name)
            {
                case "torch_cpu" or "torch_cuda" or "LibTorchSharp":
                    LoadTorch();
                    return NativeLibrary.TryLoad($"{Prefix}{name}{Suffix}", out nint library) ? library : 0;
                case OpenCv:
                    LoadOpenCv();
                    return NativeLibrary.Load($"{Prefix}{name}{Suffix}");
                default:
                    return 0;
            }
        };
    }

    // Looks in ld.so's cache and in LD_LIBRARY_PATH.
    private static bool SystemHasLibtorch()
    {
        const string Cache = "/etc/ld.so.cache", Library = "libtorch_cpu.so";
        var folders = Environment.GetEnvironmentVariable("LD_LIBRARY_PATH")?.Split(':', ';') ?? [];
        return Array.Exists(folders, folder => File.Exists(Path.Combine(folder, Library))) ||
            (File.Exists(Cache) && File.ReadAllBytes(Cache).AsSpan().IndexOf(Encoding.ASCII.GetBytes(Library)) >= 0);
    }

    /// <summary>The path of one of libtorch's libraries, by its name without prefix and extension; null if it has none.</summary>
    internal static string? TorchLibrary(string name) => Find(name, torchFolder);

    // The path of a library, by its name without prefix and extension, in the chosen folder or the default ones; null if not found.
    private static string? Find(string name, string? chosen = null)
    {
        var file = $"{Prefix}{name}{Suffix}";
        var program = AppContext.BaseDirectory;
        IEnumerable<string> folders = chosen is null
            ? [program, Path.Combine(program, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"), SharedFolder]
            : [chosen];
        return folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }

    private static string TorchFolder(string folder)
    {
        var full = Path.GetFullPath(folder);
        string[] candidates = [full, Path.Combine(full, "lib")];
        var file = $"{Prefix}torch_cpu{Suffix}";
        return Array.Find(candidates, candidate => File.Exists(Path.Combine(candidate, file))) ?? throw new NativeLibraryException(
            $"LIBTORCH={folder} has no {file}; name the lib folder of a libtorch 2.10 (a pip wheel's torch/lib), " +
            "or unset LIBTORCH to use the package's");
    }

    private static void LoadTorchSharp(string path, string? chosen)
    {
        try
        {
            Load(path, chosen);
        }
        catch (NativeLibraryException error) when (error.Message.Contains(OlderLibstdcxx.Version, StringComparison.Ordinal))
        {
            Load(OlderLibstdcxx.Copy(path), chosen);
        }
    }

    // On Linux all symbols are resolved at once: an incompatible libtorch is rejected here instead of ending the process at a later call.
    private static void Load(string path, string? chosen = null, int scope = Global)
    {
        string? problem = null;
        if (OperatingSystem.IsLinux())
        {
            _ = dlerror(); // a first call, because resolving the function later would clear the error
            if (IsTruncated(path)) problem = $"{path} is truncated";
            else if (dlopen(path, Now | scope) == 0) problem = Marshal.PtrToStringUTF8(dlerror()) ?? "unknown cause";
        }
        else
        {
            try
            {
                NativeLibrary.Load(path);
            }
            catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
            {
                problem = error.Message;
            }
        }
        if (problem is not null) throw new NativeLibraryException(Explain(path, chosen, problem));
    }

    /// <summary>Explains an error of the system's loader; `chosen` is the folder in LIBTORCH, or null.</summary>
    internal static string Explain(string path, string? chosen, string problem) => problem switch
    {
        // The loader's message starts with the library that cannot be loaded, here a dependency of OpenCV.
        _ when path.Contains(OpenCv) && Path.GetFileName(problem.Split(':')[0]) is var needed && !needed.Contains(OpenCv) =>
            $"OpenCV needs {needed}, which this system lacks; install its dependencies " +
            "(Debian, Ubuntu: sudo apt-get install --no-install-recommends libgtk-3-0 libdrm2 libatomic1)",
        _ when chosen is not null =>
            $"LIBTORCH={chosen} is incompatible with TorchSharp {typeof(torch).Assembly.GetName().Version?.ToString(3)}, " +
            $"which needs libtorch 2.10: {problem}",
        _ => $"the native library {path} cannot be loaded: {problem}",
    };

    // The loader maps what the file's header declares; if a part is missing after an interrupted download or copy, touching it ends the
    // process. The section table (System V ABI, chapter 4) is at the end of the file.
    private static bool IsTruncated(string path)
    {
        var header = new byte[64];
        using var file = File.OpenRead(path);
        if (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length) return true;
        long start = BitConverter.ToInt64(header, 0x28);
        long size = BitConverter.ToUInt16(header, 0x3a), count = BitConverter.ToUInt16(header, 0x3c);
        return header.AsSpan().StartsWith("\u007fELF"u8) && start + (size * count) > file.Length;
    }

    private static NativeLibraryException Missing(string name, string? chosen = null) => new(chosen is not null
        ? $"LIBTORCH={chosen} has no {Prefix}{name}{Suffix}; "
            + "name the whole lib folder of a libtorch 2.10 (a pip wheel's torch/lib), or unset LIBTORCH to use the package's"
        : $"the native library {Prefix}{name}{Suffix} is neither in {Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/'))} nor in the "
            + "build's artifacts/native; build the project again (dotnet build), or name a libtorch with LIBTORCH=FOLDER");

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint dlopen(string path, int mode);

    [LibraryImport("libc")]
    private static partial nint dlerror();

    [LibraryImport("libc")]
    private static partial int mallopt(int parameter, int value);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
