using static TorchSharp.torch;

namespace TimeSformer.Checkpoints.Pickle;

/// <summary>What a name in a pickle stands for. None of these is ever called: each is a case that <see cref="Unpickler"/> knows how to build.</summary>
internal abstract record PickleGlobal
{
    /// <summary>A dictionary, or an object of settings that becomes one.</summary>
    public sealed record Dictionary : PickleGlobal;

    /// <summary>A tensor over a storage: (storage, offset, shape, strides, ...).</summary>
    public sealed record RebuildTensor : PickleGlobal;

    /// <summary>A parameter around a tensor: (tensor, requires_grad, hooks).</summary>
    public sealed record RebuildParameter : PickleGlobal;

    /// <summary>A tuple or name around its only argument: torch.Size, torch.device.</summary>
    public sealed record Wrapper : PickleGlobal;

    /// <summary>Text whose letters are bytes, as Python 3 writes bytes for Python 2.</summary>
    public sealed record Latin1Bytes : PickleGlobal;

    /// <summary>The type of a storage's elements.</summary>
    public sealed record StorageType(ScalarType DType) : PickleGlobal;

    /// <summary>A torch.dtype as a plain value.</summary>
    public sealed record ElementType(string Name) : PickleGlobal;

    private static readonly Dictionary<string, PickleGlobal> known = new()
    {
        ["collections.OrderedDict"] = new Dictionary(),
        ["argparse.Namespace"] = new Dictionary(),
        ["yacs.config.CfgNode"] = new Dictionary(),
        ["fvcore.common.config.CfgNode"] = new Dictionary(),
        ["torch._utils._rebuild_tensor"] = new RebuildTensor(),
        ["torch._utils._rebuild_tensor_v2"] = new RebuildTensor(),
        ["torch._utils._rebuild_parameter"] = new RebuildParameter(),
        ["torch.Size"] = new Wrapper(),
        ["torch.device"] = new Wrapper(),
        ["_codecs.encode"] = new Latin1Bytes(),
        ["torch.DoubleStorage"] = new StorageType(ScalarType.Float64),
        ["torch.FloatStorage"] = new StorageType(ScalarType.Float32),
        ["torch.HalfStorage"] = new StorageType(ScalarType.Float16),
        ["torch.BFloat16Storage"] = new StorageType(ScalarType.BFloat16),
        ["torch.LongStorage"] = new StorageType(ScalarType.Int64),
        ["torch.IntStorage"] = new StorageType(ScalarType.Int32),
        ["torch.ShortStorage"] = new StorageType(ScalarType.Int16),
        ["torch.CharStorage"] = new StorageType(ScalarType.Int8),
        ["torch.ByteStorage"] = new StorageType(ScalarType.Byte),
        ["torch.BoolStorage"] = new StorageType(ScalarType.Bool),
        ["torch.float64"] = new ElementType("float64"),
        ["torch.float32"] = new ElementType("float32"),
        ["torch.float16"] = new ElementType("float16"),
        ["torch.bfloat16"] = new ElementType("bfloat16"),
        ["torch.int64"] = new ElementType("int64"),
        ["torch.int32"] = new ElementType("int32"),
        ["torch.int16"] = new ElementType("int16"),
        ["torch.int8"] = new ElementType("int8"),
        ["torch.uint8"] = new ElementType("uint8"),
        ["torch.bool"] = new ElementType("bool"),
    };

    /// <summary>What `module.name` stands for; null where a checkpoint has no need of it.</summary>
    public static PickleGlobal? Find(string module, string name) => known.GetValueOrDefault($"{module}.{name}");

    /// <summary>The name under which PyTorch writes a storage's type.</summary>
    public static string StorageName(ScalarType type) =>
        known.FirstOrDefault(entry => entry.Value is StorageType storage && storage.DType == type).Key?["torch.".Length..]
        ?? throw new ArgumentException($"tensors of {type} have no place in a PyTorch file");
}
