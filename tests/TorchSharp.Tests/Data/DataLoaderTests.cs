using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Data;

public class DataLoaderTests
{
    private static DataLoader<long, long[]> Loader(Items items, int batch, int workers = 1, bool shuffle = false, int? seed = null, bool drop_last = false) =>
        new(items, batch, Items.Batch, shuffle, seed: seed, num_worker: workers, drop_last: drop_last);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Batches_come_in_order_whatever_the_number_of_workers(int workers)
    {
        using var loader = Loader(new Items(50, index =>
        {
            Thread.Sleep((int)(index * 7 % 5)); // some items take longer than those after them
            return index;
        }), 4, workers);
        long[][] batches = [.. loader];
        Assert.Equal(13, batches.Length);
        Assert.Equal(13, loader.Count);
        Assert.All(batches.SkipLast(1), batch => Assert.Equal(4, batch.Length));
        Assert.Equal(Enumerable.Range(0, 50).Select(k => (long)k), batches.SelectMany(batch => batch));
    }

    [Theory]
    [InlineData(10, 5, 2, 2)]
    [InlineData(11, 5, 3, 2)]
    [InlineData(4, 5, 1, 0)]
    [InlineData(0, 5, 0, 0)]
    public void Drop_last_leaves_out_the_batch_that_is_not_full(int count, int batch, int all, int full)
    {
        using var keeping = Loader(new Items(count), batch);
        using var dropping = Loader(new Items(count), batch, drop_last: true);
        Assert.Equal((all, full), (keeping.Count, dropping.Count));
        Assert.Equal((all, full), (Items.Read(keeping), Items.Read(dropping)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void The_samplers_order_is_kept_and_it_is_gone_through_once_an_epoch(int workers)
    {
        int enumerations = 0;
        IEnumerable<long> Sampler()
        {
            enumerations++;
            foreach (long index in new long[] { 3, 1, 4, 1, 5, 9, 2, 6 }) yield return index;
        }
        using var loader = new DataLoader<long, long[]>(new Items(10), 3, Items.Batch, Sampler(), num_worker: workers);
        for (int epoch = 1; epoch <= 3; epoch++)
        {
            Assert.Equal([[3, 1, 4], [1, 5, 9], [2, 6]], loader);
            Assert.Equal(epoch, enumerations);
        }
    }

    [Fact]
    public void A_sampler_without_end_is_read_no_further_than_needed()
    {
        long last = 0;
        IEnumerable<long> Endless()
        {
            for (; ; last++) yield return last;
        }
        using var loader = new DataLoader<long, long[]>(new Items(long.MaxValue), 5, Items.Batch, Endless(), num_worker: 2);
        Assert.Equal([0L, 1, 2, 3, 4], loader.First());
        Assert.InRange(last, 5, 5 * (1 + (2 * 2)));
    }

    [Fact]
    public void Shuffling_brings_every_item_once_in_another_order_each_epoch()
    {
        using var loader = Loader(new Items(100), 7, workers: 2, shuffle: true);
        long[] first = [.. loader.SelectMany(batch => batch)], second = [.. loader.SelectMany(batch => batch)];
        Assert.NotEqual(first, second);
        Assert.Equal(Enumerable.Range(0, 100).Select(k => (long)k), first.Order());
        Assert.Equal(Enumerable.Range(0, 100).Select(k => (long)k), second.Order());
    }

    [Fact]
    public void A_seed_fixes_the_orders_of_the_epochs_whatever_the_number_of_workers()
    {
        using var one = Loader(new Items(100), 7, workers: 1, shuffle: true, seed: 5);
        using var other = Loader(new Items(100), 7, workers: 3, shuffle: true, seed: 5);
        using var third = Loader(new Items(100), 7, shuffle: true, seed: 6);
        long[][] first = [.. one], second = [.. one];
        Assert.NotEqual(first, second);
        Assert.Equal(first, other);
        Assert.Equal(second, other);
        Assert.NotEqual(first, third);
    }

    [Fact]
    public void A_seeds_first_order_is_that_of_the_published_package()
    {
        Assert.Equal([4L, 9, 7, 3, 1, 6, 2, 8, 5, 0], new FisherYatesShuffler(10, 42));
        Assert.Equal([5L, 2, 4, 6, 0, 1, 3], new FisherYatesShuffler(7, 1));
    }

    [Fact]
    public void Settings_can_be_read_back()
    {
        var items = new Items(3);
        using var loader = new DataLoader<long, long[]>(items, 2, Items.Batch, num_worker: 3, drop_last: true, disposeBatch: false, disposeDataset: false);
        Assert.Same(items, loader.dataset);
        Assert.Equal((2, 3, true, false, false), (loader.batch_size, loader.num_workers, loader.drop_last, loader.DisposeBatch, loader.DisposeDataset));
        Assert.Equal(CPU, loader.Device);
        Assert.Equal([0L, 1, 2], loader.sampler);
        using var none = new DataLoader<long, long[]>(items, 2, Items.Batch, num_worker: 0);
        Assert.Equal(1, none.num_workers);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_data_set_is_disposed_with_the_loader_if_so_asked(bool dispose)
    {
        var items = new Items(3);
        new DataLoader<long, long[]>(items, 2, Items.Batch, disposeDataset: dispose).Dispose();
        Assert.Equal(dispose, items.Disposed);
    }

    [Fact]
    public void An_enumerator_can_be_reset_and_stays_at_the_end()
    {
        using var loader = Loader(new Items(4), 2, workers: 2);
        using var batches = loader.GetEnumerator();
        Assert.True(batches.MoveNext());
        batches.Reset();
        Assert.True(batches.MoveNext());
        Assert.Equal([0L, 1], batches.Current);
        Assert.True(batches.MoveNext());
        Assert.False(batches.MoveNext());
        Assert.False(batches.MoveNext());
    }
}
