using System.ComponentModel;
using TimeSformer.Checkpoints.Formats;
using TimeSformer.Cli;
using TimeSformer.Video;

namespace TimeSformer.Tests;

/// <summary>Exceptions as exit status and text: input that the user can correct, failures outside, bugs, Ctrl-C.</summary>
public sealed class ExitCodeTests
{
    public static TheoryData<Exception, string> Input => new()
    {
        { new InputException("--top is 0;\nit must be 1 or more"), "error: --top is 0; it must be 1 or more" },
        { new RecipeException("training.lr is 0; it must be positive"), "error: training.lr is 0; it must be positive" },
        { new CheckpointException("a", "it is empty"), "error: a: it is empty" },
        { new AggregateException(new VideoException("a.mp4", "the file is empty")), "error: a.mp4: the file is empty" },
    };

    public static TheoryData<Exception, string> Outside => new()
    {
        { new IOException("No space left on device : 'run/log.jsonl'"), "error: No space left on device : 'run/log.jsonl'" },
        { new UnauthorizedAccessException("Access to the path 'a' is denied."), "error: Access to the path 'a' is denied." },
        { new Win32Exception(12, "CUDA out of memory.\nframe #0: c10::Error"), "error: CUDA out of memory." },
    };

    public static TheoryData<Exception> Bugs => new(
        new ArgumentException("wrong"), new InvalidOperationException("wrong"), new NotSupportedException("wrong"),
        new TypeInitializationException("A", new KeyNotFoundException("wrong")), new Win32Exception(22, "wrong shapes"));

    [Theory]
    [MemberData(nameof(Input))]
    public void Wrong_input_is_status_2_and_a_sentence(Exception error, string text) => Assert.Equal((2, text), ExitCode.Of(error));

    [Theory]
    [MemberData(nameof(Outside))]
    public void A_failure_outside_is_status_1_and_a_sentence(Exception error, string text) => Assert.Equal((1, text), ExitCode.Of(error));

    [Theory]
    [MemberData(nameof(Bugs))]
    public void A_bug_is_status_70_and_a_stack_trace(Exception bug)
    {
        Action failing = () => throw bug;
        var thrown = Assert.ThrowsAny<Exception>(failing);
        var (status, text) = ExitCode.Of(thrown);
        Assert.Equal(70, status);
        Assert.StartsWith("error: this is a bug in timesformer", text, StringComparison.Ordinal);
        Assert.Contains("wrong", text, StringComparison.Ordinal);
        Assert.Contains($"at TimeSformer.Tests.{nameof(ExitCodeTests)}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interruption_is_status_130_without_text()
    {
        Assert.Equal((130, null), ExitCode.Of(new OperationCanceledException()));
        Assert.Equal((130, null), ExitCode.Of(new AggregateException(new TaskCanceledException())));
    }
}
