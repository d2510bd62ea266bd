using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class DisposeScopeTests
{
    [Fact]
    public void A_scope_disposes_what_was_made_in_it_except_what_was_moved_out()
    {
        long before = LiveTensors.Settled();
        Tensor kept;
        using (NewDisposeScope())
        {
            var lost = zeros(2);
            kept = (lost + 1).DetachFromDisposeScope();
        }
        Assert.Equal(before + 1, Tensor.TotalCount);
        Assert.Equal([1f, 1], kept.data<float>().ToArray());
        kept.Dispose();
    }

    [Fact]
    public void Moving_to_the_outer_scope_hands_the_tensor_over()
    {
        long before = LiveTensors.Settled();
        using (var outer = NewDisposeScope())
        {
            Tensor x;
            using (NewDisposeScope()) x = zeros(2).MoveToOuterDisposeScope();
            Assert.False(x.IsInvalid);
            Assert.True(outer.Contains(x));
        }
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Everything_but_some_can_be_disposed()
    {
        using var scope = NewDisposeScope();
        var (a, b, c) = (zeros(1), zeros(1), zeros(1));
        scope.DisposeEverythingBut(b);
        Assert.True(a.IsInvalid && c.IsInvalid && !b.IsInvalid);
        Assert.Equal(1, scope.DisposablesCount);
    }

    [Fact]
    public void A_hundred_thousand_operations_leave_nothing()
    {
        using var a = ones(2, 2);
        long before = LiveTensors.Settled();
        for (int k = 0; k < 100; k++)
        {
            using var scope = NewDisposeScope();
            for (int i = 0; i < 500; i++) _ = (a + a).sum();
        }
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void A_forgotten_tensor_is_collected()
    {
        using var keep = ones(1);
        long before = LiveTensors.Settled();
        for (int k = 0; k < 10; k++) Forget(keep);
        for (int k = 0; k < 10 && Tensor.TotalCount > before; k++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.InRange(Tensor.TotalCount, 1, before);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void Forget(Tensor keep) => _ = keep + keep;
}
