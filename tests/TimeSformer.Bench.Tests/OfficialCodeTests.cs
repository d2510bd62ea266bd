using TimeSformer.Bench;

namespace TimeSformer.Tests;

/// <summary>The official code in a Python of the user's.</summary>
public sealed class OfficialCodeTests : FolderTests
{
    private static readonly Setting setting = new("", "divided", "float32", TimeSformerConfig.Tiny, Precision.Float32, 1);

    [Fact]
    public void A_folder_without_the_model_is_refused()
    {
        var error = Assert.Throws<InputException>(() => new OfficialCode("python3", folder.Path, setting));
        Assert.Contains("has no timesformer/models/vit.py", error.Message);
    }

    [Fact]
    public void A_program_that_is_not_there_is_named()
    {
        folder.Write("timesformer/models/vit.py", "");
        var error = Assert.Throws<InputException>(() => new OfficialCode(folder.File("python"), folder.Path, setting));
        Assert.Contains($"--python {folder.File("python")} cannot be started", error.Message);
    }

    [SkippableFact]
    public void What_stops_it_is_said()
    {
        var error = Fails("echo no torch here >&2");
        Assert.Contains("no torch here", error.Message);
        Assert.Contains("ended without a word", Fails("exit 1").Message);
    }

    [SkippableFact]
    public void It_makes_a_step_when_asked_to()
    {
        using var code = Start("echo a warning; echo ready; while read mode repeats; do [ $mode = train ] && echo 0.5 || echo 0.25; done");
        Assert.Equal([0.25, 0.5, 0.25], ((string[])["eval", "train", "eval"]).Select(mode => code.Step(mode)));
    }

    private InputException Fails(string script) => Assert.Throws<InputException>(() => Start(script));

    // A shell script in Python's place.
    private OfficialCode Start(string script)
    {
        Skip.If(OperatingSystem.IsWindows());
        folder.Write("timesformer/models/vit.py", "");
        var program = folder.Write("python", $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return new(program, folder.Path, setting);
    }
}
