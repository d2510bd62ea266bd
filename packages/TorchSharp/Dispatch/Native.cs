using System;
using System.IO;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp.Dispatch;

/// <summary>The shim's C functions (native/*.cpp). Those that return a status are wrapped in <see cref="Check"/>.</summary>
internal static unsafe partial class Native
{
    private const string Library = "torch_dispatch";

    static Native()
    {
        NativeLibrary.SetDllImportResolver(typeof(Native).Assembly, Resolve);
        // Debian's libtorch starts with one thread; others use all cores unless told otherwise, and so does this.
        if (Environment.GetEnvironmentVariable("OMP_NUM_THREADS") is null or "") Check(td_set_num_threads(Environment.ProcessorCount));
    }

    /// <summary>Throws libtorch's message as the exception type that TorchSharp uses.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check(int status)
    {
        if (status != 0) Throw();
    }

    private static void Throw() => throw new ExternalException(Marshal.PtrToStringUTF8(td_last_error()));

    /// <summary>
    /// TORCHSHARP_NATIVE (a folder) wins over the assembly's own folder. OpenMP reads OMP_WAIT_POLICY when it is loaded, and
    /// spinning OpenMP threads fight OpenBLAS's for the cores; .NET's own environment does not reach getenv, hence setenv.
    /// </summary>
    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library) return 0;
        _ = setenv("OMP_WAIT_POLICY", "PASSIVE", 0);
        var folder = Environment.GetEnvironmentVariable("TORCHSHARP_NATIVE") ?? AppContext.BaseDirectory;
        foreach (var candidate in new[] { folder, Path.GetDirectoryName(assembly.Location) ?? folder })
        {
            var file = Path.Combine(candidate, $"lib{Library}.so");
            if (!File.Exists(file)) continue;
            try
            {
                return NativeLibrary.Load(file);
            }
            catch (DllNotFoundException error)
            {
                throw new DllNotFoundException($"{file} could not be loaded: is the libtorch it was built against still there? {error.Message}", error);
            }
        }
        throw new DllNotFoundException($"lib{Library}.so is not in {folder}; building packages/TorchSharp puts it there");
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);

    [LibraryImport(Library)] public static partial nint td_last_error();
    [LibraryImport(Library)] public static partial nint td_version();
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int td_find(string name, string overload, nint* found);
    [LibraryImport(Library)] public static partial int td_schema(nint op, byte* text, int capacity);
    [LibraryImport(Library)]
    public static partial int td_call(nint op, NativeValue* arguments, int argumentCount, NativeValue* results, int* resultCount);
    [LibraryImport(Library)] public static partial void td_free_list(nint* handles);

    [LibraryImport(Library)] public static partial void td_release(nint tensor);
    [LibraryImport(Library)] public static partial nint td_alias(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] public static partial long td_dim(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] public static partial long td_numel(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] public static partial int td_scalar_type(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] public static partial long td_element_size(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] public static partial int td_layout(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] public static partial void td_sizes(nint tensor, long* sizes);
    [LibraryImport(Library)] public static partial int td_strides(nint tensor, long* strides);
    [LibraryImport(Library), SuppressGCTransition] public static partial void td_device(nint tensor, int* type, int* index);
    [LibraryImport(Library), SuppressGCTransition] public static partial int td_is_contiguous(nint tensor);
    [LibraryImport(Library)] public static partial int td_data_ptr(nint tensor, void** data);
    [LibraryImport(Library), SuppressGCTransition] public static partial long td_storage_offset(nint tensor);
    [LibraryImport(Library)] public static partial int td_storage_ptr(nint tensor, void** data, long* bytes);
    [LibraryImport(Library)]
    public static partial int td_from_blob(
        void* data, long* sizes, int dim, int scalarType, delegate* unmanaged<nint, void> free, nint context, nint* result);

    [LibraryImport(Library), SuppressGCTransition] public static partial int td_requires_grad(nint tensor);
    [LibraryImport(Library)] public static partial int td_set_requires_grad(nint tensor, int requiresGrad);
    [LibraryImport(Library)] public static partial int td_is_leaf(nint tensor);
    [LibraryImport(Library)] public static partial int td_retain_grad(nint tensor);
    [LibraryImport(Library)] public static partial int td_get_grad(nint tensor, nint* grad);
    [LibraryImport(Library)] public static partial int td_set_grad(nint tensor, nint grad);
    [LibraryImport(Library)]
    public static partial int td_backward(
        nint* tensors, int tensorCount, nint* grads, int gradCount, int retainGraph, int createGraph, nint* inputs, int inputCount);
    [LibraryImport(Library)]
    public static partial int td_grad(
        nint* outputs, int outputCount, nint* inputs, int inputCount, nint* gradOutputs, int gradOutputCount,
        int retainGraph, int createGraph, int allowUnused, nint* result);
    [LibraryImport(Library), SuppressGCTransition] public static partial int td_grad_mode();
    [LibraryImport(Library), SuppressGCTransition] public static partial void td_set_grad_mode(int enabled);
    [LibraryImport(Library), SuppressGCTransition] public static partial int td_inference_mode();
    [LibraryImport(Library)] public static partial nint td_enter_inference_mode(int enabled);
    [LibraryImport(Library)] public static partial void td_leave_inference_mode(nint guard);

    [LibraryImport(Library)] public static partial int td_get_num_threads();
    [LibraryImport(Library)] public static partial int td_get_num_interop_threads();
    [LibraryImport(Library)] public static partial int td_set_num_threads(int threads);
    [LibraryImport(Library)] public static partial int td_set_num_interop_threads(int threads);
    [LibraryImport(Library)] public static partial int td_manual_seed(long seed);
    [LibraryImport(Library)] public static partial int td_default_generator(int type, int index, nint* result);
    [LibraryImport(Library)] public static partial int td_new_generator(int type, int index, nint* result);
    [LibraryImport(Library)] public static partial void td_free_generator(nint generator);
    [LibraryImport(Library)] public static partial int td_generator_set_seed(nint generator, long seed);
    [LibraryImport(Library)] public static partial long td_generator_initial_seed(nint generator);
    [LibraryImport(Library)] public static partial int td_generator_random_seed(nint generator, long* seed);
    [LibraryImport(Library)] public static partial int td_generator_get_state(nint generator, nint* state);
    [LibraryImport(Library)] public static partial int td_generator_set_state(nint generator, nint state);
    [LibraryImport(Library)] public static partial int td_cuda_available();
    [LibraryImport(Library)] public static partial int td_cudnn_available();
    [LibraryImport(Library)] public static partial int td_cuda_device_count(int* count);
    [LibraryImport(Library)] public static partial int td_cuda_synchronize(long index);
    [LibraryImport(Library)] public static partial int td_cuda_manual_seed_all(long seed);
    [LibraryImport(Library)] public static partial int td_allow_tf32_matmul(int value);
    [LibraryImport(Library)] public static partial int td_allow_tf32_cudnn(int value);
}
