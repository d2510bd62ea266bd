using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TimeSformer.Kernels;

/// <summary>Divides work among as many threads as libtorch uses, and gives each of them memory.</summary>
internal static unsafe class Parallelism
{
    /// <summary>For kernels: compiled with all optimizations at once, not after many calls.</summary>
    public const MethodImplOptions AtOnce = MethodImplOptions.AggressiveOptimization;

    private const int Alignment = 64, PartsPerThread = 4;

    [ThreadStatic]
    private static Scratch? scratch;

    public delegate void Part(long first, long end, int part);

    public delegate void PartWithMemory(long first, long end, float* memory);

    /// <summary>The threads that work together.</summary>
    public static int Threads => get_num_threads();

    /// <summary>The most parts into which work is divided; the same for the same number of threads, so that sums over parts are.</summary>
    public static int Parts => Threads == 1 ? 1 : PartsPerThread * Threads;

    /// <summary>Runs `part` on ranges of 0 to `count` of about equal length.</summary>
    public static void Run(long count, Part part)
    {
        int parts = (int)Math.Min(Parts, count);
        ThreadTeam.Run(Threads, parts, k => part(k * count / parts, (k + 1) * count / parts, k));
    }

    /// <summary>As <see cref="Run(long, Part)"/>, each thread with aligned memory for the given number of floats.</summary>
    public static void Run(long count, long floats, PartWithMemory part) =>
        Run(count, (first, end, _) => part(first, end, (scratch ??= new()).Of(floats)));

    // A thread's memory, kept for the next kernel.
    private sealed class Scratch
    {
        private nint memory;
        private long length;

        public float* Of(long floats)
        {
            if (floats > length)
            {
                NativeMemory.AlignedFree((void*)memory);
                (memory, length) = (0, 0);
                memory = (nint)NativeMemory.AlignedAlloc((nuint)(floats * sizeof(float)), Alignment);
                length = floats;
            }
            return (float*)memory;
        }

        ~Scratch() => NativeMemory.AlignedFree((void*)memory);
    }
}
