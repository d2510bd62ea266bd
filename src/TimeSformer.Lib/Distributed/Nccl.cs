using System.Runtime.InteropServices;
using TimeSformer.Kernels.Cuda;
using static TorchSharp.torch;

namespace TimeSformer.Distributed;

/// <summary>
/// Sums tensors of GPUs by NVIDIA's NCCL (<c>libnccl.so.2</c>, which comes with PyTorch's CUDA builds), on a stream of its own beside
/// libtorch's.
/// </summary>
internal sealed unsafe partial class Nccl : IDisposable
{
    private const string Library = "libnccl.so.2", Driver = "libcuda.so.1";
    private const int Float32 = 7, Sum = 0, NonBlocking = 1, WithoutTiming = 2, UniqueIdBytes = 128;

    private readonly int device;
    private readonly nint communicator, stream, computed, summed; // the last two are events

    /// <summary>Connects a process with the others; all call it at the same time.</summary>
    /// <param name="rank">The process's number.</param>
    /// <param name="size">The number of processes.</param>
    /// <param name="id">Rank 0's <see cref="NewId"/>.</param>
    /// <param name="device">The GPU's number.</param>
    /// <exception cref="InputException">A library is missing, the processes cannot be connected, or a sum is wrong.</exception>
    public Nccl(int rank, int size, byte[] id, int device)
    {
        this.device = device;
        CudaDriver.Guarded(() => CudaDriver.CurrentStream(device));
        UniqueId given;
        id.CopyTo(new Span<byte>(&given, UniqueIdBytes));
        Check(ncclCommInitRank(out communicator, size, given, rank), nameof(ncclCommInitRank));
        CudaDriver.Check(cuStreamCreate(out stream, NonBlocking), nameof(cuStreamCreate));
        CudaDriver.Check(cuEventCreate(out computed, WithoutTiming), nameof(cuEventCreate));
        CudaDriver.Check(cuEventCreate(out summed, WithoutTiming), nameof(cuEventCreate));
        using var ones = TorchSharp.torch.ones(1000, device: new Device(TorchSharp.DeviceType.CUDA, device));
        all_reduce(ones);
        Wait();
        if (ones.ne(size).any().item<bool>()) throw new InputException("NCCL adds up wrongly here");
    }

    /// <summary>What connects processes.</summary>
    /// <exception cref="InputException">NCCL is missing.</exception>
    public static byte[] NewId() => CudaDriver.Guarded(() =>
    {
        UniqueId id;
        Check(ncclGetUniqueId(&id), nameof(ncclGetUniqueId));
        return new Span<byte>(&id, UniqueIdBytes).ToArray();
    });

    /// <summary>Connects a group's processes; null, with the cause, if one of them lacks NCCL or a GPU of its own.</summary>
    public static Nccl? Join(ProcessGroup world, int device, out string? cause)
    {
        byte[] id = [];
        cause = null;
        try
        {
            id = NewId();
        }
        catch (InputException error)
        {
            cause = error.Message;
        }
        var ids = world.AllGather(id);
        if (ids.Any(one => one.Length == 0))
        {
            cause ??= "another process lacks NCCL";
            return null;
        }
        var gpus = world.AllGather(CudaDriver.Uuid(device)).Select(Convert.ToHexString).ToList();
        if (gpus.Distinct().Count() < gpus.Count)
        {
            cause = "processes share a GPU";
            return null;
        }
        return new(world.Rank, world.Size, ids[0], device);
    }

    /// <summary>Adds up a tensor over all processes, in place, after what is queued on libtorch's stream.</summary>
    /// <param name="x">float32, contiguous, on the GPU.</param>
    public void all_reduce(Tensor x)
    {
        CudaDriver.Check(cuEventRecord(computed, CudaDriver.CurrentStream(device)), nameof(cuEventRecord));
        CudaDriver.Check(cuStreamWaitEvent(stream, computed, 0), nameof(cuStreamWaitEvent));
        nint data = (nint)Kernels.KernelFunctions.Elements(x);
        Check(ncclAllReduce(data, data, (nuint)x.numel(), Float32, Sum, communicator, stream), nameof(ncclAllReduce));
    }

    /// <summary>What is queued on libtorch's stream from here on comes after all sums.</summary>
    public void Wait()
    {
        CudaDriver.Check(cuEventRecord(summed, stream), nameof(cuEventRecord));
        CudaDriver.Check(cuStreamWaitEvent(CudaDriver.CurrentStream(device), summed, 0), nameof(cuStreamWaitEvent));
    }

    public void Dispose()
    {
        _ = ncclCommDestroy(communicator);
        _ = cuEventDestroy_v2(computed);
        _ = cuEventDestroy_v2(summed);
        _ = cuStreamDestroy_v2(stream);
    }

    private static void Check(int status, string function)
    {
        if (status != 0) throw new InputException($"{function} failed: {Marshal.PtrToStringUTF8(ncclGetErrorString(status))}");
    }

    private struct UniqueId
    {
#pragma warning disable CS0169, IDE0044, IDE0051 // only its size counts
        private fixed byte bytes[UniqueIdBytes];
#pragma warning restore CS0169, IDE0044, IDE0051
    }

    [LibraryImport(Library)]
    private static partial int ncclGetUniqueId(UniqueId* id);

    [LibraryImport(Library)]
    private static partial int ncclCommInitRank(out nint communicator, int size, UniqueId id, int rank);

    [LibraryImport(Library)]
    private static partial int ncclAllReduce(
        nint from, nint into, nuint count, int type, int operation, nint communicator, nint stream);

    [LibraryImport(Library)]
    private static partial int ncclCommDestroy(nint communicator);

    [LibraryImport(Library)]
    private static partial nint ncclGetErrorString(int status);

    [LibraryImport(Driver)]
    private static partial int cuStreamCreate(out nint stream, uint flags);

    [LibraryImport(Driver)]
    private static partial int cuEventCreate(out nint @event, uint flags);

    [LibraryImport(Driver)]
    private static partial int cuEventRecord(nint @event, nint stream);

    [LibraryImport(Driver)]
    private static partial int cuStreamDestroy_v2(nint stream);

    [LibraryImport(Driver)]
    private static partial int cuEventDestroy_v2(nint @event);

    [LibraryImport(Driver)]
    private static partial int cuStreamWaitEvent(nint stream, nint @event, uint flags);
}
