using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TimeSformer.Torch;

/// <summary>Measures the memory of tensors on any device, as libtorch's allocators report it to PyTorch's profiler.</summary>
/// <remarks>
/// TorchSharp has no function for this. The meter passes libtorch (2.10 and 2.11, on Linux and macOS) an object with the layout of a
/// <c>c10::MemoryReportingInfoBase</c> whose virtual functions are implemented here.
/// </remarks>
public static unsafe partial class MemoryMeter
{
    private const byte ProfilerState = 2; // c10::DebugInfoKind::PROFILER_STATE

    private static readonly Lock measuring = new();
    private static readonly nint reporter = Reporter();
    private static long current, peak;

    /// <summary>
    /// Runs the work on this thread and returns the peak memory of its tensors in bytes, beyond the memory in use before. Allocations on
    /// other threads count only if they belong to this thread's backward pass.
    /// </summary>
    /// <exception cref="InputException">This libtorch lacks the functions by which memory is reported.</exception>
    public static long Peak(Action work)
    {
        NativeLibraries.LoadTorch();
        lock (measuring)
        {
            current = peak = 0;
            try
            {
                // A non-owning std::shared_ptr: the object without a reference count.
                push(ProfilerState, [reporter, 0]);
            }
            catch (EntryPointNotFoundException error)
            {
                throw new InputException($"this libtorch has no memory reporting function with the expected name ({error.Message})", error);
            }
            try
            {
                work();
            }
            finally
            {
                force([0, 0]);
            }
            return peak;
        }
    }

    // A pointer to its virtual functions: two destructors, reportMemoryUsage, reportOutOfMemory, memoryProfilingEnabled.
    private static nint Reporter()
    {
        var memory = (nint*)RuntimeHelpers.AllocateTypeAssociatedMemory(typeof(MemoryMeter), 6 * sizeof(nint));
        memory[0] = (nint)(memory + 1);
        memory[1] = memory[2] = (nint)(delegate* unmanaged<nint, void>)&Destroy;
        memory[3] = (nint)(delegate* unmanaged<nint, nint, long, nuint, nuint, ushort, void>)&MemoryUsed;
        memory[4] = (nint)(delegate* unmanaged<nint, long, nuint, nuint, ushort, void>)&OutOfMemory;
        memory[5] = (nint)(delegate* unmanaged<nint, byte>)&IsEnabled;
        return (nint)memory;
    }

    [UnmanagedCallersOnly]
    private static void Destroy(nint self)
    {
    }

    [UnmanagedCallersOnly]
    private static void MemoryUsed(nint self, nint block, long bytes, nuint allocated, nuint reserved, ushort device)
    {
        long now = Interlocked.Add(ref current, bytes);
        for (long max = Volatile.Read(ref peak); now > max;)
        {
            long seen = Interlocked.CompareExchange(ref peak, now, max);
            max = seen == max ? now : seen;
        }
    }

    [UnmanagedCallersOnly]
    private static void OutOfMemory(nint self, long bytes, nuint allocated, nuint reserved, ushort device)
    {
    }

    [UnmanagedCallersOnly]
    private static byte IsEnabled(nint self) => 1;

    // c10::ThreadLocalDebugInfo::_push(c10::DebugInfoKind, std::shared_ptr<c10::DebugInfoBase>); a shared_ptr is passed by address.
    [LibraryImport("c10", EntryPoint = "_ZN3c1020ThreadLocalDebugInfo5_pushENS_13DebugInfoKindESt10shared_ptrINS_13DebugInfoBaseEE")]
    private static partial void push(byte kind, nint[] shared);

    [LibraryImport("c10", EntryPoint = "_ZN3c1020ThreadLocalDebugInfo22_forceCurrentDebugInfoESt10shared_ptrIS0_E")]
    private static partial void force(nint[] shared);
}
