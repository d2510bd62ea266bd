using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Data;

/// <summary>Who disposes what: nothing may wait for the garbage collector.</summary>
public class TensorLifetimeTests
{
    private const int Count = 23;

    // Each item leaves a temporary behind.
    private sealed class Rows : utils.data.Dataset<Tensor>
    {
        public override long Count => TensorLifetimeTests.Count;

        public override Tensor GetTensor(long index) => ones(3) * index;
    }

    private sealed class Kept(Tensor[] rows) : utils.data.Dataset<Tensor>
    {
        public override long Count => rows.Length;

        public override Tensor GetTensor(long index) => rows[index];
    }

    private sealed record Owner(Tensor Values) : IDisposable
    {
        public void Dispose() => Values.Dispose();
    }

    private static (Tensor, Tensor) Stack(IEnumerable<Tensor> rows, Device device)
    {
        var all = stack(rows);
        return (all + 0, all.sum(1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void A_batch_lives_until_the_reader_moves_on(int workers)
    {
        long before = LiveTensors.Settled();
        using var loader = new DataLoader<Tensor, (Tensor values, Tensor sums)>(new Rows(), 4, Stack, num_worker: workers);
        Tensor? previous = null;
        long row = 0;
        foreach (var (values, sums) in loader)
        {
            Assert.True(previous is null || previous.IsInvalid);
            foreach (float sum in sums.data<float>()) Assert.Equal(3f * row++, sum);
            previous = values;
        }
        Assert.Equal(Count, row);
        Assert.True(previous!.IsInvalid);
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Epochs_leave_no_tensor_behind(int workers)
    {
        using var loader = new DataLoader<Tensor, (Tensor, Tensor)>(new Rows(), 4, Stack, num_worker: workers);
        long before = LiveTensors.Settled();
        for (int epoch = 0; epoch < 20; epoch++)
        {
            Assert.Equal(6, Items.Read(loader));
            Assert.Equal(before, Tensor.TotalCount);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void An_early_break_leaves_no_tensor_behind(int workers)
    {
        long before = LiveTensors.Settled();
        using var loader = new DataLoader<Tensor, (Tensor, Tensor)>(new Rows(), 2, Stack, num_worker: workers);
        for (int epoch = 0; epoch < 20; epoch++)
        {
            foreach (var _ in loader) break;
            Assert.Equal(before, Tensor.TotalCount);
        }
    }

    [Fact]
    public void A_failing_item_leaves_no_tensor_behind()
    {
        long before = LiveTensors.Settled();
        using var loader = new DataLoader<long, Tensor>(new Items(8), 4, (items, _) => ones(1) * (items.Contains(5) ? throw new FormatException() : 1), num_worker: 2);
        Assert.Throws<FormatException>(() => Items.Read(loader));
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Without_disposeBatch_a_batch_is_the_readers(int workers)
    {
        using var loader = new DataLoader<Tensor, Tensor>(new Rows(), 4, (rows, _) => stack(rows), num_worker: workers, disposeBatch: false);
        Tensor[] all;
        using (NewDisposeScope()) all = [.. loader]; // in no scope, hence alive after it
        Assert.Equal(Enumerable.Range(0, Count).Select(k => (float)k), all.SelectMany(batch => batch[.., 0].data<float>()));
        foreach (var batch in all) batch.Dispose();
    }

    [Fact]
    public void Prefetched_batches_that_nobody_read_are_disposed_even_if_they_would_be_the_readers()
    {
        long before = LiveTensors.Settled();
        using var tensors = new DataLoader<Tensor, Tensor>(new Rows(), 2, (rows, _) => stack(rows), num_worker: 2, disposeBatch: false);
        tensors.First().Dispose();
        using var owners = new DataLoader<Tensor, Owner>(new Rows(), 2, (rows, _) => new Owner(stack(rows).DetachFromDisposeScope()), num_worker: 2, disposeBatch: false);
        owners.First().Dispose();
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Tensors_that_a_data_set_keeps_stay_alive(int workers)
    {
        Tensor[] rows = [ones(2), zeros(2), ones(2)];
        using (var loader = new DataLoader<Tensor, Tensor>(new Kept(rows), 2, (items, _) => stack(items), num_worker: workers))
        {
            for (int epoch = 0; epoch < 3; epoch++) Assert.Equal(2, Items.Read(loader));
        }
        using (var lists = new DataLoader<Tensor, List<Tensor>>(new Kept(rows), 1, (items, _) => [.. items], num_worker: workers)) _ = lists.First();
        using (var single = new DataLoader<Tensor, Tensor>(new Kept(rows), 1, (items, _) => items.Single(), num_worker: workers)) _ = single.First();
        Assert.All(rows, row => Assert.False(row.IsInvalid));
        foreach (var row in rows) row.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_batch_that_the_collation_detached_is_disposed_all_the_same(int workers)
    {
        long before = LiveTensors.Settled();
        using var tensors = new DataLoader<Tensor, Tensor>(new Rows(), 2, (rows, _) => stack(rows).DetachFromDisposeScope(), num_worker: workers);
        using var owners = new DataLoader<Tensor, Owner>(new Rows(), 2, (rows, _) => new Owner(stack(rows).DetachFromDisposeScope()), num_worker: workers);
        Assert.Equal((12, 12), (Items.Read(tensors), Items.Read(owners)));
        (_, _) = (tensors.First(), owners.First());
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void What_an_item_made_is_disposed_once_its_batch_is_collated()
    {
        var made = new List<Tensor>();
        using var loader = new DataLoader<Tensor, long>(new Rows(), 4, (rows, _) =>
        {
            lock (made) made.AddRange(rows);
            return rows.Count(row => !row.IsInvalid);
        }, num_worker: 2);
        Assert.Equal(Count, loader.Sum());
        Assert.Equal(Count, made.Count);
        Assert.All(made, row => Assert.True(row.IsInvalid));
    }
}
