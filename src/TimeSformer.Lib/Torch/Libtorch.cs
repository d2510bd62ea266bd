using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace TimeSformer.Torch;

/// <summary>
/// Functions of libtorch that TorchSharp lacks, with PyTorch's names. They are C++ functions with plain arguments, called by their mangled
/// names (Itanium ABI: Linux and macOS).
/// </summary>
internal static partial class Libtorch
{
    private const string Library = "torch_cpu";

    /// <summary>
    /// <c>torch.set_flush_denormal</c>: whether to flush denormal numbers to zero, on this thread and those that libtorch starts later.
    /// </summary>
    /// <returns>False if the processor or system does not support it.</returns>
    public static bool set_flush_denormal(bool mode)
    {
        try
        {
            return setFlushDenormal(globalContext(), mode);
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

    /// <summary><c>torch.set_autocast_enabled</c>, for this thread.</summary>
    public static void set_autocast_enabled(DeviceType device, bool enabled) => Call(() => setAutocastEnabled((sbyte)device, enabled));

    /// <summary><c>torch.set_autocast_dtype</c>, for this thread.</summary>
    public static void set_autocast_dtype(DeviceType device, ScalarType type) => Call(() => setAutocastDtype((sbyte)device, (sbyte)type));

    /// <summary><c>torch.is_autocast_enabled</c>, on this thread.</summary>
    public static bool is_autocast_enabled(DeviceType device)
    {
        bool enabled = false;
        Call(() => enabled = isAutocastEnabled((sbyte)device));
        return enabled;
    }

    /// <summary><c>torch.autocast_increment_nesting</c>.</summary>
    public static void autocast_increment_nesting() => Call(() => _ = incrementNesting());

    /// <summary><c>torch.autocast_decrement_nesting</c>: the number of autocasts still open on this thread.</summary>
    public static int autocast_decrement_nesting()
    {
        int open = 0;
        Call(() => open = decrementNesting());
        return open;
    }

    /// <summary><c>torch.clear_autocast_cache</c>: drops this thread's cast weights.</summary>
    public static void clear_autocast_cache() => Call(clearCache);

    private static void Call(Action call)
    {
        try
        {
            call();
        }
        catch (EntryPointNotFoundException error)
        {
            throw new InputException(
                $"this libtorch has no autocast function with the expected name ({error.Message}); take training.precision: float32",
                error);
        }
    }

    [LibraryImport(Library, EntryPoint = "_ZN2at13globalContextEv")]
    private static partial nint globalContext();

    [LibraryImport(Library, EntryPoint = "_ZN2at7Context16setFlushDenormalEb")]
    [return: MarshalAs(UnmanagedType.U1)]
    private static partial bool setFlushDenormal(nint context, [MarshalAs(UnmanagedType.U1)] bool mode);

    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast20set_autocast_enabledEN3c1010DeviceTypeEb")]
    private static partial void setAutocastEnabled(sbyte device, [MarshalAs(UnmanagedType.U1)] bool enabled);

    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast18set_autocast_dtypeEN3c1010DeviceTypeENS1_10ScalarTypeE")]
    private static partial void setAutocastDtype(sbyte device, sbyte type);

    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast19is_autocast_enabledEN3c1010DeviceTypeE")]
    [return: MarshalAs(UnmanagedType.U1)]
    private static partial bool isAutocastEnabled(sbyte device);

    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast17increment_nestingEv")]
    private static partial int incrementNesting();

    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast17decrement_nestingEv")]
    private static partial int decrementNesting();

    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast11clear_cacheEv")]
    private static partial void clearCache();
}
