using System.IO.Compression;
using System.Text;

namespace TimeSformer.Tests.Checkpoints;

/// <summary>Tests of small models and their files.</summary>
public abstract class CheckpointTests : TensorTests
{
    private protected static readonly TimeSformerConfig sizes =
        TimeSformerConfig.Tiny with { NumClasses = 5, EmbedDim = 24, Depth = 2, NumHeads = 3, NumFrames = 4, EmbeddingStd = null };

    private protected static TimeSformerConfig SizesOf(ModelInfo info) => (TimeSformerConfig)info.Model;

    // A model as after training: no weight is zero.
    private protected static TimeSformerModel Trained(TimeSformerConfig config, double std = 0.2)
    {
        manual_seed(8);
        var model = new TimeSformerModel(config);
        foreach (var parameter in model.parameters()) parameter.normal_(0, std);
        return model;
    }

    private protected static void AssertSameWeights(Dictionary<string, Tensor> expected, VideoModel model)
    {
        foreach (var (name, weight) in model.state_dict()) Assert.True(expected[name].Equals(weight), name);
    }

    // Code in a file would run in the current directory.
    private protected void AssertWritesNothing(Action action)
    {
        var before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = Directory.CreateDirectory(folder.File("here")).FullName;
        try
        {
            action();
            Assert.Empty(Directory.EnumerateFileSystemEntries(folder.File("here")));
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }
}

/// <summary>Handmade PyTorch files, valid and damaged.</summary>
internal static class TorchFixture
{
    /// <summary>A storage of the numbers 0, 1, 2, ...</summary>
    public static TorchStorage Storage(string key, int elements) => new(key, ScalarType.Float32, elements);

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

    public static IEnumerable<ScalarType> Types => types.Keys;

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
