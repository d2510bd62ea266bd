using TimeSformer.Bench.Fuzz;

namespace TimeSformer.Tests.Fuzz;

/// <summary>What the fuzzer counts as a failure.</summary>
public sealed class FuzzerTests : FolderTests
{
    private static readonly byte[] valid = [.. Enumerable.Range(0, 64).Select(k => (byte)k)];

    [Fact]
    public void The_same_seed_makes_the_same_inputs_and_another_makes_others()
    {
        Assert.Equal(Inputs(seed: 3), Inputs(seed: 3));
        Assert.NotEqual(Inputs(seed: 3), Inputs(seed: 4));
        Assert.InRange(Inputs(seed: 3).Distinct().Count(), 90, 100);
    }

    [Fact]
    public void A_documented_exception_is_a_refusal()
    {
        var report = Run(_ => throw new InputException("damaged"), inputs: 10);
        Assert.Equal((0, 10, 0), (report.Accepted, report.Refused, report.Failures.Count));
    }

    [Fact]
    public void Any_other_exception_is_a_failure_whose_input_is_kept_and_fails_again()
    {
        void Read(string path)
        {
            if (File.ReadAllBytes(path).Length != valid.Length) throw new InvalidOperationException("another length");
        }
        var report = Run(Read);
        Assert.InRange(report.Failures.Count, 1, 100);
        var failure = report.Failures[0];
        Assert.Contains("InvalidOperationException: another length", failure.Cause);
        var again = new Fuzzer(Target(Read), 0, folder.File("again")).Replay(failure.File);
        Assert.Equal(failure.Cause, Assert.Single(again.Failures).Cause);
        Assert.Equal(File.ReadAllBytes(failure.File), File.ReadAllBytes(again.Failures[0].File));
    }

    [Fact]
    public void A_file_that_is_left_behind_is_a_failure() =>
        Assert.Contains("it left run behind", Run(_ => File.WriteAllText("run", ""), inputs: 1).Failures[0].Cause);

    [Fact]
    public void More_memory_than_allowed_is_a_failure() =>
        Assert.Contains("it allocated", Run(_ => GC.KeepAlive(new byte[Fuzzer.MaxBytes + 1]), inputs: 1).Failures[0].Cause);

    [Fact]
    public void A_reader_that_hangs_is_a_failure_and_ends_the_run()
    {
        using var never = new ManualResetEventSlim();
        var report = new Fuzzer(Target(_ => never.Wait()) with { Limit = TimeSpan.FromSeconds(1) }, 0, folder.Path)
            .Run(10, Timeout.InfiniteTimeSpan, CancellationToken.None);
        Assert.Contains("no end within 1 s", Assert.Single(report.Failures).Cause);
        Assert.True(File.Exists(report.Failures[0].File));
        never.Set();
    }

    [Fact]
    public void An_input_that_ended_an_earlier_process_is_found_by_the_next_run()
    {
        string working = "";
        byte[] last = [];
        Run(inputs: 1, read: path => (working, last) = (Path.GetDirectoryName(path)!, File.ReadAllBytes(path)));
        // As a process leaves it that ends while it reads.
        Directory.CreateDirectory(working);
        File.WriteAllBytes(Path.Combine(working, "input"), last);
        var report = Run(_ => { }, inputs: 1);
        Assert.Contains("an earlier process ended", Assert.Single(report.Failures).Cause);
        Assert.Equal(last, File.ReadAllBytes(report.Failures[0].File));
    }

    private FuzzReport Run(Action<string> read, int inputs = 100, int seed = 0) =>
        new Fuzzer(Target(read), seed, folder.Path).Run(inputs, Timeout.InfiniteTimeSpan, CancellationToken.None);

    private List<string> Inputs(int seed)
    {
        List<string> inputs = [];
        Run(path => inputs.Add(Convert.ToHexString(File.ReadAllBytes(path))), seed: seed);
        return inputs;
    }

    private static FuzzTarget Target(Action<string> read) => new("test", "input", [valid], read);
}
