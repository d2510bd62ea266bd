using System.Collections.Concurrent;

namespace TimeSformer.Tests.Torch;

public sealed class DataLoaderTests
{
    private readonly ConcurrentQueue<long> loaded = new();

    [Theory, InlineData(0), InlineData(1), InlineData(3)]
    public void Batches_keep_their_order_whichever_item_is_ready_first_and_the_last_may_be_smaller(int workers)
    {
        var loader = Loader([4, 0, 3, 1, 2, 6, 5], workers, index => Thread.Sleep(index % 2 == 0 ? 20 : 0));
        for (int epoch = 0; epoch < 2; epoch++) Assert.Equal(["4 0 3", "1 2 6", "5"], Texts(loader));
    }

    [Fact]
    public void An_empty_order_yields_no_batch() => Assert.Empty(Loader([], 2));

    [Fact]
    public void One_batch_and_one_item_per_thread_are_prefetched()
    {
        using var batches = Loader(Enumerable.Range(0, 100).Select(k => (long)k), workers: 2).GetEnumerator();
        Assert.True(batches.MoveNext());
        batches.Current.Dispose();
        Assert.True(SpinWait.SpinUntil(() => loaded.Count == 3 + 3 + 2, TimeSpan.FromSeconds(20)));
        Thread.Sleep(100);
        Assert.Equal(8, loaded.Count);
    }

    [Theory, InlineData(0), InlineData(2)]
    public void An_item_throws_its_own_exception_when_its_batch_is_due_and_leaks_no_tensors(int workers)
    {
        long before = LiveTensors.Settled();
        var loader = Loader(Enumerable.Range(0, 10).Select(k => (long)k), workers, index =>
        {
            if (index == 4) throw new InvalidDataException("no item 4");
        });
        var seen = new List<string>();
        Assert.Refused<InvalidDataException>("no item 4", () =>
        {
            foreach (var text in Texts(loader)) seen.Add(text);
        });
        Assert.Equal(["0 1 2"], seen);
        Assert.Equal(before, LiveTensors.Settled());
    }

    [Fact]
    public void Leaving_early_ends_the_threads_and_frees_prefetched_items()
    {
        long before = LiveTensors.Settled();
        var threads = new ConcurrentDictionary<Thread, bool>();
        var order = Enumerable.Range(0, 1000).Select(k => (long)k);
        foreach (var batch in Loader(order, workers: 2, index => threads[Thread.CurrentThread] = true))
        {
            batch.Dispose();
            break;
        }
        Assert.All(threads.Keys, thread => Assert.False(thread.IsAlive));
        Assert.InRange(loaded.Count, 3, 8);
        Assert.Equal(before, LiveTensors.Settled());
    }

    [Theory, InlineData(0), InlineData(2)]
    public void Items_are_loaded_without_gradients_and_the_consumers_grad_mode_stays(int workers)
    {
        var enabled = new ConcurrentBag<bool>();
        foreach (var batch in Loader([0, 1, 2], workers, index => enabled.Add(is_grad_enabled())))
        {
            using (batch) Assert.True(is_grad_enabled());
        }
        Assert.Equal([false, false, false], enabled);
    }

    private DataLoader<Tensor, Tensor> Loader(IEnumerable<long> order, int workers, Action<long>? before = null) => new(
        index =>
        {
            before?.Invoke(index);
            loaded.Enqueue(index);
            return tensor(index);
        },
        items =>
        {
            var batch = stack(items);
            foreach (var item in items) item.Dispose();
            return batch;
        },
        order, batchSize: 3, workers);

    private static IEnumerable<string> Texts(DataLoader<Tensor, Tensor> loader)
    {
        foreach (var batch in loader)
        {
            using (batch) yield return string.Join(' ', batch.data<long>().ToArray());
        }
    }
}
