using System.Diagnostics;
using TimeSformer.Torch;

namespace TimeSformer.Kernels;

/// <summary>
/// Threads that help the caller with work of fifty microseconds and more. .NET's pool takes longer than that to wake a thread, and hands
/// the work to the caller meanwhile; here, threads look for the next work for a moment before they sleep.
/// </summary>
internal static class ThreadTeam
{
    private static readonly long patience = Stopwatch.Frequency / 20_000; // 50 µs
    private static readonly SemaphoreSlim wake = new(0);
    private static readonly Lock running = new();
    private static int members, sleeping;
    private static volatile Job? current;

    /// <summary>Runs parts 0 to `parts` - 1, on the caller and on whichever of threads - 1 helpers are awake in time.</summary>
    /// <remarks>Where another thread uses the helpers just then, the caller does all by itself.</remarks>
    public static void Run(int threads, int parts, Action<int> part)
    {
        if (threads == 1 || parts <= 1 || !running.TryEnter())
        {
            for (int k = 0; k < parts; k++) part(k);
            return;
        }
        try
        {
            for (; members < threads - 1; members++) new Thread(Help) { IsBackground = true, Name = "kernels" }.Start();
            var job = new Job(part, parts, threads - 1);
            current = job;
            int asleep = Volatile.Read(ref sleeping);
            if (asleep > 0) wake.Release(Math.Min(asleep, threads - 1));
            job.Work();
            job.Wait();
        }
        finally
        {
            running.Exit();
        }
    }

    private static void Help()
    {
        // Each thread has its own setting, and denormal numbers would make it slow.
        Libtorch.set_flush_denormal(true);
        Job? done = null;
        while (true)
        {
            long start = Stopwatch.GetTimestamp();
            while (current == done && Stopwatch.GetTimestamp() - start < patience) Thread.SpinWait(20);
            if (current == done)
            {
                Interlocked.Increment(ref sleeping);
                if (current == done) wake.Wait();
                Interlocked.Decrement(ref sleeping);
            }
            done = current;
            done?.Help();
        }
    }

    private sealed class Job(Action<int> part, int parts, int helpers)
    {
        private int joined, next, completed;

        // There may be more threads than are wanted now.
        public void Help()
        {
            if (Interlocked.Increment(ref joined) <= helpers) Work();
        }

        public void Work()
        {
            for (int k = Interlocked.Increment(ref next) - 1; k < parts; k = Interlocked.Increment(ref next) - 1)
            {
                part(k);
                Interlocked.Increment(ref completed);
            }
        }

        // Until the others have finished what they took.
        public void Wait()
        {
            for (int turn = 0; Volatile.Read(ref completed) < parts; turn++)
            {
                if (turn < 1000) Thread.SpinWait(20);
                else Thread.Yield();
            }
        }
    }
}
