using System;
using System.Linq;
using System.Runtime.ExceptionServices;
using System.Threading;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// A batch on its way from indices to collated tensors. Several threads may fetch its items; the one that fetches the last collates. If items
/// fail, the first of them in the batch's order counts, whatever the order in which they were tried.
/// </summary>
internal sealed class PendingBatch<T, S>
{
    private readonly DataLoader<T, S>? loader;
    private readonly long[] indices = [];
    private readonly ManualResetEventSlim done;
    private readonly Lock failing = new();
    private T[] items = [];
    private Tensor[][] made = [];
    private Tensor[] collated = [];
    private ExceptionDispatchInfo? error;
    private int firstFailure = int.MaxValue;
    private int missing;
    private bool isItem;
    private S? result;

    public PendingBatch(DataLoader<T, S> loader, long[] indices)
    {
        (this.loader, this.indices, items, made, missing) = (loader, indices, new T[indices.Length], new Tensor[indices.Length][], indices.Length);
        done = new(false);
    }

    /// <summary>A batch that failed before its indices were known.</summary>
    public PendingBatch(Exception error)
    {
        this.error = ExceptionDispatchInfo.Capture(error);
        done = new(true);
    }

    public int Size => indices.Length;

    public S Result => result!;

    public void FetchAll()
    {
        for (int k = 0; k < Size; k++) Fetch(k);
    }

    public void Fetch(int item)
    {
        if (item < Volatile.Read(ref firstFailure))
        {
            try
            {
                (items[item], made[item]) = Record(() => loader!.dataset.GetTensor(indices[item]));
            }
            catch (Exception exception)
            {
                Fail(item, exception);
            }
        }
        if (Interlocked.Decrement(ref missing) == 0) Collate();
    }

    public void Wait() => done.Wait();

    public void ThrowIfFailed() => error?.Throw();

    /// <summary>Disposes what the collation made: the tensors in its scope, and a batch that can itself be disposed, unless it is one of the items.</summary>
    public void DisposeCollated()
    {
        foreach (var tensor in collated) tensor.Dispose();
        if (!isItem) (result as IDisposable)?.Dispose();
    }

    /// <summary>Disposes a batch that no reader will see; no thread may be at work on it.</summary>
    public void Discard()
    {
        DisposeItems();
        DisposeCollated();
    }

    private void Collate()
    {
        try
        {
            if (error is not null) return;
            (result, collated) = Record(() => loader!.collate_fn(items, loader.Device));
            isItem = Array.Exists(items, item => ReferenceEquals(item, result));
        }
        catch (Exception exception)
        {
            Fail(0, exception);
        }
        finally
        {
            DisposeItems();
            done.Set();
        }
    }

    private void Fail(int item, Exception exception)
    {
        lock (failing)
        {
            if (item >= firstFailure) return;
            (firstFailure, error) = (item, ExceptionDispatchInfo.Capture(exception));
        }
    }

    private void DisposeItems()
    {
        foreach (var tensor in made.SelectMany(tensors => tensors ?? [])) tensor.Dispose();
        (items, made) = ([], []); // a lazy collation may still hold the items
    }

    /// <summary>Runs `work` without gradients, which each thread has on at first, and takes the tensors that it made, if it did not detach them itself.</summary>
    private static (R, Tensor[]) Record<R>(Func<R> work)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var result = work();
        Tensor[] tensors = [.. scope.DisposablesView.Cast<Tensor>()];
        foreach (var tensor in tensors) tensor.DetachFromDisposeScope();
        return (result, tensors);
    }
}
