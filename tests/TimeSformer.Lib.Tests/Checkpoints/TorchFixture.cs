using System.IO.Compression;
using TimeSformer.Checkpoints;
using TimeSformer.Checkpoints.Pickle;
using static TorchSharp.torch;

namespace TimeSformer.Tests.Checkpoints;

/// <summary>PyTorch files made by hand, right ones and wrong ones.</summary>
internal static class TorchFixture
{
    /// <summary>A storage of the numbers from 0 on.</summary>
    public static TorchStorage Storage(string key, int elements) => new(key, ScalarType.Float32, elements);

    /// <summary>A view of a storage.</summary>
    public static StoredTensor View(TorchStorage storage, long offset, long[] shape, long[] strides) => new(storage, offset, shape, strides);

    /// <summary>A zip file around a pickle, with storages of the numbers from 0 on.</summary>
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
        file.Write(Pickler.Write(new Dictionary<string, object?> { ["protocol_version"] = 1001L, ["little_endian"] = true, ["type_sizes"] = new Dictionary<string, object?> { ["int"] = 4L } }));
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

    private static byte[] Numbers(TorchStorage storage) => [.. Enumerable.Range(0, (int)storage.Elements).SelectMany(number => BitConverter.GetBytes((float)number))];
}
