using static TorchSharp.torch;

namespace TimeSformer.Training;

/// <summary>The device that a name stands for.</summary>
internal static class ComputeDevice
{
    /// <summary>cpu, cuda or cuda:N.</summary>
    /// <exception cref="ArgumentException">The name is no device, or the device is not there.</exception>
    public static Device Named(string name)
    {
        var device = new Device(name);
        return TryInitializeDeviceType(device.type)
            ? device
            : throw new ArgumentException($"the device '{name}' is not available: libtorch {__version__} was built without it, or no such device answers");
    }
}
