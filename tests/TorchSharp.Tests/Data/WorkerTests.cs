using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Data;

public class WorkerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Workers_run_ahead_of_the_reader_by_two_batches_each_and_no_further(int workers)
    {
        var items = new Items(1000);
        using var loader = new DataLoader<long, long[]>(items, 4, Items.Batch, num_worker: workers);
        using var batches = loader.GetEnumerator();
        Assert.Empty(items.Asked);
        for (int read = 1; read <= 5; read++)
        {
            Assert.True(batches.MoveNext());
            int allowed = 4 * (read + (2 * workers));
            Items.Eventually(() => items.Asked.Count == allowed);
            Thread.Sleep(20);
            Assert.Equal(allowed, items.Asked.Count);
        }
    }

    [Fact]
    public void Items_of_one_batch_are_fetched_by_all_workers_at_once()
    {
        using var meeting = new Barrier(3);
        using var loader = new DataLoader<long, long[]>(new Items(3, index =>
        {
            Assert.True(meeting.SignalAndWait(TimeSpan.FromSeconds(20))); // none goes on before all three are here
            return index;
        }), 3, Items.Batch, num_worker: 3);
        Assert.Equal([0L, 1, 2], loader.Single());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public void The_reader_neither_decodes_nor_collates_unless_there_is_no_worker(int workers)
    {
        var items = new Items(40);
        var collating = new ConcurrentDictionary<Thread, bool>();
        using var loader = new DataLoader<long, long[]>(items, 4, (batch, _) =>
        {
            collating[Thread.CurrentThread] = true;
            return [.. batch];
        }, num_worker: workers);
        Assert.Equal(10, Items.Read(loader));
        Assert.Equal(workers == 0, items.Threads.ContainsKey(Thread.CurrentThread));
        Assert.Equal(workers == 0, collating.ContainsKey(Thread.CurrentThread));
        Assert.InRange(items.Threads.Count, 1, Math.Max(1, workers));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Nothing_is_recorded_for_gradients(int workers)
    {
        using var weight = ones(1, requires_grad: true);
        var enabled = new ConcurrentBag<bool>();
        using var loader = new DataLoader<long, Tensor>(new Items(4, index =>
        {
            enabled.Add(is_grad_enabled());
            return index;
        }), 2, (items, _) => weight * items.Sum(), num_worker: workers);
        foreach (var batch in loader) Assert.False(batch.requires_grad);
        Assert.All(enabled, Assert.False);
        Assert.True(is_grad_enabled());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void After_an_early_break_no_thread_is_left(int workers)
    {
        var items = new Items(1000);
        using var loader = new DataLoader<long, long[]>(items, 2, Items.Batch, num_worker: workers);
        foreach (var batch in loader)
        {
            if (batch[0] >= 6) break;
        }
        Assert.All(items.Threads.Keys, thread => Assert.False(thread.IsAlive));
        int asked = items.Asked.Count;
        Thread.Sleep(20);
        Assert.Equal(asked, items.Asked.Count);
        Assert.InRange(asked, 8, 2 * (4 + (2 * workers)));
    }

    [Fact]
    public void After_a_whole_epoch_no_thread_is_left_either()
    {
        var items = new Items(20);
        using var loader = new DataLoader<long, long[]>(items, 3, Items.Batch, num_worker: 3);
        Assert.Equal(7, Items.Read(loader));
        Assert.All(items.Threads.Keys, thread => Assert.False(thread.IsAlive));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void An_exception_is_thrown_to_the_reader_in_its_batchs_place(int workers)
    {
        var items = new Items(20, Decode);
        using var loader = new DataLoader<long, long[]>(items, 4, Items.Batch, num_worker: workers);
        var seen = new List<long>();
        var error = Assert.Throws<FormatException>(() =>
        {
            foreach (var batch in loader) seen.AddRange(batch);
        });
        Assert.Equal("item 9 is broken", error.Message);
        Assert.Contains(nameof(Decode), error.StackTrace!);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], seen);
        Assert.All(items.Threads.Keys.Where(thread => thread != Thread.CurrentThread), thread => Assert.False(thread.IsAlive));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long Decode(long index) => index is 9 or 10 ? throw new FormatException($"item {index} is broken") : index;

    [Fact]
    public void A_reader_who_goes_on_after_an_exception_gets_the_next_batch()
    {
        using var loader = new DataLoader<long, long[]>(new Items(6, index => index == 2 ? throw new FormatException() : index), 2, Items.Batch, num_worker: 2);
        using var batches = loader.GetEnumerator();
        Assert.True(batches.MoveNext());
        Assert.Throws<FormatException>(() => batches.MoveNext());
        Assert.True(batches.MoveNext());
        Assert.Equal([4L, 5], batches.Current);
        Assert.False(batches.MoveNext());
    }

    [Fact]
    public void Collations_and_samplers_may_fail_too()
    {
        using var collation = new DataLoader<long, long[]>(new Items(6), 2, (items, _) => items.Contains(3) ? throw new FormatException() : [.. items], num_worker: 2);
        Assert.Equal([0L, 1], collation.First());
        Assert.Throws<FormatException>(() => Items.Read(collation));

        IEnumerable<long> Sampler()
        {
            for (long k = 0; k < 5; k++) yield return k;
            throw new FormatException();
        }
        using var sampling = new DataLoader<long, long[]>(new Items(6), 2, Items.Batch, Sampler(), num_worker: 2);
        var seen = new List<long[]>();
        Assert.Throws<FormatException>(() =>
        {
            foreach (var batch in sampling) seen.Add(batch);
        });
        Assert.Equal([[0, 1], [2, 3]], seen);
    }
}
