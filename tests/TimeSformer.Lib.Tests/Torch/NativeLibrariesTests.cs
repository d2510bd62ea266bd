using System.Runtime.InteropServices;

namespace TimeSformer.Tests.Torch;

/// <summary>Explanations of the loader's errors. NativeLibraryTests covers whole programs.</summary>
public sealed class NativeLibrariesTests
{
    [Theory]
    [InlineData("libgtk-3.so.0: cannot open shared object file: No such file or directory", "libgtk-3.so.0")]
    [InlineData("libdrm.so.2: cannot open shared object file: No such file or directory", "libdrm.so.2")]
    [InlineData("/opt/own/libgtk-3.so.0: file too short", "libgtk-3.so.0")]
    public void The_error_tells_how_to_install_the_dependencies_of_OpenCV(string problem, string needed) =>
        Assert.Equal(
            $"OpenCV needs {needed}, which this system lacks; install its dependencies "
                + "(Debian, Ubuntu: sudo apt-get install --no-install-recommends libgtk-3-0 libdrm2 libatomic1)",
            NativeLibraries.Explain("/native/libOpenCvSharpExtern.so", null, problem));

    [Fact]
    public void The_error_names_the_version_needed_in_place_of_an_incompatible_libtorch() =>
        Assert.Matches(
            @"^LIBTORCH=/opt/torch is incompatible with TorchSharp \d+\.\d+\.\d+, which needs libtorch \d+\.\d+: undefined symbol: x$",
            NativeLibraries.Explain("/opt/torch/libtorch_cpu.so", "/opt/torch", "undefined symbol: x"));

    [Fact]
    public void Other_errors_include_the_loaders_message() =>
        Assert.Equal(
            "the native library /a/libx.so cannot be loaded: liby.so.1: no such file",
            NativeLibraries.Explain("/a/libx.so", null, "liby.so.1: no such file"));

    // .NET's cryptography looks for OpenSSL in the whole process, and OpenCV has an older one in it: the mixture ends the process.
    [Fact]
    public void OpenCV_keeps_its_symbols_to_itself()
    {
        NativeLibraries.LoadOpenCv();
        Assert.False(NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "core_Mat_sizeof", out _));
        Assert.False(NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "OPENSSL_LH_doall_arg", out _));
    }

    [Fact]
    public void Loading_again_does_nothing()
    {
        NativeLibraries.LoadTorch();
        NativeLibraries.LoadTorch();
        NativeLibraries.LoadOpenCv();
        NativeLibraries.LoadOpenCv();
    }
}
