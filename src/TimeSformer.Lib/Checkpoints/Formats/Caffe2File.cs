using static TorchSharp.torch;

namespace TimeSformer.Checkpoints.Formats;

/// <summary>An array in a pickle: at byte `Start` of the file, or in `Own`; `ColumnMajor` if the first index varies fastest.</summary>
internal sealed record PickledEntry(ScalarType DType, IReadOnlyList<long> Shape, int Start, byte[]? Own, bool ColumnMajor)
    : TensorEntry(DType, Shape);

/// <summary>
/// A pickle of Caffe2's weights (.pkl), open for reading, as PySlowFast's and Detectron's model zoos have them: a dictionary whose
/// <c>blobs</c> are NumPy arrays by name. The pickle is read as data (<see cref="Unpickler"/>), never run.
/// </summary>
public sealed class Caffe2File : TensorFile
{
    private const string Blobs = "blobs";
    private const int MaxBytes = 1 << 30;

    private readonly FileBytes bytes;
    private readonly OrderedDictionary<string, TensorEntry> entries = [];
    private readonly List<string> passedOver = [];

    private Caffe2File(string path, FileBytes bytes) : base(path, bytes) => this.bytes = bytes;

    /// <summary>The arrays by Caffe2's names, among them those of its solver.</summary>
    public override IReadOnlyDictionary<string, TensorEntry> Entries => entries;

    /// <inheritdoc/>
    public override IReadOnlyList<string> PassedOver => passedOver;

    // Protocols 2 to 5, which begin with their number.
    internal static bool IsPickle(ReadOnlySpan<byte> head) => head is [0x80, >= 2 and <= 5, ..];

    /// <summary>Opens a file and checks its whole structure.</summary>
    /// <exception cref="CheckpointException">
    /// The file is damaged, has no blobs, or its pickle asks for more than data; the message names it.
    /// </exception>
    public static new Caffe2File Open(string path) => FileBytes.Open(path, least: 2, "pickle").OrDispose(bytes =>
    {
        var file = new Caffe2File(path, bytes);
        try
        {
            file.ReadStructure();
        }
        catch (InvalidDataException error)
        {
            throw new CheckpointException(path, error.Message, error);
        }
        return file;
    });

    private protected override Tensor Read(TensorEntry entry)
    {
        var array = (PickledEntry)entry;
        return Fill([.. array.Shape], array.DType, array.ColumnMajor, (target, offset) =>
        {
            if (array.Own is { } own) own.AsSpan((int)offset, target.Length).CopyTo(target);
            else bytes.Read(target, array.Start + offset);
        });
    }

    private void ReadStructure()
    {
        if (bytes.Length > MaxBytes) throw Bad($"a pickle of {bytes.Length} bytes, more than the {MaxBytes} allowed");
        var pickle = new byte[bytes.Length];
        bytes.Read(pickle, 0);
        if (!IsPickle(pickle)) throw Bad($"not a pickle: it begins with {Convert.ToHexString(pickle.AsSpan(0, 2))}");
        if (new Unpickler(pickle, withArrays: true).Load() is not OrderedDictionary<string, object?> root
            || root.GetValueOrDefault(Blobs) is not OrderedDictionary<string, object?> blobs)
        {
            throw Bad($"a pickle, but not of Caffe2's weights: it has no dictionary '{Blobs}'; save a PyTorch model with torch.save");
        }
        long total = 0;
        foreach (var (name, value) in blobs)
        {
            if (value is PickleArray { Shape: { } shape } array)
            {
                entries.Add(name, new PickledEntry(array.DType, shape, array.Range.Start, array.Own, array.IsColumnMajor));
                total += array.Own?.Length ?? array.Range.Length;
            }
            else if (value is PickleOpaque or PickleGlobal) passedOver.Add($"{Blobs}.{name} ({TypeOf(value)})".Shorten());
        }
        // The same bytes under many names would make a small file large.
        if (total > bytes.Length) throw Bad($"its blobs have {total} bytes, the file {bytes.Length}");
    }

    private static string TypeOf(object value) => value is PickleOpaque opaque ? opaque.Type : ((PickleGlobal)value).Name;

    private static InvalidDataException Bad(string cause) => new(cause);
}
