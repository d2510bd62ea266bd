using System;
using System.Collections.Generic;
using TorchSharp.Dispatch;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Where a tensor lives: a device type and, for accelerators, an index (-1: the current one).</summary>
    public class Device
    {
        private static readonly Dictionary<string, DeviceType> types = new(StringComparer.OrdinalIgnoreCase)
        {
            ["cpu"] = DeviceType.CPU,
            ["cuda"] = DeviceType.CUDA,
            ["mps"] = DeviceType.MPS,
            ["meta"] = DeviceType.META,
        };

        public Device(string description)
        {
            ArgumentNullException.ThrowIfNull(description);
            var parts = description.Split(':');
            if (parts.Length > 2 || !types.TryGetValue(parts[0], out var parsed))
            {
                throw new ArgumentException($"'{description}' is no device; expected cpu, cuda, cuda:N, mps or meta", nameof(description));
            }
            int parsedIndex = -1;
            if (parts.Length == 2 && !(int.TryParse(parts[1], out parsedIndex) && parsedIndex >= 0))
            {
                throw new ArgumentException($"'{parts[1]}' in '{description}' is no device index", nameof(description));
            }
            (type, index) = (parsed, parsedIndex);
        }

        public Device(string deviceType, int index = -1)
            : this(deviceType) => this.index = index;

        public Device(DeviceType deviceType, int index = -1) => (type, this.index) = (deviceType, index);

        public Device(int index)
            : this(DeviceType.CUDA, index)
        {
        }

        public DeviceType type { get; } = DeviceType.CPU;

        public int index { get; } = -1;

        public static implicit operator Device(string description) => new(description);

        public override string ToString() => type.ToString().ToLowerInvariant() + (index >= 0 ? $":{index}" : "");

        public override bool Equals(object? obj) => obj is Device other && other.type == type && other.index == index;

        public override int GetHashCode() => HashCode.Combine(type, index);
    }

    public static readonly Device CPU = new(DeviceType.CPU);
    public static readonly Device META = new(DeviceType.META);

    public static Device CUDA => TryInitializeDeviceType(DeviceType.CUDA) ? new(DeviceType.CUDA, 0) : throw NoCuda();

    public static Device device(string description) => new(description);

    public static Device device(string deviceType, int index = -1) => new(deviceType, index);

    public static Device device(DeviceType deviceType, int index = -1) => new(deviceType, index);

    public static Device device(int index) => new(index);

    public static bool cuda_is_available() => cuda.is_available();

    public static bool TryInitializeDeviceType(DeviceType deviceType) => deviceType switch
    {
        DeviceType.CPU or DeviceType.META => true,
        DeviceType.CUDA => cuda.is_available(),
        _ => false,
    };

    public static void InitializeDeviceType(DeviceType deviceType)
    {
        if (!TryInitializeDeviceType(deviceType)) throw deviceType is DeviceType.CUDA ? NoCuda() : new NotSupportedException($"device type {deviceType}");
    }

    private static InvalidOperationException NoCuda() =>
        new($"CUDA is not available: libtorch {__version__} was built without it, or no device answers");

    public static Device InitializeDevice(Device? device)
    {
        device ??= get_default_device();
        InitializeDeviceType(device.type);
        return device;
    }

    private static Device defaultDevice = new(DeviceType.CPU);

    public static Device get_default_device() => defaultDevice;

    public static void set_default_device(Device device) => defaultDevice = InitializeDevice(device);

    public static void set_default_device(string device) => set_default_device(new Device(device));

    public static class cuda
    {
        private static readonly Lazy<bool> available = new(() => Native.td_cuda_available() != 0);

        public static bool is_available() => available.Value;

        public static bool is_cudnn_available() => Native.td_cudnn_available() != 0;

        public static unsafe int device_count()
        {
            int count;
            Native.Check(Native.td_cuda_device_count(&count));
            return count;
        }

        public static void manual_seed(long seed) => Native.Check(Native.td_cuda_manual_seed_all(seed));

        public static void manual_seed_all(long seed) => Native.Check(Native.td_cuda_manual_seed_all(seed));

        public static void synchronize(Device? device = null) => Native.Check(Native.td_cuda_synchronize(device?.index ?? -1));
    }

    public static class backends
    {
        public static class cuda
        {
            public static class matmul
            {
                public static bool allow_tf32
                {
                    get => Native.td_allow_tf32_matmul(-1) != 0;
                    set => _ = Native.td_allow_tf32_matmul(value ? 1 : 0);
                }
            }
        }

        public static class cudnn
        {
            public static bool allow_tf32
            {
                get => Native.td_allow_tf32_cudnn(-1) != 0;
                set => _ = Native.td_allow_tf32_cudnn(value ? 1 : 0);
            }
        }
    }
}
