using System.Collections;
using System.Collections.Concurrent;
using static TorchSharp.torch;

namespace TimeSformer.Torch;

/// <summary>
/// Batches in a given order, whose items threads load ahead while the consumer works. TorchSharp's own loads nothing ahead and wraps
/// errors.
/// </summary>
/// <remarks>
/// An item that cannot be loaded throws its own exception where its batch is due. Threads take no gradients. At most a batch and an item a
/// thread are loaded ahead; what was not consumed is disposed with the enumerator, which waits for its threads.
/// </remarks>
/// <typeparam name="T">An item.</typeparam>
/// <typeparam name="TBatch">A batch; the consumer's.</typeparam>
/// <param name="load">Gives the item of an index; called on several threads.</param>
/// <param name="collate">Makes a batch of items and disposes them; called on the consumer's thread.</param>
/// <param name="order">The indices of an epoch; the last batch may be smaller.</param>
/// <param name="batchSize">Items of a batch.</param>
/// <param name="workers">Threads; with 0 the consumer loads by itself.</param>
public sealed class DataLoader<T, TBatch>(
    Func<long, T> load, Func<IReadOnlyList<T>, TBatch> collate, IEnumerable<long> order, int batchSize, int workers) : IEnumerable<TBatch>
    where T : IDisposable?
{
    /// <summary>Starts the threads and gives the batches; of an enumerator for itself.</summary>
    public IEnumerator<TBatch> GetEnumerator()
    {
        using var jobs = new BlockingCollection<Task<T>>();
        var ahead = new Queue<Task<T>>();
        using var indices = order.GetEnumerator();
        Thread[] threads = [.. Enumerable.Range(0, workers).Select(_ => new Thread(Work) { IsBackground = true })];
        foreach (var thread in threads) thread.Start();
        try
        {
            while (ahead.Count < batchSize + workers && Announce()) { }
            while (ahead.Count > 0) yield return Batch();
        }
        finally
        {
            jobs.CompleteAdding();
            while (jobs.TryTake(out _)) { }
            foreach (var thread in threads) thread.Join();
            foreach (var loaded in ahead.Where(task => task.IsCompletedSuccessfully)) loaded.Result?.Dispose();
        }

        void Work()
        {
            using var _ = no_grad();
            foreach (var job in jobs.GetConsumingEnumerable()) job.RunSynchronously(TaskScheduler.Default);
        }

        bool Announce()
        {
            if (!indices.MoveNext()) return false;
            long index = indices.Current;
            var job = new Task<T>(() => load(index));
            ahead.Enqueue(job);
            if (workers > 0) jobs.Add(job);
            return true;
        }

        TBatch Batch()
        {
            var items = new List<T>(batchSize);
            try
            {
                for (; items.Count < batchSize && ahead.TryDequeue(out var job); Announce())
                {
                    if (workers == 0) LoadHere(job);
                    items.Add(job.GetAwaiter().GetResult());
                }
                return collate(items);
            }
            catch
            {
                foreach (var item in items) item?.Dispose();
                throw;
            }
        }

        static void LoadHere(Task<T> job)
        {
            using var _ = no_grad();
            job.RunSynchronously(TaskScheduler.Default);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
