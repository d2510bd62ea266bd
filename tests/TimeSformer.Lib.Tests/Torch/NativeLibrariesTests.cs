using TimeSformer.Torch;

namespace TimeSformer.Tests.Torch;

/// <summary>What the system's loader says of a library, put for people; the program as a whole is in NativeLibraryTests.</summary>
public sealed class NativeLibrariesTests
{
    [Theory]
    [InlineData("libgtk-3.so.0: cannot open shared object file: No such file or directory", "libgtk-3.so.0")]
    [InlineData("libdrm.so.2: cannot open shared object file: No such file or directory", "libdrm.so.2")]
    [InlineData("/opt/own/libgtk-3.so.0: file too short", "libgtk-3.so.0")]
    public void Of_what_OpenCV_stands_on_it_is_said_how_to_install_it(string problem, string needed) =>
        Assert.Equal(
            $"OpenCV needs {needed}, which this system lacks; install what it stands on "
                + "(Debian, Ubuntu: sudo apt-get install --no-install-recommends libgtk-3-0 libdrm2 libatomic1)",
            NativeLibraries.Explain("/native/libOpenCvSharpExtern.so", null, problem));

    [Fact]
    public void Of_a_libtorch_that_was_chosen_it_is_said_which_would_fit() =>
        Assert.Matches(
            @"^LIBTORCH=/opt/torch does not fit TorchSharp \d+\.\d+\.\d+, which is made for libtorch \d+\.\d+: undefined symbol: x$",
            NativeLibraries.Explain("/opt/torch/libtorch_cpu.so", "/opt/torch", "undefined symbol: x"));

    [Fact]
    public void Of_others_the_loaders_own_words_are_passed_on() =>
        Assert.Equal(
            "the native library /a/libx.so cannot be loaded: liby.so.1: no such file",
            NativeLibraries.Explain("/a/libx.so", null, "liby.so.1: no such file"));

    [Fact]
    public void Loading_is_done_once()
    {
        NativeLibraries.LoadTorch();
        NativeLibraries.LoadTorch();
        NativeLibraries.LoadOpenCv();
        NativeLibraries.LoadOpenCv();
    }
}
