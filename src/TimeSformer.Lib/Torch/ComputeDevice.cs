using System.Text.RegularExpressions;
using static TorchSharp.torch;

namespace TimeSformer.Torch;

/// <summary>Devices by name.</summary>
internal static partial class ComputeDevice
{
    /// <summary>The device called cpu, cuda or cuda:N.</summary>
    /// <exception cref="InputException">The name is not a device's, or the device is not available.</exception>
    public static Device Named(string name)
    {
        if (!Form().IsMatch(name)) throw new InputException($"unknown device '{name}'; the devices are cpu, cuda and cuda:N");
        var device = new Device(name);
        return TryInitializeDeviceType(device.type) && device.index < Math.Max(1, cuda.device_count())
            ? device
            : throw new InputException(
                $"the device '{name}' is not available: libtorch {__version__} was built without it, or no such device responds");
    }

    // TorchSharp accepts other numbers and names too, on which libtorch ends the process.
    [GeneratedRegex("^(cpu|cuda(:[0-9]{1,3})?)$")]
    private static partial Regex Form();
}
