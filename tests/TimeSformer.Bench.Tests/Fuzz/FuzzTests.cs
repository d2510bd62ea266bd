using TimeSformer.Bench.Fuzz;

namespace TimeSformer.Tests.Fuzz;

/// <summary>Readers of files from outside, on damaged files: the first inputs of <c>bench fuzz</c>, the same each time.</summary>
public sealed class FuzzTests(FuzzTests.AllTargets targets) : FolderTests, IClassFixture<FuzzTests.AllTargets>
{
    private const int Seed = 1, Most = 6000;

    // The structure of a video, and what the official code's settings say, is never refused: what is not understood is not used.
    private static readonly string[] refuseNothing = ["container", "official-cfg"];

    private static readonly string[] names =
    [
        "safetensors", "torch-zip", "pickle", "torch-legacy", "caffe2", "npz", "shard-index", "features", "official-cfg", "checkpoint-json",
        "hf-config", "hf-preprocessor", "recipe", "study", "list", "notebook", "kernel-message", "connection-file", "container", "video",
        "picture",
    ];

    public static TheoryData<string> Names => [.. names];

    [Fact]
    public void The_tests_know_all_targets() =>
        Assert.Equal(targets.All.Named([]).Select(target => target.Name), names);

    [Theory, MemberData(nameof(Names))]
    public void Damaged_files_are_read_or_refused_and_nothing_else_happens(string name)
    {
        var target = Assert.Single(targets.All.Named([name]));
        var fuzzer = new Fuzzer(target, Seed, folder.Path);
        var report = fuzzer.Run((long)(Most * target.Share), Timeout.InfiniteTimeSpan, CancellationToken.None);
        Assert.Empty(report.Failures.Select(failure => failure.Cause));
        // Else the damage would be no test of the reader, or the reader no test of the damage.
        Assert.InRange(report.Accepted, 1, Most);
        Assert.InRange(report.Refused, refuseNothing.Contains(name) ? 0 : 1, Most);
    }

    [Theory, MemberData(nameof(Names))]
    public void The_files_that_are_damaged_are_valid(string name)
    {
        var target = Assert.Single(targets.All.Named([name]));
        foreach (var (k, valid) in target.Seeds.Index())
        {
            var path = folder.File($"{name}-{k}");
            target.Write(path, valid);
            var report = targets.All.Replay(path, folder.Path);
            Assert.True(report.Accepted == 1, $"seed {k} of {name}");
        }
    }

    /// <summary>The targets, with one child that decodes for all tests.</summary>
    public sealed class AllTargets : IDisposable
    {
        internal FuzzTargets All { get; } = new();

        public void Dispose() => All.Dispose();
    }
}
