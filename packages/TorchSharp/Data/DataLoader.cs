using System;
using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.utils.data;

namespace TorchSharp.Modules
{
    /// <summary>
    /// Batches of a data set. With workers, that many threads fetch and collate whole batches ahead of the reader, at most two each,
    /// and batches come in the order of the sampler whatever the number of workers.
    /// </summary>
    public class DataLoader<T, S> : IDisposable, IEnumerable<S>
    {
        public DataLoader(
            Dataset<T> dataset, int batchSize, Func<IEnumerable<T>, Device, S> collate_fn, IEnumerable<long> shuffler,
            Device? device = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
            ArgumentOutOfRangeException.ThrowIfNegative(num_worker);
            (this.dataset, batch_size, this.collate_fn, sampler) = (dataset, batchSize, collate_fn, shuffler);
            (Device, num_workers, this.drop_last, DisposeBatch, DisposeDataset) = (device ?? CPU, num_worker, drop_last, disposeBatch, disposeDataset);
        }

        public DataLoader(
            Dataset<T> dataset, int batchSize, Func<IEnumerable<T>, Device, S> collate_fn, bool shuffle = false,
            Device? device = null, int? seed = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true)
            : this(dataset, batchSize, collate_fn, shuffle ? new Shuffled(dataset.Count, seed) : Sequence(dataset.Count), device, num_worker, drop_last, disposeBatch, disposeDataset)
        {
        }

        public Dataset<T> dataset { get; }

        public int batch_size { get; }

        public int num_workers { get; }

        public bool drop_last { get; }

        public IEnumerable<long> sampler { get; }

        public Func<IEnumerable<T>, Device, S> collate_fn { get; }

        public Device Device { get; }

        /// <summary>Whether a batch that is a tensor or holds tensors is disposed when the reader moves on.</summary>
        public bool DisposeBatch { get; }

        public bool DisposeDataset { get; }

        /// <summary>Batches of an epoch that covers the whole data set.</summary>
        public long Count => drop_last ? dataset.Count / batch_size : (dataset.Count + batch_size - 1) / batch_size;

