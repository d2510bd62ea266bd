using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace TimeSformer.Torch;

/// <summary>Measures how much memory some work takes at its peak, above what was in use before it.</summary>
/// <remarks>
/// On the CPU, the peak of the process's resident memory (Linux keeps it), while every block of 64 KiB or more goes back to the system as soon as it is
/// freed: what the program itself allocates meanwhile counts too, and so do the workspaces of the matrix products the first time that they are
/// needed. On CUDA, what the driver
/// has handed out: libtorch keeps freed memory, so only the first work of a process that needs so much is measured.
/// </remarks>
public static partial class MemoryMeter
{
    // glibc's M_MMAP_THRESHOLD and the most that it grows to by itself.
    private const int MmapThreshold = -3, LargestThreshold = 32 * 1024 * 1024;
    private const string Status = "/proc/self/status";

    /// <summary>Runs the work and returns the bytes that it took at its peak.</summary>
    /// <exception cref="NotSupportedException">On the CPU of a system other than Linux.</exception>
    public static long Peak(Device device, Action work)
    {
        if (device.type is DeviceType.CUDA)
        {
            long free = FreeOnDevice();
            work();
            cuda.synchronize(device);
            return free - FreeOnDevice();
        }
        if (!OperatingSystem.IsLinux()) throw new NotSupportedException("memory on the CPU is measured on Linux only");
        GC.Collect();
        GC.WaitForPendingFinalizers();
        _ = mallopt(MmapThreshold, 64 * 1024);
        try
        {
            _ = malloc_trim(0);
            File.WriteAllText("/proc/self/clear_refs", "5"); // the peak begins anew
            long before = Resident("VmRSS:");
            work();
            return Resident("VmHWM:") - before;
        }
        finally
        {
            _ = mallopt(MmapThreshold, LargestThreshold);
        }
    }

    private static long Resident(string field)
    {
        var line = File.ReadLines(Status).First(line => line.StartsWith(field, StringComparison.Ordinal));
        return 1024 * long.Parse(line[field.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }

    private static long FreeOnDevice() => cuMemGetInfo(out nuint free, out _) == 0
        ? (long)free
        : throw new InvalidOperationException("the CUDA driver does not say how much memory is free");

    [LibraryImport("libc")]
    private static partial int malloc_trim(nuint keep);

    [LibraryImport("libc")]
    private static partial int mallopt(int parameter, int value);

    [LibraryImport("cuda", EntryPoint = "cuMemGetInfo_v2")]
    private static partial int cuMemGetInfo(out nuint free, out nuint total);
}
