using System;
using System.Collections.Concurrent;
using System.Threading;

namespace TorchSharp;

/// <summary>
/// Threads that fetch the items of batches, oldest batch first. They are the loader's own, so that slow decoding starves no pool; disposing
/// waits until each has finished the item at which it is.
/// </summary>
internal sealed class LoaderThreads<T, S> : IDisposable
{
    private readonly BlockingCollection<(PendingBatch<T, S> Batch, int Item)> todo = [];
    private readonly Thread[] threads;
    private volatile bool stopped;

    public LoaderThreads(int count)
    {
        threads = new Thread[count];
        for (int k = 0; k < count; k++)
        {
            threads[k] = new Thread(Work) { IsBackground = true, Name = $"data loader {k}" };
            threads[k].Start();
        }
    }

    public void Add(PendingBatch<T, S> batch)
    {
        for (int k = 0; k < batch.Size; k++) todo.Add((batch, k));
    }

    private void Work()
    {
        foreach (var (batch, item) in todo.GetConsumingEnumerable())
        {
            if (stopped) return;
            batch.Fetch(item);
        }
    }

    public void Dispose()
    {
        stopped = true;
        todo.CompleteAdding();
        foreach (var thread in threads) thread.Join();
        todo.Dispose();
    }
}
