using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace TimeSformer.Torch;

/// <summary>Functions of libtorch that TorchSharp lacks, by PyTorch's names; called by mangled C++ names (Linux, macOS).</summary>
internal static partial class Libtorch
{
    private const string Library = "torch_cpu";

    /// <summary>Whether to flush denormal numbers to zero, on this thread and those started later; false if not supported.</summary>
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

    public static void set_autocast_enabled(DeviceType device, bool enabled) => Call(() => setAutocastEnabled((sbyte)device, enabled));
    public static void set_autocast_dtype(DeviceType device, ScalarType type) => Call(() => setAutocastDtype((sbyte)device, (sbyte)type));
    public static ScalarType get_autocast_dtype(DeviceType device) => Call(() => (ScalarType)getAutocastDtype((sbyte)device));
    public static bool is_autocast_enabled(DeviceType device) => Call(() => isAutocastEnabled((sbyte)device));

    public static void autocast_increment_nesting() => Call(incrementNesting);

    /// <summary>The number of autocasts still open on this thread.</summary>
    public static int autocast_decrement_nesting() => Call(decrementNesting);

    /// <summary>Drops this thread's cast weights.</summary>
    public static void clear_autocast_cache() => Call(clearCache);

    /// <summary>Whether attention may be one operation of a kind other than flash, for which TorchSharp has no function.</summary>
    /// <exception cref="InputException">This libtorch lacks the functions for it.</exception>
    public static void set_other_fused_attention(bool mode)
    {
        try
        {
            setSDPUseMemEfficient(globalContext(), mode);
            setSDPUseCuDNN(globalContext(), mode);
        }
        catch (EntryPointNotFoundException error)
        {
            throw new InputException($"this libtorch cannot do without fused attention ({error.Message})", error);
        }
    }

    private static void Call(Action call) => Call(() =>
    {
        call();
        return true;
    });

    private static T Call<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (EntryPointNotFoundException error)
        {
            throw new InputException($"this libtorch lacks autocast ({error.Message}); take training.precision: float32", error);
        }
    }

    [LibraryImport(Library, EntryPoint = "_ZN2at13globalContextEv")]
    private static partial nint globalContext();

    [LibraryImport(Library, EntryPoint = "_ZN2at7Context16setFlushDenormalEb")]
    [return: MarshalAs(UnmanagedType.U1)]
    private static partial bool setFlushDenormal(nint context, [MarshalAs(UnmanagedType.U1)] bool mode);

    [LibraryImport(Library, EntryPoint = "_ZN2at7Context21setSDPUseMemEfficientEb")]
    private static partial void setSDPUseMemEfficient(nint context, [MarshalAs(UnmanagedType.U1)] bool mode);

    [LibraryImport(Library, EntryPoint = "_ZN2at7Context14setSDPUseCuDNNEb")]
    private static partial void setSDPUseCuDNN(nint context, [MarshalAs(UnmanagedType.U1)] bool mode);

    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast20set_autocast_enabledEN3c1010DeviceTypeEb")]
    private static partial void setAutocastEnabled(sbyte device, [MarshalAs(UnmanagedType.U1)] bool enabled);

    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast18set_autocast_dtypeEN3c1010DeviceTypeENS1_10ScalarTypeE")]
    private static partial void setAutocastDtype(sbyte device, sbyte type);

    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast18get_autocast_dtypeEN3c1010DeviceTypeE")]
    private static partial sbyte getAutocastDtype(sbyte device);

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
