using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TimeSformer.Kernels;

/// <summary>Divides work among as many threads as libtorch uses, and gives each of them memory.</summary>
internal static unsafe class Parallelism
{
    /// <summary>For kernels: compiled with all optimizations at once, not after many calls.</summary>
    public const MethodImplOptions AtOnce = MethodImplOptions.AggressiveOptimization;

    private const int Alignment = 64;

    public delegate void Part(long first, long end, int thread);

    public delegate void PartWithMemory(long first, long end, float* memory);

    /// <summary>The threads that <see cref="Run(long, Part)"/> uses.</summary>
    public static int Threads => get_num_threads();

    /// <summary>Runs `part` on ranges of 0 to `count` of about equal length, one a thread.</summary>
    public static void Run(long count, Part part)
    {
        int threads = (int)Math.Min(Threads, count);
        if (threads <= 1) part(0, count, 0);
        else Parallel.For(0, threads, k => part(k * count / threads, (k + 1) * count / threads, k));
    }

    /// <summary>As <see cref="Run(long, Part)"/>, each thread with aligned memory for the given number of floats.</summary>
    public static void Run(long count, long floats, PartWithMemory part) => Run(count, (first, end, _) =>
    {
        var memory = (float*)NativeMemory.AlignedAlloc((nuint)(floats * sizeof(float)), Alignment);
        try
        {
            part(first, end, memory);
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    });
}
