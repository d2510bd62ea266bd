using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TimeSformer.Distributed;

/// <summary>
/// The functions of Open MPI (version 3 to 5, library <c>libmpi.so.40</c>) that data-parallel training needs. Its handles are addresses of
/// objects that the library exports; another MPI has other handles.
/// </summary>
internal static unsafe partial class Mpi
{
    private const string Library = "libmpi.so.40";
    private const int Funneled = 1, AnySource = -1, MaxProcessorName = 256;
    private static nint library;

    /// <summary>The place of data that is both sent and received.</summary>
    public static nint InPlace => 1;

    /// <summary>All processes.</summary>
    public static nint World { get; private set; }

    /// <summary>The sum.</summary>
    public static nint Sum { get; private set; }

    /// <summary>No element type of a reduction, but of data that is only moved.</summary>
    public static nint Bytes { get; private set; }

    /// <summary>
    /// Initializes MPI; the calling thread is then the only one that may call it. Functions return errors from here on, instead of ending
    /// the process.
    /// </summary>
    /// <exception cref="InputException">Open MPI is not installed, or cannot be initialized.</exception>
    public static (int Rank, int Size, string Host) Init()
    {
        if (!NativeLibrary.TryLoad(Library, out library))
        {
            throw new InputException(
                $"this process was started as one of several, but Open MPI ({Library}) cannot be loaded; install it "
                + "(Debian and Ubuntu: apt-get install openmpi-bin)");
        }
        (World, Sum, Bytes) = (Address("ompi_mpi_comm_world"), Address("ompi_mpi_op_sum"), Address("ompi_mpi_byte"));
        Check(MPI_Init_thread(null, null, Funneled, out _), "start");
        Check(MPI_Comm_set_errhandler(World, Address("ompi_mpi_errors_return")), "start");
        Check(MPI_Comm_rank(World, out int rank), "start");
        Check(MPI_Comm_size(World, out int size), "start");
        byte* name = stackalloc byte[MaxProcessorName];
        Check(MPI_Get_processor_name(name, out int length), "start");
        return (rank, size, new((sbyte*)name, 0, length));
    }

    /// <summary>The type of the elements that a reduction adds.</summary>
    /// <exception cref="ArgumentException">It adds neither float32 nor float64.</exception>
    public static nint Element(ScalarType type) => type switch
    {
        ScalarType.Float32 => Address("ompi_mpi_float"),
        ScalarType.Float64 => Address("ompi_mpi_double"),
        _ => throw new ArgumentException($"a reduction adds float32 or float64, not {type}"),
    };

    /// <summary>The rank of a process from which a message has come, or null.</summary>
    public static int? Probe(int tag)
    {
        Status status;
        Check(MPI_Iprobe(AnySource, tag, World, out int arrived, &status), "hear from the others");
        return arrived == 0 ? null : status.Source;
    }

    /// <summary>Throws if a function failed.</summary>
    /// <exception cref="IOException">It did.</exception>
    public static void Check(int error, string purpose)
    {
        if (error != 0) throw new IOException($"Open MPI could not {purpose} (error {error})");
    }

    private static nint Address(string name) => NativeLibrary.GetExport(library, name);

    [StructLayout(LayoutKind.Sequential)]
    private struct Status
    {
        public int Source, Tag, Error, Canceled;
        public nuint Count;
    }

    [LibraryImport(Library)]
    private static partial int MPI_Init_thread(int* argc, byte*** argv, int required, out int provided);

    [LibraryImport(Library)]
    private static partial int MPI_Comm_set_errhandler(nint communicator, nint handler);

    [LibraryImport(Library)]
    private static partial int MPI_Comm_rank(nint communicator, out int rank);

    [LibraryImport(Library)]
    private static partial int MPI_Comm_size(nint communicator, out int size);

    [LibraryImport(Library)]
    private static partial int MPI_Get_processor_name(byte* name, out int length);

    [LibraryImport(Library)]
    private static partial int MPI_Iprobe(int source, int tag, nint communicator, out int flag, Status* status);

    [LibraryImport(Library)]
    public static partial int MPI_Iallreduce(
        nint from, nint into, int count, nint type, nint operation, nint communicator, out nint request);

    [LibraryImport(Library)]
    public static partial int MPI_Ibcast(nint data, int count, nint type, int root, nint communicator, out nint request);

    [LibraryImport(Library)]
    public static partial int MPI_Isend(nint data, int count, nint type, int to, int tag, nint communicator, out nint request);

    [LibraryImport(Library)]
    public static partial int MPI_Recv(nint data, int count, nint type, int from, int tag, nint communicator, nint status);

    [LibraryImport(Library)]
    public static partial int MPI_Test(ref nint request, out int flag, nint status);

    [LibraryImport(Library)]
    public static partial int MPI_Finalize();

    [LibraryImport(Library)]
    public static partial int MPI_Abort(nint communicator, int status);
}
