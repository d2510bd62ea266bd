using System.IO.Compression;
using System.Text;
using TimeSformer.Checkpoints;
using TimeSformer.Checkpoints.Formats;
using TimeSformer.Features;
using TimeSformer.Models;
using static TorchSharp.torch;

namespace TimeSformer.Bench.Fuzz;

/// <summary>Files of tensors, and what describes a model beside its weights.</summary>
internal static class CheckpointTargets
{
    private const long MaxTensorBytes = 64 << 20;

    // What a pickle could do: each opcode that is known and some that are not, and names that run code.
    private static readonly byte[][] opcodes =
    [
        .. "(.0)]}NabcehjqrstuQRBCGIJKMSTUVX2lodgip"u8.ToArray().Concat(Enumerable.Range(0x80, 0x19).Select(code => (byte)code))
            .Select(code => new[] { code }),
        .. new[]
        {
            "cos\nsystem\nU\u0007touch a\u0085R", "cposix\nsystem\n", "cbuiltins\neval\n", "cbuiltins\nexec\n",
            "ccollections\nOrderedDict\n", "ctorch._utils\n_rebuild_tensor_v2\n", "cnumpy.core.multiarray\n_reconstruct\n",
            "c_codecs\nencode\n", "\u0095\0\0\0\0\0\0\0\u0080",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    private static readonly byte[] index =
        """{"metadata": {"total_size": 48}, "weight_map": {"half": "a.safetensors", "count": "a.safetensors"}}"""u8.ToArray();

    private static readonly byte[] cfg = """
        DATA:
          MEAN: [0.45, 0.45, 0.45]
          STD: 0.225
          NUM_FRAMES: 8
          SAMPLING_RATE: 32
          TRAIN_CROP_SIZE: 224
        MODEL: {MODEL_NAME: vit_base_patch16_224, NUM_CLASSES: 400}
        TIMESFORMER: {ATTENTION_TYPE: divided_space_time}
        """u8.ToArray();

    private static readonly byte[] pickle = Pickler.Write(new OrderedDictionary<string, object?>
    {
        ["state_dict"] = new OrderedDictionary<string, object?>
        {
            ["a"] = new StoredTensor(new("0", ScalarType.Float32, 12), 0, [3, 4], [4, 1]),
            ["b"] = new StoredTensor(new("0", ScalarType.Float32, 12), 1, [4, 2], [1, 4]),
        },
        ["epoch"] = 3L,
        ["rates"] = new List<object?> { 0.1, -1L, null, "text", new object?[] { 1L << 40 } },
    });

    public static IEnumerable<FuzzTarget> Create(string folder)
    {
        byte[] Written(string name, Action<string> write)
        {
            var path = Path.Combine(folder, name);
            write(path);
            return File.ReadAllBytes(path);
        }
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>
        {
            ["blocks.0.weight"] = randn(3, 4), ["half"] = zeros(5).to_type(ScalarType.Float16), ["count"] = tensor(5L),
            ["none"] = zeros(0, 3),
        };
        var safetensors = Written("safetensors", path => SafeTensors.Write(path, tensors, new Dictionary<string, string> { ["a"] = "b" }));
        var torch = Written("torch", path => TorchWriter.Write(path, new OrderedDictionary<string, object?>
        {
            ["epoch"] = 14L, ["cfg"] = "DATA:\n  MEAN: [0.5]\n",
            ["model_state"] = new OrderedDictionary<string, object?>(
                tensors.Select(tensor => KeyValuePair.Create(tensor.Key, (object?)tensor.Value))),
            ["optimizer_state"] = new OrderedDictionary<string, object?> { ["lr"] = 0.1, ["params"] = new List<object?> { 0L, true } },
        }));
        yield return new("safetensors", "input.safetensors", [safetensors], ReadTensors) { Words = Words.Json };
        yield return new("torch-zip", "input.pt", [torch], ReadTensors) { Words = opcodes };
        yield return new("pickle", "input.pt", [pickle], ReadTensors) { Words = opcodes, Write = ZipAround };
        yield return new("torch-legacy", "input.pth", [Legacy()], ReadTensors) { Words = opcodes };
        yield return new("caffe2", "input.pkl", [Caffe2()], ReadTensors) { Words = opcodes };
        yield return new("npz", "input.npz", [Npz(CompressionLevel.NoCompression), Npz(CompressionLevel.Optimal)], ReadTensors)
        {
            Words = [.. Words.Json, "<f8"u8.ToArray(), "("u8.ToArray(), ")"u8.ToArray(), "True"u8.ToArray(), "'shape': "u8.ToArray()],
        };
        yield return new("shard-index", "model.safetensors.index.json", [index], ReadTensors)
        {
            Words = [.. Words.Json, "../"u8.ToArray(), "/etc/passwd"u8.ToArray()],
            Beside = new Dictionary<string, byte[]> { ["a.safetensors"] = safetensors },
        };
        yield return new("features", "input.features", [Written("features", WriteFeatures)], path => FeatureSet.Load(path).Dispose())
        {
            Words = Words.Json,
        };
        yield return new("official-cfg", "input.yaml", [cfg], path => OfficialConfig.Read(File.ReadAllText(path), TimeSformerConfig.Base))
        {
            Words = Words.Yaml,
        };
        foreach (var target in Descriptions(folder)) yield return target;
    }

    // The files beside a small model's weights.
    private static List<FuzzTarget> Descriptions(string folder)
    {
        var config = TimeSformerConfig.Tiny with { NumClasses = 3, EmbedDim = 12, Depth = 1, NumHeads = 3, NumFrames = 2, ImageSize = 16 };
        var (own, huggingFace) = (Path.Combine(folder, "own"), Path.Combine(folder, "hugging-face"));
        var info = new ModelInfo(config, ["A", "B", "C"], 4) { Normalization = new([0.4], [0.2]), ShortSide = 20 };
        using (var model = config.Create())
        {
            CheckpointConverter.Write(own, CheckpointFormat.Native, model, info);
            CheckpointConverter.Write(huggingFace, CheckpointFormat.HuggingFace, model, info);
        }
        return
        [
            Described("checkpoint-json", own, "checkpoint.json"), Described("hf-config", huggingFace, "config.json"),
            Described("hf-preprocessor", huggingFace, "preprocessor_config.json"),
        ];

        static FuzzTarget Described(string name, string folder, string file) =>
            new(name, file, [File.ReadAllBytes(Path.Combine(folder, file))], path =>
            {
                var (model, info) = Checkpoint.LoadModel(Path.GetDirectoryName(path)!);
                model.Dispose();
                _ = info.Clip;
            })
            {
                Words = Words.Json, Share = 0.1,
                Beside = Directory.GetFiles(folder).Where(other => Path.GetFileName(other) != file)
                    .ToDictionary(other => Path.GetFileName(other)!, File.ReadAllBytes),
            };
    }

    private static void ReadTensors(string path)
    {
        using var file = TensorFile.Open(path);
        foreach (var (name, entry) in file.Entries)
        {
            long bytes = TensorEntry.ByteCount([.. entry.Shape], entry.DType) ?? long.MaxValue;
            if (bytes > MaxTensorBytes) throw new InvalidOperationException($"a tensor of {bytes} bytes is read from a small file");
            file.Read(name).Dispose();
        }
    }

    private static void ZipAround(string path, byte[] content)
    {
        using var file = File.Create(path);
        using var zip = new ZipArchive(file, ZipArchiveMode.Create);
        Add(zip, "name/data.pkl", content);
        Add(zip, "name/data/0", new byte[48]);
    }

    private static void Add(ZipArchive zip, string name, byte[] content, CompressionLevel level = CompressionLevel.NoCompression)
    {
        using var stream = zip.CreateEntry(name, level).Open();
        stream.Write(content);
    }

    // As PyTorch wrote before 1.6.
    private static byte[] Legacy() =>
    [
        .. TorchFile.LegacyMagic, .. Pickler.Write(1001L), .. Pickler.Write(new Dictionary<string, object?> { ["little_endian"] = true }),
        .. pickle, .. Pickler.Write(new List<object?> { "0" }), .. BitConverter.GetBytes(12L), .. new byte[48],
    ];

    // A NumPy array in the words of Python 2: (function, class), then its state.
    private static byte[] Caffe2() =>
    [
        .. Encoding.Latin1.GetBytes(
            "\u0080\u0002}q\u0001U\u0005blobsq\u0002}q\u0003(U\u0001acnumpy.core.multiarray\n_reconstruct\nq\u0010cnumpy\nndarray\nq\u0011"
            + "K\0\u0085U\u0001b\u0087R(K\u0001(K\u0003K\u0004tcnumpy\ndtype\nq\u0012(U\u0002f4K\0K\u0001tR"
            + "(K\u0003U\u0001<NNNJ\u00ff\u00ff\u00ff\u00ffJ\u00ff\u00ff\u00ff\u00ffK\0tb\u0089U\u0030"),
        .. new byte[48], .. "tbU\u0002lrK\u0001us."u8,
    ];

    private static byte[] Npz(CompressionLevel level)
    {
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            const string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }\n";
            byte[] array = [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. new byte[48]];
            Add(zip, "a.npy", array, level);
        }
        return buffer.ToArray();
    }

    private static void WriteFeatures(string path)
    {
        using var set = new FeatureSet(
            new("0123456789abcdef", 2, 4, 16, null, "mean 0.45", "1x1x1"), [new("/a.mp4", 0), new("/b.mp4", 1)], ["A", "B"],
            zeros(2, 3), zeros(2, 4));
        set.Save(path);
    }
}