        public IEnumerator<S> GetEnumerator()
        {
            var batches = num_workers == 0 ? Indices().Select(Fetch) : Prefetched();
            foreach (var batch in batches)
            {
                try
                {
                    yield return batch;
                }
                finally
                {
                    if (DisposeBatch) DisposeTensors(batch);
                }
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        private IEnumerable<long[]> Indices() => sampler.Chunk(batch_size).Where(batch => !drop_last || batch.Length == batch_size);

        private S Fetch(long[] indices)
        {
            using var _ = no_grad();
            return collate_fn(Array.ConvertAll(indices, dataset.GetTensor), Device);
        }

        // A window of batches under way; the reader waits for the oldest and then lets the next begin. Threads are the loader's own, so that
        // slow decoding does not starve the pool.
        private IEnumerable<S> Prefetched()
        {
            bool stopped = false;
            using var todo = new BlockingCollection<(long[] Indices, TaskCompletionSource<S> Batch)>();
            var threads = Enumerable.Range(0, num_workers).Select(k => new Thread(Work) { IsBackground = true, Name = $"loader {k}" }).ToList();
            var window = new Queue<Task<S>>();
            using var indices = Indices().GetEnumerator();
            void Work()
            {
                foreach (var (chosen, batch) in todo.GetConsumingEnumerable())
                {
                    if (Volatile.Read(ref stopped))
                    {
                        batch.SetCanceled();
                        continue;
                    }
                    try
                    {
                        batch.SetResult(Fetch(chosen));
                    }
                    catch (Exception error)
                    {
                        batch.SetException(error);
                    }
                }
            }

            void Begin()
            {
                if (!indices.MoveNext()) return;
                var batch = new TaskCompletionSource<S>(TaskCreationOptions.RunContinuationsAsynchronously);
                window.Enqueue(batch.Task);
                todo.Add((indices.Current, batch));
            }

            foreach (var thread in threads) thread.Start();
            try
            {
                for (int k = 0; k < 2 * num_workers; k++) Begin();
                while (window.TryDequeue(out var oldest))
                {
                    S batch;
                    try
                    {
                        batch = oldest.GetAwaiter().GetResult();
                    }
                    catch (Exception error)
                    {
                        ExceptionDispatchInfo.Throw(error);
                        throw;
                    }
                    Begin();
                    yield return batch;
                }
            }
            finally
            {
                Volatile.Write(ref stopped, true);
                todo.CompleteAdding();
                foreach (var thread in threads) thread.Join();
                foreach (var unread in window)
                {
                    if (unread.IsCompletedSuccessfully) DisposeTensors(unread.Result);
                    else _ = unread.Exception;
                }
            }
        }

        private static void DisposeTensors(object? batch)
        {
            switch (batch)
            {
                case IDisposable disposable:
                    disposable.Dispose();
                    break;
                case IDictionary<string, Tensor> named:
                    foreach (var tensor in named.Values) tensor.Dispose();
                    break;
                case IEnumerable<Tensor> tensors:
                    foreach (var tensor in tensors) tensor.Dispose();
                    break;
            }
        }

        private static IEnumerable<long> Sequence(long count)
        {
            for (long k = 0; k < count; k++) yield return k;
        }

        // Another order at each enumeration.
        private sealed class Shuffled(long count, int? seed) : IEnumerable<long>
        {
            private readonly Random random = seed is { } given ? new Random(given) : new Random();

            public IEnumerator<long> GetEnumerator()
            {
                var order = Sequence(count).ToArray();
                random.Shuffle(order);
                return order.AsEnumerable().GetEnumerator();
            }

            IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
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

    /// <summary>Batches of a data set of named tensors: each name's tensors stacked.</summary>
    public class DataLoader : DataLoader<Dictionary<string, Tensor>, Dictionary<string, Tensor>>
    {
        public DataLoader(Dataset dataset, int batchSize, bool shuffle = false, Device? device = null, int? seed = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true)
            : base(dataset, batchSize, Collate, shuffle, device, seed, num_worker, drop_last, disposeBatch, disposeDataset)
        {
        }

        public DataLoader(Dataset dataset, int batchSize, IEnumerable<long> shuffler, Device? device = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true)
            : base(dataset, batchSize, Collate, shuffler, device, num_worker, drop_last, disposeBatch, disposeDataset)
        {
        }

        private static Dictionary<string, Tensor> Collate(IEnumerable<Dictionary<string, Tensor>> items, Device device)
        {
            using var scope = NewDisposeScope();
            var all = items.ToArray();
            return all[0].Keys.ToDictionary(key => key, key => stack(all.Select(item => scope.MoveToOther(scope, item[key]))).to(device).DetachFromDisposeScope());
        }
    }

    /// <summary>Batches of a data set of tensor lists: the tensors of each place stacked.</summary>
    public class IterableDataLoader : DataLoader<IList<Tensor>, IList<Tensor>>
    {
        public IterableDataLoader(IterableDataset dataset, int batchSize, bool shuffle = false, Device? device = null, int? seed = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true)
            : base(dataset, batchSize, Collate, shuffle, device, seed, num_worker, drop_last, disposeBatch, disposeDataset)
        {
        }

        public IterableDataLoader(IterableDataset dataset, int batchSize, IEnumerable<long> shuffler, Device? device = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true)
            : base(dataset, batchSize, Collate, shuffler, device, num_worker, drop_last, disposeBatch, disposeDataset)
        {
        }

        private static IList<Tensor> Collate(IEnumerable<IList<Tensor>> items, Device device)
        {
            using var scope = NewDisposeScope();
            var all = items.ToArray();
            return [.. Enumerable.Range(0, all[0].Count).Select(k => stack(all.Select(item => scope.MoveToOther(scope, item[k]))).to(device).DetachFromDisposeScope())];
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class utils
        {
            public static partial class data
            {
                public static DataLoader DataLoader(Dataset dataset, int batchSize, IEnumerable<long> shuffler, Device? device = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true) =>
                    new(dataset, batchSize, shuffler, device, num_worker, drop_last, disposeBatch, disposeDataset);

                public static DataLoader DataLoader(Dataset dataset, int batchSize, bool shuffle = false, Device? device = null, int? seed = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true) =>
                    new(dataset, batchSize, shuffle, device, seed, num_worker, drop_last, disposeBatch, disposeDataset);

                public static IterableDataLoader DataLoader(IterableDataset dataset, int batchSize, IEnumerable<long> shuffler, Device? device = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true) =>
                    new(dataset, batchSize, shuffler, device, num_worker, drop_last, disposeBatch, disposeDataset);

                public static IterableDataLoader DataLoader(IterableDataset dataset, int batchSize, bool shuffle = false, Device? device = null, int? seed = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true) =>
                    new(dataset, batchSize, shuffle, device, seed, num_worker, drop_last, disposeBatch, disposeDataset);
            }
        }
    }
}
