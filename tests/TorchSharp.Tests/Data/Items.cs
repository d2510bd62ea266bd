using System.Collections.Concurrent;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Data;

/// <summary>Numbers as items, and a record of who asked for them.</summary>
internal sealed class Items(long count, Func<long, long>? work = null) : utils.data.Dataset<long>
{
    public ConcurrentQueue<long> Asked { get; } = new();

    public ConcurrentDictionary<Thread, bool> Threads { get; } = new();

    public bool Disposed { get; private set; }

    public override long Count => count;

    public override long GetTensor(long index)
    {
        Threads[Thread.CurrentThread] = true;
        Asked.Enqueue(index);
        return work is null ? index : work(index);
    }

    public static long[] Batch(IEnumerable<long> items, Device device) => [.. items];

    protected override void Dispose(bool disposing)
    {
        Disposed = true;
        base.Dispose(disposing);
    }

    /// <summary>Goes through an epoch; the number of its batches.</summary>
    public static int Read<T>(IEnumerable<T> batches) => batches.Count();

    /// <summary>Waits until a condition that other threads bring about holds.</summary>
    public static void Eventually(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(20)));
}
