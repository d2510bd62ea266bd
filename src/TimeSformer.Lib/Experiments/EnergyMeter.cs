using System.Globalization;
using System.Runtime.InteropServices;

namespace TimeSformer.Experiments;

/// <summary>
/// The energy that processor packages (Linux's powercap, RAPL) and NVIDIA GPUs (NVML) have used since the meter was made. Many machines
/// tell it to administrators only, virtual ones to nobody.
/// </summary>
internal sealed partial class EnergyMeter
{
    private const string PowerCap = "/sys/class/powercap";

    private readonly List<Package> packages = [];
    private readonly List<(IntPtr Handle, ulong Start)> gpus = [];

    public EnergyMeter()
    {
        string[] folders = Directory.Exists(PowerCap) ? Directory.GetDirectories(PowerCap, "intel-rapl:?") : [];
        foreach (var folder in folders)
        {
            if (Read(Path.Combine(folder, "energy_uj")) is not { } start) continue;
            packages.Add(new(Path.Combine(folder, "energy_uj"), Read(Path.Combine(folder, "max_energy_range_uj")) ?? 0) { Last = start });
        }
        try
        {
            if (nvmlInit_v2() is not 0 || nvmlDeviceGetCount_v2(out uint count) is not 0) return;
            for (uint index = 0; index < count; index++)
            {
                if (nvmlDeviceGetHandleByIndex_v2(index, out var handle) is not 0) continue;
                if (nvmlDeviceGetTotalEnergyConsumption(handle, out ulong start) is 0) gpus.Add((handle, start));
            }
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            // no NVIDIA driver
        }
    }

    /// <summary>Joules so far; null where the machine does not tell.</summary>
    public double? Joules
    {
        get
        {
            if (packages.Count + gpus.Count == 0) return null;
            double joules = packages.Sum(package => package.Joules());
            foreach (var (handle, start) in gpus)
            {
                if (nvmlDeviceGetTotalEnergyConsumption(handle, out ulong now) is 0) joules += 1e-3 * (now - start);
            }
            return joules;
        }
    }

    private static long? Read(string path)
    {
        try
        {
            return long.Parse(File.ReadAllText(path), CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }

    // A counter of microjoules that starts again at its range, which takes minutes.
    private sealed class Package(string path, long range)
    {
        private double microjoules;

        public long Last { get; set; }

        public double Joules()
        {
            if (Read(path) is { } now)
            {
                microjoules += now >= Last ? now - Last : now - Last + range;
                Last = now;
            }
            return 1e-6 * microjoules;
        }
    }

    [LibraryImport("libnvidia-ml.so.1")]
    private static partial int nvmlInit_v2();

    [LibraryImport("libnvidia-ml.so.1")]
    private static partial int nvmlDeviceGetCount_v2(out uint count);

    [LibraryImport("libnvidia-ml.so.1")]
    private static partial int nvmlDeviceGetHandleByIndex_v2(uint index, out IntPtr device);

    [LibraryImport("libnvidia-ml.so.1")]
    private static partial int nvmlDeviceGetTotalEnergyConsumption(IntPtr device, out ulong millijoules);
}
