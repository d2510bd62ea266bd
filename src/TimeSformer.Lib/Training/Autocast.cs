using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TimeSformer.Training;

/// <summary>The type in which matrix products and convolutions are computed; weights, gradients and the optimiser's state are float32 in each.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "PyTorch's names of the types")]
public enum Precision
{
    /// <summary>All of it in single precision.</summary>
    Float32,

    /// <summary>8 bits of precision over float32's range: about twice as fast on processors that have it.</summary>
    Bfloat16,

    /// <summary>11 bits of precision over a short range, which needs a scaled loss (<see cref="LossScale"/>); on CUDA only.</summary>
    Float16,
}

/// <summary>
/// A stretch of one thread's work in which libtorch casts where that is safe: automatic mixed precision. The forward pass and the loss belong in it, the
/// backward pass does not. TorchSharp has no such call: this one asks the shim under packages/TorchSharp directly.
/// </summary>
public sealed partial class Autocast : IDisposable
{
    private const string Library = "torch_dispatch";

    private nint scope;

    private Autocast(nint scope) => this.scope = scope;

    /// <summary>Begins a stretch on this thread, where it must be disposed; null for float32, which needs none.</summary>
    /// <exception cref="RecipeException">float16 on the CPU.</exception>
    /// <exception cref="NotSupportedException">The published TorchSharp package is in use, which cannot cast.</exception>
    public static Autocast? Begin(Precision precision, Device device)
    {
        if (precision is Precision.Float32) return null;
        if (precision is Precision.Float16 && device.type is TorchSharp.DeviceType.CPU) throw new RecipeException("training.precision is float16, which needs a CUDA device; on the cpu take bfloat16 or float32");
        try
        {
            Check(td_autocast_begin((int)device.type, (int)(precision is Precision.Float16 ? ScalarType.Float16 : ScalarType.BFloat16), out nint scope));
            return new(scope);
        }
        catch (DllNotFoundException error)
        {
            throw new NotSupportedException($"training.precision other than float32 works with packages/TorchSharp only: {error.Message}", error);
        }
    }

    /// <summary>Ends the stretch; the casts that were in force before it are again.</summary>
    public void Dispose()
    {
        if (scope == 0) return;
        Check(td_autocast_end(scope));
        scope = 0;
    }

    private static void Check(int status)
    {
        if (status != 0) throw new InvalidOperationException("libtorch could not begin or end autocast");
    }

    [LibraryImport(Library)]
    private static partial int td_autocast_begin(int device, int type, out nint scope);

    [LibraryImport(Library)]
    private static partial int td_autocast_end(nint scope);
}
