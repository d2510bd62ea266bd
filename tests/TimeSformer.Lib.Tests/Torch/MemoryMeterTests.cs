namespace TimeSformer.Tests.Torch;

public sealed class MemoryMeterTests
{
    [Fact]
    public void The_peak_is_the_maximum_of_live_memory() =>
        Assert.InRange(MemoryMeter.Peak(() =>
        {
            for (int i = 0; i < 10; i++)
            {
                using var a = ones(1000, 250); // 1,000,000 bytes
                using var b = a.exp();
            }
        }), 2_000_000, 2_001_000);

    [Fact]
    public void Allocations_of_the_backward_pass_count()
    {
        using var x = ones(new long[] { 1000, 250 }, requires_grad: true);
        Assert.InRange(MemoryMeter.Peak(() =>
        {
            using var scope = NewDisposeScope();
            x.exp().sum().backward(); // the result and its gradients
        }), 2_000_000, 3_001_000);
    }

    [Fact]
    public void Allocations_after_the_work_do_not_count()
    {
        Assert.Equal(0, MemoryMeter.Peak(() => { }));
        using var later = ones(1000);
        Assert.Equal(0, MemoryMeter.Peak(() => { }));
    }

    [Fact]
    public void An_exception_in_the_work_propagates_and_ends_the_measurement()
    {
        Assert.Throws<InvalidOperationException>(() => MemoryMeter.Peak(() => throw new InvalidOperationException("no")));
        Assert.InRange(MemoryMeter.Peak(() => ones(1000, 250).Dispose()), 1_000_000, 1_001_000);
    }
}
