namespace TimeSformer.Tests;

/// <summary>The launcher <c>./timesformer</c>, in a folder of its own with stand-ins for dotnet and apt-get.</summary>
public sealed class LauncherTests : FolderTests
{
    private static readonly string[] tools =
        ["bash", "dirname", "readlink", "mkdir", "find", "uname", "touch", "env", "flock", "tail", "grep", "sed", "sort", "paste"];

    [SkippableTheory]
    [InlineData("notebooks run --help")]
    [InlineData("kernel install -h")]
    [InlineData("train -h")]
    [InlineData("help notebooks")]
    [InlineData("help")]
    public void Help_installs_and_builds_nothing_that_it_does_not_need(string arguments)
    {
        var (printed, said) = Run(arguments);
        Assert.Equal("", said);
        Assert.StartsWith("dotnet ", printed);
        Assert.EndsWith(arguments.Contains("-h", StringComparison.Ordinal) ? arguments : "--help", printed.Trim());
        Assert.DoesNotContain("build", printed, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("notebooks run", "jupyter-notebook")]
    [InlineData("train RECIPE --processes 2", "openmpi-bin")]
    [InlineData("bench soak", "openmpi-bin")]
    [InlineData("bench scaling", "openmpi-bin")]
    public void Other_commands_install_what_is_missing(string arguments, string package) =>
        Assert.Matches($"installing Debian packages: .*{package}", Run(arguments).Said);

    [SkippableFact]
    public void An_error_in_the_code_is_not_blamed_on_the_package_that_the_build_did_without()
    {
        const string dotnet = """
            #!/usr/bin/bash
            case $* in
              *AheadOfTime=false*) echo 'Program.cs(1,1): error CS1002: ; expected'; exit 1 ;;
              build*) echo 'error NU1101: Unable to find package Microsoft.NETCore.App.Crossgen2.linux-x64. No packages exist'; exit 1 ;;
            esac
            """;
        var said = Run("bench", dotnet).Said;
        Assert.Contains("CS1002", said, StringComparison.Ordinal);
        Assert.DoesNotContain("package sources lack", said, StringComparison.Ordinal);
    }

    private (string Printed, string Said) Run(string arguments, string? dotnet = null)
    {
        Skip.IfNot(OperatingSystem.IsLinux() && File.Exists("/usr/bin/bash"), "a script for Linux");
        foreach (var name in new[] { "src", "bin", "artifacts/bin/TimeSformer.Cli/release" }) Directory.CreateDirectory(folder.File(name));
        foreach (var name in new[] { "Directory.Build.props", "TimeSformer.slnx", "global.json", ".editorconfig" }) Put(name, "");
        File.Copy(Path.Combine(Repository.Root, "timesformer"), folder.File("timesformer"));
        Put("artifacts/bin/TimeSformer.Cli/release/timesformer.dll", "");
        Put("artifacts/built-cli", "");
        foreach (var tool in tools) File.CreateSymbolicLink(folder.File($"bin/{tool}"), $"/usr/bin/{tool}");
        foreach (var name in new[] { "dotnet", "apt-get", "sudo" })
        {
            var echo = $"#!/usr/bin/bash\necho {name} \"$@\"\n";
            Put($"bin/{name}", name == "dotnet" ? dotnet ?? echo : echo);
            if (OperatingSystem.IsWindows()) continue;
            File.SetUnixFileMode(folder.File($"bin/{name}"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
        ProcessStartInfo start = new("/usr/bin/bash", [folder.File("timesformer"), .. arguments.Split(' ')])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        start.Environment["PATH"] = folder.File("bin");
        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEndAsync();
        var printed = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (printed, said.Result);
    }

    private void Put(string path, string text) => File.WriteAllText(folder.File(path), text);
}
