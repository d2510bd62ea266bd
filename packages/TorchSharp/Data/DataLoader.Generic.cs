using System;
using System.Collections;
using System.Collections.Generic;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.utils.data;

namespace TorchSharp.Modules;

/// <summary>
/// Batches of a data set, in the sampler's order. Each enumeration is an epoch: it goes through the sampler anew and has `num_worker` threads of
/// its own, which fetch and collate at most two batches each ahead of the reader. With no worker the reader's thread does that at each step.
/// </summary>
/// <remarks>
/// What a data set or a collation throws is thrown to the reader in the batch's place; going on leads to the next batch. A batch's tensors belong
/// to no dispose scope.
/// </remarks>
public class DataLoader<T, S> : IDisposable, IEnumerable<S>
{
    internal readonly int threads;

    public DataLoader(
        Dataset<T> dataset, int batchSize, Func<IEnumerable<T>, Device, S> collate_fn, IEnumerable<long> shuffler,
        Device? device = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        (this.dataset, batch_size, this.collate_fn, sampler) = (dataset, batchSize, collate_fn, shuffler);
        (Device, this.drop_last, DisposeBatch, DisposeDataset) = (device ?? CPU, drop_last, disposeBatch, disposeDataset);
        (threads, num_workers) = (Math.Max(num_worker, 0), Math.Max(num_worker, 1));
    }

    public DataLoader(
        Dataset<T> dataset, int batchSize, Func<IEnumerable<T>, Device, S> collate_fn, bool shuffle = false,
        Device? device = null, int? seed = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true)
        : this(
            dataset, batchSize, collate_fn, shuffle ? new FisherYatesShuffler(dataset.Count, seed) : InOrder(dataset.Count),
            device, num_worker, drop_last, disposeBatch, disposeDataset)
    {
    }

    public Dataset<T> dataset { get; }

    public int batch_size { get; }

    public int num_workers { get; }

    public bool drop_last { get; }

    public IEnumerable<long> sampler { get; }

    public Func<IEnumerable<T>, Device, S> collate_fn { get; }

    public Device Device { get; }

    /// <summary>Whether the tensors that the collation made are disposed when the reader moves on.</summary>
    public bool DisposeBatch { get; }

    /// <summary>Whether the data set is disposed with the loader.</summary>
    public bool DisposeDataset { get; }

    /// <summary>Batches of an epoch that covers the whole data set.</summary>
    public long Count => drop_last ? dataset.Count / batch_size : (dataset.Count + batch_size - 1) / batch_size;

    public IEnumerator<S> GetEnumerator() => new Epoch<T, S>(this);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static IEnumerable<long> InOrder(long count)
    {
        for (long k = 0; k < count; k++) yield return k;
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing && DisposeDataset) dataset.Dispose();
    }
}
