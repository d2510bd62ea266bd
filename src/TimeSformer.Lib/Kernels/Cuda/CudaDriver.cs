using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using TimeSformer.Torch;

namespace TimeSformer.Kernels.Cuda;

/// <summary>The C functions that compile, load and launch kernels: NVRTC's, the driver's, and one of libtorch's for its stream.</summary>
internal static unsafe partial class CudaDriver
{
    private const string Driver = "libcuda.so.1";
    private const int MajorCapability = 75, MinorCapability = 76; // CUdevice_attribute

    private static readonly Lazy<nint> nvrtc = new(FindNvrtc);
    private static readonly ConcurrentDictionary<int, nint> contexts = new();

    /// <summary>Compiles a source for a device and loads it into the device's context, for the rest of the process.</summary>
    /// <param name="source">CUDA C++ without includes.</param>
    /// <param name="definitions">Macros, NAME=VALUE.</param>
    /// <param name="device">Its number.</param>
    /// <returns>The module, for <see cref="Function"/>.</returns>
    /// <exception cref="InputException">A library is missing, or refuses the source; the message has its first error.</exception>
    public static nint Load(string source, IEnumerable<string> definitions, int device) => Guarded(() =>
    {
        UseContext(device);
        Check(cuDeviceGet(out int handle, device), nameof(cuDeviceGet));
        Check(cuDeviceGetAttribute(out int major, MajorCapability, handle), nameof(cuDeviceGetAttribute));
        Check(cuDeviceGetAttribute(out int minor, MinorCapability, handle), nameof(cuDeviceGetAttribute));
        fixed (byte* code = Compile(source, [$"--gpu-architecture=sm_{major}{minor}", .. definitions.Select(text => $"-D{text}")]))
        {
            Check(cuModuleLoadData(out nint module, code), nameof(cuModuleLoadData));
            return module;
        }
    });

    /// <summary>A kernel of a module, by its name.</summary>
    /// <exception cref="InputException">The module has none of that name.</exception>
    public static nint Function(nint module, string name)
    {
        Check(cuModuleGetFunction(out nint function, module, name), $"{nameof(cuModuleGetFunction)} {name}");
        return function;
    }

    /// <summary>Queues a kernel on libtorch's current stream of this thread.</summary>
    /// <param name="arguments">Each of eight bytes: an address or an integer.</param>
    /// <exception cref="InputException">The driver refuses.</exception>
    public static void Launch(nint function, int device, (uint X, uint Y) blocks, uint threads, ReadOnlySpan<long> arguments)
    {
        nint stream = CurrentStream(device);
        var addresses = stackalloc nint[arguments.Length];
        fixed (long* values = arguments)
        {
            for (int k = 0; k < arguments.Length; k++) addresses[k] = (nint)(values + k);
            Check(cuLaunchKernel(function, blocks.X, blocks.Y, 1, threads, 1, 1, 0, stream, addresses, 0), nameof(cuLaunchKernel));
        }
    }

    /// <summary>libtorch's current stream of this thread, on which it queues what it computes on a device.</summary>
    public static nint CurrentStream(int device)
    {
        UseContext(device);
        Check(aoti_torch_get_current_cuda_stream(device, out nint stream), nameof(aoti_torch_get_current_cuda_stream));
        return stream;
    }

    /// <summary>The 16 bytes that tell a GPU from all others, whatever numbers processes give it.</summary>
    public static byte[] Uuid(int device)
    {
        Check(cuDeviceGet(out int handle, device), nameof(cuDeviceGet));
        var bytes = new byte[16];
        fixed (byte* to = bytes) Check(cuDeviceGetUuid_v2(to, handle), nameof(cuDeviceGetUuid_v2));
        return bytes;
    }

