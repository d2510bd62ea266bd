using System.Diagnostics;
using System.Runtime.InteropServices;
using TimeSformer.Bench;

namespace TimeSformer.Tests;

/// <summary>The time of a step by operation.</summary>
public sealed class ProfilerTests
{
    [SkippableFact]
    public void Operations_are_counted_and_sum_to_the_work()
    {
        Skip.IfNot(RuntimeInformation.ProcessArchitecture is Architecture.X64 && !OperatingSystem.IsWindows());
        using var scope = NewDisposeScope();
        var (x, w) = (randn(64, 64), randn(64, 64, requires_grad: true));
        double inside = 0;
        var outside = Stopwatch.StartNew();
        var operations = Profiler.Run(() =>
        {
            var clock = Stopwatch.StartNew();
            // matmul calls mm, whose time counts for mm alone.
            for (int k = 0; k < 3; k++) x.matmul(w).sum().backward();
            inside = clock.Elapsed.TotalMilliseconds;
        });
        Assert.Equal(3, operations.Single(operation => operation.Name == "aten::matmul").Calls);
        Assert.Equal(6, operations.Single(operation => operation.Name == "aten::mm").Calls);
        Assert.Contains(operations, operation => operation.Name == Profiler.Outside);
        Assert.All(operations, operation => Assert.True(operation.Ms >= 0));
        Assert.InRange(operations.Sum(operation => operation.Ms), inside, outside.Elapsed.TotalMilliseconds);
    }

    [SkippableFact]
    public void After_an_error_nothing_is_recorded()
    {
        Skip.IfNot(RuntimeInformation.ProcessArchitecture is Architecture.X64 && !OperatingSystem.IsWindows());
        Assert.Throws<InvalidDataException>(() => Profiler.Run(() => throw new InvalidDataException()));
        using var x = zeros(1);
        x.abs().Dispose();
        Assert.Equal([Profiler.Outside], Profiler.Run(() => { }).Select(operation => operation.Name));
    }
}
