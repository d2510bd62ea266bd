using System.IO.Compression;
using TimeSformer.Checkpoints.Pickle;
using static TorchSharp.torch;

namespace TimeSformer.Checkpoints;

/// <summary>Writes files that torch.load reads, in the zip format; <see cref="TorchFile"/> reads them too.</summary>
public static class TorchWriter
{
    private const string Folder = "archive";

    // Equal content makes equal files.
    private static readonly DateTimeOffset epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// Writes a dictionary of values: null, bool, long, double, string, tuples (object?[]), lists, dictionaries with text keys, and tensors,
    /// each of which gets a storage of its own. The file appears under its name only when it is whole; an earlier one stays until then.
    /// </summary>
    /// <exception cref="ArgumentException">It holds something else, or a tensor of a type that PyTorch has no storage for.</exception>
    /// <exception cref="IOException">The file could not be written.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, object?> root)
    {
        List<Tensor> storages = [];
        var pickle = Pickler.Write(Stored(root, storages));
        var partial = $"{path}.{Guid.NewGuid():N}.partial";
        try
        {
            using (var stream = new FileStream(partial, FileMode.CreateNew))
            {
                using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
                {
                    Add(zip, "data.pkl", target => target.Write(pickle));
                    Add(zip, "byteorder", target => target.Write("little"u8));
                    for (int i = 0; i < storages.Count; i++) Add(zip, $"data/{i}", target => SafeTensors.WriteData(target, storages[i]));
                    Add(zip, "version", target => target.Write("3\n"u8));
                }
                stream.Flush(flushToDisk: true);
            }
            File.Move(partial, path, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    // The same values with tensors in place of what is stored for them.
    private static object? Stored(object? value, List<Tensor> storages)
    {
        switch (value)
        {
            case Tensor tensor:
                storages.Add(tensor);
                var (shape, strides) = (tensor.shape, new long[tensor.shape.Length]);
                for (long axis = shape.Length - 1, step = 1; axis >= 0; step *= Math.Max(shape[axis], 1), axis--) strides[axis] = step;
                return new StoredTensor(new TorchStorage($"{storages.Count - 1}", tensor.dtype, tensor.numel()), 0, shape, strides);
            case object?[] tuple: return Array.ConvertAll(tuple, item => Stored(item, storages));
            case IEnumerable<KeyValuePair<string, object?>> dictionary: return dictionary.Select(item => KeyValuePair.Create(item.Key, Stored(item.Value, storages))).ToList();
            case IEnumerable<object?> list: return list.Select(item => Stored(item, storages)).ToList();
            default: return value;
        }
    }

    private static void Add(ZipArchive zip, string name, Action<Stream> write)
    {
        var entry = zip.CreateEntry($"{Folder}/{name}", CompressionLevel.NoCompression);
        entry.LastWriteTime = epoch;
        using var stream = entry.Open();
        write(stream);
    }
}