    private static byte[] Compile(string source, string[] options)
    {
        string[] all = [.. options, "--std=c++17"];
        var texts = Array.ConvertAll(all, Marshal.StringToCoTaskMemUTF8);
        var create = (delegate* unmanaged<nint*, byte*, byte*, int, void*, void*, int>)Nvrtc("nvrtcCreateProgram");
        var compile = (delegate* unmanaged<nint, int, nint*, int>)Nvrtc("nvrtcCompileProgram");
        var destroy = (delegate* unmanaged<nint*, int>)Nvrtc("nvrtcDestroyProgram");
        nint program;
        fixed (byte* text = Encoding.UTF8.GetBytes(source + '\0')) Check(create(&program, text, null, 0, null, null), "nvrtcCreateProgram");
        try
        {
            int status;
            fixed (nint* pointers = texts) status = compile(program, texts.Length, pointers);
            if (status == 0) return Read(program, "nvrtcGetCUBIN");
            var log = Encoding.UTF8.GetString(Read(program, "nvrtcGetProgramLog")).Trim('\0', '\n');
            throw new InputException($"NVRTC refuses a kernel: {Array.Find(log.Split('\n'), line => line.Contains("error")) ?? log}");
        }
        finally
        {
            _ = destroy(&program);
            foreach (var text in texts) Marshal.FreeCoTaskMem(text);
        }
    }

    private static byte[] Read(nint program, string name)
    {
        var size = (delegate* unmanaged<nint, nuint*, int>)Nvrtc(name + "Size");
        var read = (delegate* unmanaged<nint, byte*, int>)Nvrtc(name);
        nuint length;
        Check(size(program, &length), name);
        var bytes = new byte[length];
        fixed (byte* to = bytes) Check(read(program, to), name);
        return bytes;
    }

    private static nint Nvrtc(string name) => NativeLibrary.GetExport(nvrtc.Value, name);

    // libtorch's own library is linked against the NVRTC that came with it.
    private static nint FindNvrtc()
    {
        string?[] candidates =
            [NativeLibraries.TorchLibrary("caffe2_nvrtc"), "libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so"];
        foreach (var name in candidates)
        {
            if (name is not null && NativeLibrary.TryLoad(name, out nint handle)
                && NativeLibrary.TryGetExport(handle, "nvrtcGetCUBIN", out _)) return handle;
        }
        throw new InputException("NVRTC is neither beside libtorch (libcaffe2_nvrtc.so) nor installed (libnvrtc.so)");
    }

    // libtorch may not have used the device on this thread yet, or another one last; it sets the context it needs before each operation.
    private static void UseContext(int device)
    {
        nint context = contexts.GetOrAdd(device, number =>
        {
            Check(cuDeviceGet(out int handle, number), nameof(cuDeviceGet));
            Check(cuDevicePrimaryCtxRetain(out nint primary, handle), nameof(cuDevicePrimaryCtxRetain));
            return primary;
        });
        Check(cuCtxGetCurrent(out nint current), nameof(cuCtxGetCurrent));
        if (current != context) Check(cuCtxSetCurrent(context), nameof(cuCtxSetCurrent));
    }

    /// <summary>Throws if a function failed.</summary>
    /// <exception cref="InputException">It did.</exception>
    public static void Check(int status, string function)
    {
        if (status != 0) throw new InputException($"the CUDA function {function} failed with status {status}");
    }

    /// <summary>Calls functions of libraries that may be missing.</summary>
    /// <exception cref="InputException">One is.</exception>
    public static T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            throw new InputException($"a library of CUDA is missing: {error.Message}", error);
        }
    }

    [LibraryImport("torch_cuda")]
    private static partial int aoti_torch_get_current_cuda_stream(int device, out nint stream);

    [LibraryImport(Driver)]
    private static partial int cuDeviceGet(out int handle, int device);

    [LibraryImport(Driver)]
    private static partial int cuDeviceGetUuid_v2(byte* uuid, int handle);

    [LibraryImport(Driver)]
    private static partial int cuDeviceGetAttribute(out int value, int attribute, int handle);

    [LibraryImport(Driver)]
    private static partial int cuDevicePrimaryCtxRetain(out nint context, int handle);

    [LibraryImport(Driver)]
    private static partial int cuCtxGetCurrent(out nint context);

    [LibraryImport(Driver)]
    private static partial int cuCtxSetCurrent(nint context);

    [LibraryImport(Driver)]
    private static partial int cuModuleLoadData(out nint module, byte* image);

    [LibraryImport(Driver, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int cuModuleGetFunction(out nint function, nint module, string name);

    [LibraryImport(Driver)]
    private static partial int cuLaunchKernel(
        nint function, uint blocksX, uint blocksY, uint blocksZ, uint threadsX, uint threadsY, uint threadsZ, uint sharedBytes,
        nint stream, nint* parameters, nint extra);
}
