using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class DataLoaderTests
{
    private sealed class Numbers(int count) : utils.data.Dataset<Tensor>
    {
        private int fetched;

        public int Fetched => Volatile.Read(ref fetched);

        public long BrokenAt { get; init; } = -1;

        public override long Count => count;

        public override Tensor GetTensor(long index)
        {
            Interlocked.Increment(ref fetched);
            if (index == BrokenAt) throw new InvalidDataException("item is broken");
            Assert.False(is_grad_enabled());
            return tensor(index);
        }
    }

    private static Tensor Collate(IEnumerable<Tensor> items, Device device)
    {
        using var scope = NewDisposeScope();
        var parts = items.ToArray();
        scope.Attach((IEnumerable<IDisposable>)parts);
        return stack(parts).to(device).DetachFromDisposeScope();
    }

    private static long[][] Batches(DataLoader<Tensor, Tensor> loader) => [.. loader.Select(batch => batch.data<long>().ToArray())];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public void Batches_come_in_the_samplers_order_whatever_the_number_of_workers(int workers)
    {
        using var loader = new DataLoader<Tensor, Tensor>(new Numbers(10), 4, Collate, [9L, 8, 7, 6, 5, 4, 3, 2, 1, 0], num_worker: workers);
        Assert.Equal([[9, 8, 7, 6], [5, 4, 3, 2], [1, 0]], Batches(loader));
    }

    [Fact]
    public void The_last_batch_can_be_dropped()
    {
        using var loader = new DataLoader<Tensor, Tensor>(new Numbers(10), 4, Collate, drop_last: true);
        Assert.Equal(2, Batches(loader).Length);
        Assert.Equal(2, loader.Count);
    }

    [Fact]
    public void A_seed_fixes_the_order_and_each_epoch_has_another()
    {
        DataLoader<Tensor, Tensor> Create() => new(new Numbers(20), 20, Collate, shuffle: true, seed: 3);
        using var first = Create();
        using var second = Create();
        var epoch = Batches(first);
        Assert.Equal(epoch, Batches(second));
        Assert.NotEqual(epoch, Batches(first));
        Assert.Equal(Enumerable.Range(0, 20).Select(k => (long)k), epoch[0].Order());
    }

    [Fact]
    public void A_workers_exception_reaches_the_reader()
    {
        using var loader = new DataLoader<Tensor, Tensor>(new Numbers(10) { BrokenAt = 5 }, 2, Collate, num_worker: 2);
        Assert.Equal("item is broken", Assert.Throws<InvalidDataException>(() => Batches(loader)).Message);
    }

    [Fact]
    public void Workers_do_not_run_away_from_the_reader_and_a_break_leaves_nothing()
    {
        long before = LiveTensors.Settled();
        var data = new Numbers(1000);
        using (var loader = new DataLoader<Tensor, Tensor>(data, 2, Collate, num_worker: 2))
        {
            foreach (var _ in loader)
            {
                Thread.Sleep(100);
                Assert.InRange(data.Fetched, 2, 12);
                break;
            }
        }
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Named_tensors_are_stacked_by_name()
    {
        using var loader = utils.data.DataLoader(new Named(), 3);
        foreach (var batch in loader) Assert.Equal([3, 2], batch["x"].shape);
        Assert.Equal(1, loader.Count);
    }

    private sealed class Named : utils.data.Dataset
    {
        public override long Count => 3;

        public override Dictionary<string, Tensor> GetTensor(long index) => new() { ["x"] = full(new long[] { 2 }, index) };
    }
}
