using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace TimeSformer.Distributed;

/// <summary>
/// The processes that <c>mpirun</c> or <c>srun --mpi=pmix</c> started together, by the names of PyTorch's torch.distributed. All must call
/// the same operations in the same order. MPI is called on one thread of the group's own, so that data move while others compute.
/// </summary>
public sealed partial class ProcessGroup
{
    // While nothing moves, what is added is taken at once, and beats are late by no more than this.
    private const int IdleMilliseconds = 200;
    private const int PauseMicroseconds = 50, BusyMicroseconds = 10;

    private readonly BlockingCollection<Operation> queue = [];
    private readonly Action<string> onLost;
    private readonly Thread thread;
    private readonly TaskCompletionSource joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string[] members = [];

    private ProcessGroup(Action<string> onLost)
    {
        this.onLost = onLost;
        thread = new(Communicate) { IsBackground = true, Name = "MPI" };
        thread.Start();
        joined.Task.GetAwaiter().GetResult();
        members = [.. AllGather(Encoding.UTF8.GetBytes($"on {Host}, process {Environment.ProcessId}")).Select(Encoding.UTF8.GetString)];
    }

    /// <summary>This process's number, from 0.</summary>
    public int Rank { get; private set; }

    /// <summary>The number of processes: PyTorch's world size.</summary>
    public int Size { get; private set; }

    /// <summary>This process's machine.</summary>
    public string Host { get; private set; } = "";

    /// <summary>The time in which data moved so far, whether others computed meanwhile or not.</summary>
    public TimeSpan Moving { get; private set; }

    /// <summary>Joins the processes that were started together; null if this one was started alone. Call it once in a process.</summary>
    /// <param name="onLost">
    /// Called with a sentence, on another thread, when a process has died or cannot be reached. All processes then end, with status 1.
    /// </param>
    /// <exception cref="InputException">Open MPI is not installed, or cannot be initialized.</exception>
    public static ProcessGroup? Join(Action<string> onLost)
    {
        bool started = int.TryParse(Environment.GetEnvironmentVariable("OMPI_COMM_WORLD_SIZE"), out int size)
            ? size > 1
            : Environment.GetEnvironmentVariable("PMIX_RANK") is not null;
        if (!started) return null;
        var group = new ProcessGroup(onLost);
        if (group.Size > 1) return group;
        group.Leave();
        return null;
    }

    /// <summary>Adds up a tensor over all processes, in place.</summary>
    /// <param name="tensor">float32 or float64, contiguous, on the CPU; the same shape everywhere. In use until the task is done.</param>
    /// <returns>Ends when the sum is there.</returns>
    /// <exception cref="ArgumentException">The tensor is of another kind.</exception>
    public Task all_reduce(Tensor tensor)
    {
        var (address, count, type) = (AddressOf(tensor), checked((int)tensor.numel()), Mpi.Element(tensor.dtype));
        return Add(new((out nint request) =>
            Mpi.MPI_Iallreduce(Mpi.InPlace, address, count, type, Mpi.Sum, Mpi.World, out request)));
    }

    /// <summary>Copies a tensor of one process to all.</summary>
    /// <param name="tensor">Contiguous, on the CPU; the same shape and type everywhere. In use until the task is done.</param>
    /// <param name="source">The process's rank.</param>
    /// <returns>Ends when the tensor is there.</returns>
    public Task broadcast(Tensor tensor, int source = 0)
    {
        var (address, bytes) = (AddressOf(tensor), checked((int)(tensor.numel() * tensor.ElementSize)));
        return Add(new((out nint request) => Mpi.MPI_Ibcast(address, bytes, Mpi.Bytes, source, Mpi.World, out request)));
    }

    /// <summary>Waits until all processes are here.</summary>
    public void barrier()
    {
        using var nothing = zeros(1);
        all_reduce(nothing).GetAwaiter().GetResult();
    }

