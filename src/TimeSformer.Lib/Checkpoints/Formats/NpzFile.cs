using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using static TorchSharp.torch;

namespace TimeSformer.Checkpoints.Formats;

/// <summary>An array's elements, from byte `Start` of a file in the .npz; `ColumnMajor` if the first index varies fastest.</summary>
internal sealed record NpyEntry(ScalarType DType, IReadOnlyList<long> Shape, string FileName, int Start, bool ColumnMajor)
    : TensorEntry(DType, Shape);

/// <summary>A NumPy .npz file, open for reading: a zip file of .npy arrays, stored or compressed, none of Python objects.</summary>
public sealed partial class NpzFile : TensorFile
{
    private const string Extension = ".npy";
    private const int MaxHeaderBytes = 1 << 16;

    private static readonly Dictionary<string, ScalarType> types = new()
    {
        ["<f8"] = ScalarType.Float64, ["<f4"] = ScalarType.Float32, ["<f2"] = ScalarType.Float16,
        ["<i8"] = ScalarType.Int64, ["<i4"] = ScalarType.Int32, ["<i2"] = ScalarType.Int16, ["|i1"] = ScalarType.Int8,
        ["|u1"] = ScalarType.Byte, ["|b1"] = ScalarType.Bool,
    };

    private readonly ZipEntries zip;
    private readonly OrderedDictionary<string, TensorEntry> entries = [];

    private NpzFile(string path, ZipEntries zip) : base(path, zip) => this.zip = zip;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, TensorEntry> Entries => entries;

    /// <summary>Opens a file and checks each array's header.</summary>
    /// <exception cref="CheckpointException">The file is damaged or contains something other than arrays of numbers.</exception>
    public static new NpzFile Open(string path) => new NpzFile(path, ZipEntries.Open(path)).OrDispose(file =>
    {
        foreach (var name in file.zip.Names)
        {
            bool isArray = name.EndsWith(Extension, StringComparison.Ordinal);
            if (!isArray) throw new CheckpointException(path, $"a zip file not of PyTorch or NumPy: it contains '{name.Shorten()}'");
            file.entries.Add(name[..^Extension.Length], file.ReadHeader(name));
        }
        return file;
    });

    private protected override Tensor Read(TensorEntry entry)
    {
        var array = (NpyEntry)entry;
        return Fill(
            [.. array.Shape], array.DType, array.ColumnMajor,
            (target, offset) => zip.Read(array.FileName, target, array.Start + offset));
    }

    /// <summary>The type that NumPy's code stands for, such as &lt;f4; null if tensors have none like it.</summary>
    internal static ScalarType? TypeOf(string code) => types.TryGetValue(code, out var type) ? type : null;

    // "\x93NUMPY", version, length of the text, then the text: a Python dictionary with three keys in alphabetical order.
    private NpyEntry ReadHeader(string name)
    {
        CheckpointException Bad(string cause) => new(Path, $"array '{name.Shorten()}' {cause}");

        var head = new byte[(int)Math.Min(12, zip.Length(name)!.Value)];
        zip.Read(name, head, 0);
        bool isNumPy = head.Length == 12 && head[0] == 0x93 && head.AsSpan(1).StartsWith("NUMPY"u8) && head[6] is (1 or 2 or 3);
        if (!isNumPy) throw Bad("has no NumPy header");
        int textStart = head[6] == 1 ? 10 : 12;
        var field = head.AsSpan(8);
        uint length = head[6] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(field) : BinaryPrimitives.ReadUInt32LittleEndian(field);
        if (length > MaxHeaderBytes) throw Bad($"has a header of {length} bytes, more than the {MaxHeaderBytes} allowed");
        var text = new byte[length];
        zip.Read(name, text, textStart);

        var header = HeaderText().Match(Encoding.Latin1.GetString(text));
        if (!header.Success) throw Bad("has a malformed header");
        var type = header.Groups["type"].Value;
        if (!types.TryGetValue(type, out var dtype)) throw Bad($"has dtype '{type}'; supported are {string.Join(", ", types.Keys)}");
        var shape = Array.ConvertAll(
            header.Groups["shape"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            length => long.TryParse(length, out long number) ? number : throw Bad("has an impossible shape"));
        long found = zip.Length(name)!.Value - textStart - length;
        if (shape.Length > 64 || TensorEntry.ByteCount(shape, dtype) is not { } needed || needed != found)
        {
            throw Bad($"takes {found} bytes, which does not match its shape ({string.Join(", ", shape)}) of {type}");
        }
        return new(dtype, shape, name, textStart + (int)length, header.Groups["columns"].Value == "True");
    }

    [GeneratedRegex(
        @"^\{'descr': '(?<type>[^']{1,9})', 'fortran_order': (?<columns>True|False), 'shape': \((?<shape>[0-9, ]*)\),? ?\}\s*$")]
    private static partial Regex HeaderText();
}
