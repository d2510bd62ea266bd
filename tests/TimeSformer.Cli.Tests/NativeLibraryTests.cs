using TimeSformer.Cli;

namespace TimeSformer.Tests;

/// <summary>Native libraries that are missing or do not fit: one sentence and exit status 2.</summary>
public sealed class NativeLibraryTests : FolderTests
{
    private static readonly string native = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../native"));

    public NativeLibraryTests()
    {
        Directory.CreateDirectory(Libtorch);
        foreach (var name in new[] { "libc10.so", "libtorch.so" })
        {
            File.CreateSymbolicLink(Path.Combine(Libtorch, name), Path.Combine(native, name));
        }
    }

    private string Libtorch => folder.File("libtorch");

    [SkippableFact]
    public void A_missing_folder()
    {
        var error = Refused(("LIBTORCH", folder.File("nowhere")));
        Assert.Matches("^error: LIBTORCH=.*nowhere has no libtorch_cpu.so; name the lib folder of a libtorch", error);
    }

    [SkippableTheory]
    [InlineData("not a library")]
    [InlineData("not a library, but longer than the header of one, so that the system's loader decides")]
    public void A_file_that_is_not_a_library(string text)
    {
        File.WriteAllText(Path.Combine(Libtorch, "libtorch_cpu.so"), text);
        Assert.Matches("^error: LIBTORCH=.* is incompatible with TorchSharp .*libtorch_cpu.so", Refused(("LIBTORCH", Libtorch)));
    }

    [SkippableFact]
    public void A_library_whose_download_was_interrupted()
    {
        using (var whole = File.OpenRead(Path.Combine(native, "libtorch_cpu.so")))
        using (var part = File.Create(Path.Combine(Libtorch, "libtorch_cpu.so")))
        {
            var bytes = new byte[1_000_000];
            whole.ReadExactly(bytes);
            part.Write(bytes);
        }
        Assert.Contains("libtorch_cpu.so is truncated", Refused(("LIBTORCH", Libtorch)), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_library_without_the_functions_that_TorchSharp_calls()
    {
        File.Copy("/lib/x86_64-linux-gnu/libm.so.6", Path.Combine(Libtorch, "libtorch_cpu.so"));
        var error = Refused(("LIBTORCH", Libtorch));
        Assert.Matches("^error: LIBTORCH=.* is incompatible with TorchSharp .* needs libtorch .*undefined symbol", error);
    }

    [SkippableFact]
    public void OpenCV_without_GTK()
    {
        // The loader finds a damaged one first.
        File.WriteAllText(folder.File("libgtk-3.so.0"), "");
        Assert.Matches("^error: OpenCV needs libgtk-3.so.0, .* libgtk-3-0", Refused(("LD_LIBRARY_PATH", folder.Path), "demo"));
    }

    // The loader writes which files it opens.
    [SkippableFact]
    public void Help_loads_no_native_library()
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        var opened = folder.File("opened");
        var start = new ProcessStartInfo("dotnet", [typeof(Terminal).Assembly.Location, "--help"]);
        (start.Environment["LD_DEBUG"], start.Environment["LD_DEBUG_OUTPUT"]) = ("files", opened);
        start.Environment["LD_LIBRARY_PATH"] = native; // there, the system would find them itself
        Assert.Equal(0, CommandLine.Wait(start).Status);
        var files = string.Concat(Directory.GetFiles(folder.Path, "opened*").Select(File.ReadAllText));
        Assert.Contains("libcoreclr.so", files, StringComparison.Ordinal);
        Assert.DoesNotContain("libtorch", files, StringComparison.Ordinal);
        Assert.DoesNotContain("OpenCvSharpExtern", files, StringComparison.Ordinal);
    }

    // The last line; before it, the program may say what it is doing.
    private string Refused((string, string) variable, params string[] arguments)
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        using var process = CommandLine.Start(folder.Path, variable, arguments is [] ? ["data", "sources"] : arguments);
        var error = process.StandardError.ReadToEnd().TrimEnd().Split('\n');
        process.WaitForExit();
        Assert.Equal(2, process.ExitCode);
        Assert.Single(error, line => !line.StartsWith('['));
        return error[^1];
    }
}
