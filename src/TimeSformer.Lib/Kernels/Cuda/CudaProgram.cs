using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TimeSformer.Kernels.Cuda;

/// <summary>The kernels of one source file, compiled for given types and sizes on a device when they are first asked for.</summary>
internal sealed class CudaProgram
{
    private static readonly ConcurrentDictionary<string, Lazy<CudaProgram>> programs = new();

    private readonly ConcurrentDictionary<string, nint> functions = new();
    private readonly nint module;
    private readonly int device;

    private CudaProgram(string file, string[] definitions, int device)
    {
        this.device = device;
        module = CudaDriver.Load(Source("types.cu") + Source(file), definitions, device);
    }

    /// <summary>The program; compiled once.</summary>
    /// <param name="file">residual.cu, gelu.cu or attention.cu.</param>
    /// <param name="device">Its number.</param>
    /// <param name="residual">The type of residual stream and weights, float32 or bfloat16.</param>
    /// <param name="stored">The type of what feeds matrix products.</param>
    /// <param name="definitions">The file's other macros, NAME=VALUE.</param>
    /// <exception cref="InputException">It cannot be compiled or loaded.</exception>
    public static CudaProgram Of(string file, int device, ScalarType residual, ScalarType stored, params string[] definitions)
    {
        static string NameOf(ScalarType type) => type is ScalarType.BFloat16 ? "bfloat16" : "float";
        string[] all = [$"RESIDUAL={NameOf(residual)}", $"STORED={NameOf(stored)}", .. definitions];
        return programs.GetOrAdd($"{file} {device} {string.Join(' ', all)}", _ => new(() => new(file, all, device))).Value;
    }

    /// <summary>Queues a kernel.</summary>
    /// <param name="arguments">Tensors, contiguous on the device, or null; and whole numbers.</param>
    public void Launch(string kernel, (long X, long Y) blocks, int threads, params ReadOnlySpan<CudaArgument> arguments)
    {
        nint function = functions.GetOrAdd(kernel, name => CudaDriver.Function(module, name));
        CudaDriver.Launch(
            function, device, ((uint)blocks.X, (uint)blocks.Y), (uint)threads, MemoryMarshal.Cast<CudaArgument, long>(arguments));
    }

    /// <summary>The text of a source file.</summary>
    internal static string Source(string file)
    {
        using var reader = new StreamReader(typeof(CudaProgram).Assembly.GetManifestResourceStream(file)!);
        return reader.ReadToEnd();
    }
}

/// <summary>An argument of a kernel: the address of a tensor's elements, 0 for null, or a number.</summary>
internal readonly unsafe record struct CudaArgument(long Value)
{
    public static implicit operator CudaArgument(Tensor? x) => new((long)KernelFunctions.Elements(x));

    public static implicit operator CudaArgument(long number) => new(number);
}