    /// <summary>What each process gives, by rank.</summary>
    public IReadOnlyList<byte[]> AllGather(byte[] own)
    {
        using var lengths = zeros(Size, ScalarType.Float64);
        lengths[Rank] = (double)own.Length;
        all_reduce(lengths).GetAwaiter().GetResult();
        var all = new byte[Size][];
        for (int rank = 0; rank < Size; rank++)
        {
            all[rank] = rank == Rank ? own : new byte[(int)lengths[rank].item<double>()];
            if (all[rank].Length == 0) continue;
            using var data = tensor(all[rank], ScalarType.Byte);
            broadcast(data, rank).GetAwaiter().GetResult();
            if (rank != Rank) all[rank] = data.data<byte>().ToArray();
        }
        return all;
    }

    /// <summary>What rank 0 says, for all.</summary>
    public bool Agree(bool own) => AllGather([own ? (byte)1 : (byte)0])[0][0] == 1;

    /// <summary>
    /// Ends this process's part when all have come here. A process that ends without it ends the others: its launcher sees to that.
    /// </summary>
    public void Leave()
    {
        barrier();
        queue.CompleteAdding();
        thread.Join();
    }

    private static nint AddressOf(Tensor tensor) => tensor.device_type is DeviceType.CPU && tensor.is_contiguous()
        ? THSTensor_data(tensor.Handle)
        : throw new ArgumentException($"what processes exchange is contiguous and on the CPU; this tensor is on {tensor.device}");

    private Task Add(Operation operation)
    {
        queue.Add(operation);
        return operation.Done;
    }

    // The thread that calls MPI.
    private void Communicate()
    {
        try
        {
            (Rank, Size, Host) = Mpi.Init();
            joined.SetResult();
        }
        catch (Exception error)
        {
            joined.SetException(error);
            return;
        }
        try
        {
            using var heartbeats = new Heartbeats(Rank, Size);
            Work(heartbeats);
            Mpi.Check(Mpi.MPI_Finalize(), "end");
        }
        catch (Exception error)
        {
            End(error.Message);
        }
    }

    private void Work(Heartbeats heartbeats)
    {
        var moving = new List<Operation>();
        var watch = new Stopwatch();
        while (!queue.IsCompleted || moving.Count > 0)
        {
            if (queue.TryTake(out var next, moving.Count > 0 ? 0 : IdleMilliseconds))
            {
                watch.Start();
                next.Start();
                moving.Add(next);
            }
            if (heartbeats.Beat() is [_, ..] lost)
            {
                var names = string.Join(" and ", lost.Select(rank => $"process {rank} ({members.ElementAtOrDefault(rank) ?? "unknown"})"));
                End($"{names} has died or cannot be reached: nothing was heard for {Heartbeats.Patience} s");
            }
            if (moving.Count == 0) continue;
            long before = Stopwatch.GetTimestamp();
            int done = moving.RemoveAll(operation => operation.Test());
            if (moving.Count == 0)
            {
                watch.Stop();
                Moving = watch.Elapsed;
            }
            // A call that moved data is followed by another at once; else the cores are left to those who compute.
            if (done == 0 && Stopwatch.GetElapsedTime(before).TotalMicroseconds < BusyMicroseconds) _ = usleep(PauseMicroseconds);
        }
    }

    // Operations under way would never end, and what waits for them neither.
    private void End(string why)
    {
        onLost(why);
        _ = Mpi.MPI_Abort(Mpi.World, status: 1);
        _exit(1);
    }

    [LibraryImport("LibTorchSharp")]
    private static partial nint THSTensor_data(nint handle);

    [LibraryImport("libc")]
    private static partial int usleep(uint microseconds);

    [LibraryImport("libc")]
    private static partial void _exit(int status);

    private delegate int Begin(out nint request);

    private sealed class Operation(Begin begin)
    {
        private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private nint request;

        public Task Done => done.Task;

        public void Start() => Mpi.Check(begin(out request), "start to move data");

        public bool Test()
        {
            Mpi.Check(Mpi.MPI_Test(ref request, out int completed, 0), "move data");
            if (completed == 0) return false;
            done.SetResult();
            return true;
        }
    }
}
