using System.IO.Compression;
using System.Text;
using static TorchSharp.torch;

namespace TimeSformer.Tests.Checkpoints;

/// <summary>.npz files made by hand.</summary>
internal static class NpzFixture
{
    private static readonly Dictionary<ScalarType, string> types = new()
    {
        [ScalarType.Float64] = "<f8", [ScalarType.Float32] = "<f4", [ScalarType.Float16] = "<f2", [ScalarType.Int64] = "<i8", [ScalarType.Int32] = "<i4",
        [ScalarType.Int16] = "<i2", [ScalarType.Int8] = "|i1", [ScalarType.Byte] = "|u1", [ScalarType.Bool] = "|b1",
    };

    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> arrays, CompressionLevel level = CompressionLevel.NoCompression)
    {
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (name, array) in arrays) TorchFixture.Add(zip, $"{name}.npy", Npy(array), level);
    }

    /// <summary>A .npy file, as numpy.save writes it.</summary>
    public static byte[] Npy(Tensor array)
    {
        var shape = array.shape;
        return Npy(types[array.dtype], "False", shape.Length == 1 ? $"({shape[0]},)" : $"({string.Join(", ", shape)})", array.contiguous().bytes);
    }

    /// <summary>A .npy file with any header.</summary>
    public static byte[] Npy(string type, string columnMajor, string shape, ReadOnlySpan<byte> content)
    {
        var text = $"{{'descr': '{type}', 'fortran_order': {columnMajor}, 'shape': {shape}, }}";
        text = text.PadRight(((text.Length + 74) / 64 * 64) - 11) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, .. BitConverter.GetBytes((ushort)text.Length), .. Encoding.Latin1.GetBytes(text), .. content];
    }
}
