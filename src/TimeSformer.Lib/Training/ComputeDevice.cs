using System.Text.RegularExpressions;
using static TorchSharp.torch;

namespace TimeSformer.Training;

/// <summary>The device that a name stands for.</summary>
internal static partial class ComputeDevice
{
    /// <summary>cpu, cuda or cuda:N.</summary>
    /// <exception cref="InputException">The name is no device, or the device is not there.</exception>
    public static Device Named(string name)
    {
        if (!Form().IsMatch(name)) throw new InputException($"'{name}' is no device; there are cpu, cuda and cuda:N");
        var device = new Device(name);
        return TryInitializeDeviceType(device.type) && device.index < Math.Max(1, cuda.device_count())
            ? device
            : throw new InputException($"the device '{name}' is not available: libtorch {__version__} was built without it, or no such device answers");
    }

    // TorchSharp takes other numbers and names too, on which libtorch ends the process.
    [GeneratedRegex("^(cpu|cuda(:[0-9]{1,3})?)$")]
    private static partial Regex Form();
}
