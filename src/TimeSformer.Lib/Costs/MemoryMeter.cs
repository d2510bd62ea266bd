using System.Runtime.InteropServices;

namespace TimeSformer.Costs;

/// <summary>Bytes that tensors took during some work, above what was there before it.</summary>
/// <param name="Peak">The most at any time.</param>
/// <param name="Kept">What the work left behind.</param>
public sealed record MemoryUse(long Peak, long Kept);

/// <summary>
/// Measures the memory of tensors, on any device, as libtorch's allocators report it. TorchSharp has no such call: this one asks the shim
/// under packages/TorchSharp directly.
/// </summary>
public static partial class MemoryMeter
{
    private const string Library = "torch_dispatch";

    /// <summary>Runs the work on this thread and returns what its tensors took; those that other threads make are counted only if libtorch's backward pass made them.</summary>
    /// <exception cref="NotSupportedException">The published TorchSharp package is in use, which cannot tell.</exception>
    public static MemoryUse Measure(Action work)
    {
        try
        {
            Check(td_memory_begin());
        }
        catch (DllNotFoundException error)
        {
            throw new NotSupportedException($"memory is measured with packages/TorchSharp only: {error.Message}", error);
        }
        long peak = 0, kept = 0;
        try
        {
            work();
        }
        finally
        {
            Check(td_memory_end(ref peak, ref kept));
        }
        return new(peak, kept);
    }

    private static void Check(int status)
    {
        if (status != 0) throw new InvalidOperationException("libtorch could not begin or end a measurement of memory");
    }

    [LibraryImport(Library)]
    private static partial int td_memory_begin();

    [LibraryImport(Library)]
    private static partial int td_memory_end(ref long peak, ref long current);
}
