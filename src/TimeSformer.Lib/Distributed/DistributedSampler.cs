namespace TimeSformer.Distributed;

/// <summary>
/// Which clips of each batch are a process's. Unlike PyTorch's sampler of this name, it neither repeats nor drops any where they do not
/// divide, and keeps the batches, so that they are the same for any number of processes.
/// </summary>
public static class DistributedSampler
{
    /// <summary>The clips of a process in a full batch: positions from `first` to before `end`.</summary>
    public static (int First, int End) Share(int batchSize, int rank, int size) =>
        ((int)((long)rank * batchSize / size), (int)((rank + 1L) * batchSize / size));

    /// <summary>The process's clips of each batch; the last batch may be smaller, and its part empty.</summary>
    /// <param name="order">All clips of an epoch, in order.</param>
    /// <param name="batchSize">Clips of all processes together.</param>
    /// <param name="rank">The process's number, from 0.</param>
    /// <param name="size">The number of processes.</param>
    public static IEnumerable<long[]> Parts(IEnumerable<long> order, int batchSize, int rank, int size)
    {
        var (first, end) = Share(batchSize, rank, size);
        return order.Chunk(batchSize).Select(batch => batch[Math.Min(first, batch.Length)..Math.Min(end, batch.Length)]);
    }
}
