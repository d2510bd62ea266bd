using System;
using System.Collections;
using System.Collections.Generic;
using TorchSharp.Modules;

namespace TorchSharp;

/// <summary>One pass through a loader: a window of batches under way, of which the reader waits for the oldest and then lets the next begin.</summary>
internal sealed class Epoch<T, S> : IEnumerator<S>
{
    private readonly DataLoader<T, S> loader;
    private readonly Queue<PendingBatch<T, S>> window = new();
    private IEnumerator<long>? indices;
    private LoaderThreads<T, S>? workers;
    private PendingBatch<T, S>? current;

    public Epoch(DataLoader<T, S> loader)
    {
        this.loader = loader;
        Reset();
    }

    public S Current => current is null ? default! : current.Result;

    object? IEnumerator.Current => Current;

    public bool MoveNext()
    {
        LeaveCurrent();
        FillWindow();
        if (!window.TryPeek(out var oldest))
        {
            Stop();
            return false;
        }
        if (workers is null) oldest.FetchAll();
        else oldest.Wait();
        current = window.Dequeue();
        if (workers is not null) FillWindow();
        current.ThrowIfFailed();
        return true;
    }

    public void Reset()
    {
        Stop();
        indices = loader.sampler.GetEnumerator();
    }

    public void Dispose() => Stop();

    private void FillWindow()
    {
        int room = Math.Max(2 * loader.threads, 1) - window.Count;
        for (; room > 0 && Next() is { } batch; room--)
        {
            window.Enqueue(batch);
            if (loader.threads > 0) (workers ??= new(loader.threads)).Add(batch);
        }
    }

    private PendingBatch<T, S>? Next()
    {
        if (indices is null) return null;
        var chosen = new List<long>(loader.batch_size);
        try
        {
            while (chosen.Count < loader.batch_size && indices.MoveNext()) chosen.Add(indices.Current);
        }
        catch (Exception error)
        {
            // The reader is owed the batches before it.
            EndSampler();
            return new(error);
        }
        if (chosen.Count < loader.batch_size) EndSampler();
        return chosen.Count == 0 || (loader.drop_last && chosen.Count < loader.batch_size) ? null : new(loader, [.. chosen]);
    }

    private void EndSampler()
    {
        indices?.Dispose();
        indices = null;
    }

    private void LeaveCurrent()
    {
        if (loader.DisposeBatch) current?.DisposeCollated();
        current = null;
    }

    private void Stop()
    {
        LeaveCurrent();
        EndSampler();
        workers?.Dispose();
        workers = null;
        while (window.TryDequeue(out var unread)) unread.Discard();
    }
}
