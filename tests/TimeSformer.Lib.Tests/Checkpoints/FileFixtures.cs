using System.IO.Compression;
using System.Text;

namespace TimeSformer.Tests.Checkpoints;

/// <summary>Checks that a checkpoint is refused.</summary>
internal static class Refusal
{
    public static void Contains(string said, Func<object?> action) =>
        Assert.Contains(said, Assert.Throws<CheckpointException>(action).Message, StringComparison.Ordinal);
}

/// <summary>Handmade PyTorch files, valid and damaged.</summary>
internal static class TorchFixture
{
    /// <summary>A storage of the numbers 0, 1, 2, ...</summary>
    public static TorchStorage Storage(string key, int elements) => new(key, ScalarType.Float32, elements);

    public static StoredTensor View(TorchStorage storage, long offset, long[] shape, long[] strides) =>
        new(storage, offset, shape, strides);

    /// <summary>A zip file around a pickle, with storages of the numbers 0, 1, 2, ...</summary>
    public static void WriteZip(string path, byte[] pickle, params TorchStorage[] storages)
    {
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        Add(zip, "name/data.pkl", pickle);
        foreach (var storage in storages) Add(zip, $"name/data/{storage.Key}", Numbers(storage));
        Add(zip, "name/version", "3\n"u8);
    }

    /// <summary>A file of the format before PyTorch 1.6.</summary>
    public static void WriteLegacy(string path, byte[] pickle, params TorchStorage[] storages)
    {
        using var file = File.Create(path);
        file.Write(TorchFile.LegacyMagic);
        file.Write(Pickler.Write(1001L));
        file.Write(Pickler.Write(new Dictionary<string, object?>
        {
            ["protocol_version"] = 1001L, ["little_endian"] = true, ["type_sizes"] = new Dictionary<string, object?> { ["int"] = 4L },
        }));
        file.Write(pickle);
        file.Write(Pickler.Write(storages.Select(storage => (object?)storage.Key).ToList()));
        foreach (var storage in storages)
        {
            file.Write(BitConverter.GetBytes(storage.Elements));
            file.Write(Numbers(storage));
        }
    }

    public static void Add(ZipArchive zip, string name, ReadOnlySpan<byte> content, CompressionLevel level = CompressionLevel.NoCompression)
    {
        using var stream = zip.CreateEntry(name, level).Open();
        stream.Write(content);
    }

    private static byte[] Numbers(TorchStorage storage) =>
        [.. Enumerable.Range(0, (int)storage.Elements).SelectMany(number => BitConverter.GetBytes((float)number))];
}

/// <summary>Handmade .npz files.</summary>
internal static class NpzFixture
{
    private static readonly Dictionary<ScalarType, string> types = new()
    {
        [ScalarType.Float64] = "<f8", [ScalarType.Float32] = "<f4", [ScalarType.Float16] = "<f2", [ScalarType.Int64] = "<i8",
        [ScalarType.Int32] = "<i4", [ScalarType.Int16] = "<i2", [ScalarType.Int8] = "|i1", [ScalarType.Byte] = "|u1",
        [ScalarType.Bool] = "|b1",
    };

    public static void Write(
        string path, IEnumerable<KeyValuePair<string, Tensor>> arrays, CompressionLevel level = CompressionLevel.NoCompression)
    {
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (name, array) in arrays) TorchFixture.Add(zip, $"{name}.npy", Npy(array), level);
    }

    /// <summary>An .npz file with a single array.</summary>
    public static void Write(string path, string name, ReadOnlySpan<byte> array)
    {
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        TorchFixture.Add(zip, name, array);
    }

    /// <summary>A .npy file, as numpy.save writes it.</summary>
    public static byte[] Npy(Tensor array)
    {
        var shape = string.Join(", ", array.shape);
        return Npy(types[array.dtype], "False", array.dim() == 1 ? $"({shape},)" : $"({shape})", array.contiguous().bytes);
    }

    /// <summary>A .npy file with any header.</summary>
    public static byte[] Npy(string type, string columnMajor, string shape, ReadOnlySpan<byte> content)
    {
        var text = $"{{'descr': '{type}', 'fortran_order': {columnMajor}, 'shape': {shape}, }}";
        text = text.PadRight(((text.Length + 74) / 64 * 64) - 11) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, .. BitConverter.GetBytes((ushort)text.Length), .. Encoding.Latin1.GetBytes(text), .. content];
    }
}
