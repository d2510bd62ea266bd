using System.Runtime.InteropServices;
using TimeSformer.Torch;
using static TorchSharp.torch;

namespace TimeSformer.Kernels;

/// <summary>What the functions with a backward pass of their own share.</summary>
internal static unsafe partial class KernelFunctions
{
    private const string SpentKey = "spent";
    private const string SecondPass =
        "a second backward pass through one graph: these kernels free it in the first, even with retain_graph; compute the forward pass "
        + "again, or within CpuKernels.Off()";

    // What the last backward pass on this thread returned. By the next one, libtorch has taken it over.
    [ThreadStatic]
    private static Tensor? handedOver;

    /// <summary>The elements of a contiguous tensor on its device; null for none.</summary>
    public static void* Elements(Tensor? x) => x is null ? null : (void*)THSTensor_data(x.Handle);

    /// <summary>float32 elements.</summary>
    public static float* Floats(Tensor? x) => (float*)Elements(x);

    /// <summary>
    /// Adds a gradient to a parameter's, if it is trained. libtorch would copy each gradient that a backward pass returns, as our code
    /// still holds the tensor.
    /// </summary>
    public static void Accumulate(Tensor parameter, Func<Tensor> gradient)
    {
        if (!parameter.requires_grad) return;
        using var computed = gradient();
        using var converted = computed.dtype == parameter.dtype ? computed.alias() : computed.to_type(parameter.dtype);
        using var existing = parameter.grad;
        if (existing is null) parameter.grad = converted.view(parameter.shape);
        else existing.add_(converted.view(parameter.shape), Arithmetic.One);
    }

    /// <summary>Frees what the last backward pass on this thread returned.</summary>
    public static void Release()
    {
        handedOver?.Dispose();
        handedOver = null;
    }

    /// <summary>Begins a backward pass: what the forward pass saved. Frees what the last backward pass on this thread returned.</summary>
    public static List<Tensor> Begin(autograd.AutogradContext context)
    {
        Release();
        // An exception here would end the process, without a word.
        if (context.get_data(SpentKey) is not null) Environment.FailFast(SecondPass);
        return context.get_saved_variables();
    }

    /// <summary>
    /// Ends a backward pass: frees what it needed, unless it records a graph itself, and returns the gradient of the first of so many
    /// inputs. The others, parameters and constants, have none: see <see cref="Accumulate"/>.
    /// </summary>
    public static List<Tensor> End(autograd.AutogradContext context, Tensor upper, Tensor gradient, int inputs)
    {
        upper.Dispose();
        if (!is_grad_enabled())
        {
            context.save_data(SpentKey, true);
            context.Dispose();
        }
        handedOver = gradient.DetachFromDisposeScope();
        return [handedOver, .. Enumerable.Repeat<Tensor>(null!, inputs - 1)];
    }

    [LibraryImport("LibTorchSharp")]
    private static partial nint THSTensor_data(nint handle);
}
