using System.Collections;
using System.Collections.Concurrent;
using static TorchSharp.torch;

namespace TimeSformer.Torch;

/// <summary>
/// Loads batches in a given order, ahead of time on worker threads. TorchSharp's DataLoader does not prefetch and wraps exceptions.
/// </summary>
/// <remarks>
/// An item that cannot be loaded throws its original exception when its batch is due. Items are loaded without gradients. One batch and one
/// item per thread are prefetched; disposing the enumerator waits for the threads and disposes items that were not consumed.
/// </remarks>
/// <param name="load">Loads the item with an index; called on several threads.</param>
/// <param name="collate">Combines items into a batch and disposes them; called on the consumer's thread.</param>
/// <param name="batchSize">Items per batch; the last batch may be smaller.</param>
/// <param name="workers">The number of threads; with 0, the consumer's thread loads the items.</param>
public sealed class DataLoader<T, TBatch>(
    Func<long, T> load, Func<IReadOnlyList<T>, TBatch> collate, IEnumerable<long> order, int batchSize, int workers) : IEnumerable<TBatch>
    where T : IDisposable?
{
    /// <summary>Starts the threads and returns the batches. Each enumerator has its own threads.</summary>
    public IEnumerator<TBatch> GetEnumerator()
    {
        using var jobs = new BlockingCollection<Task<T>>();
        var ahead = new Queue<Task<T>>();
        using var indices = order.GetEnumerator();
        Thread[] threads = [.. Enumerable.Range(0, workers).Select(_ => new Thread(RunJobs) { IsBackground = true })];
        foreach (var thread in threads) thread.Start();
        try
        {
            while (ahead.Count < batchSize + workers && Enqueue()) { }
            while (ahead.Count > 0) yield return Batch();
        }
        finally
        {
            jobs.CompleteAdding();
            while (jobs.TryTake(out _)) { }
            foreach (var thread in threads) thread.Join();
            foreach (var loaded in ahead.Where(task => task.IsCompletedSuccessfully)) loaded.Result?.Dispose();
        }

        void RunJobs() => Run(jobs.GetConsumingEnumerable());

        static void Run(IEnumerable<Task<T>> jobs)
        {
            using var _ = no_grad();
            foreach (var job in jobs) job.RunSynchronously(TaskScheduler.Default);
        }

        bool Enqueue()
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
                for (; items.Count < batchSize && ahead.TryDequeue(out var job); Enqueue())
                {
                    if (workers == 0) Run([job]);
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
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
