using static TorchSharp.torch;

namespace TimeSformer.Checkpoints.Formats;

/// <summary>An object in a pickle that is not data: only its type's name was read.</summary>
internal sealed record PickleOpaque(string Type)
{
    /// <summary>Whether it is a kind of tensor, such as a sparse or quantized one, that no model here can take.</summary>
    public bool IsTensor => Type.StartsWith("torch._utils._rebuild", StringComparison.Ordinal)
        || Type.StartsWith("torch._tensor._rebuild", StringComparison.Ordinal);
}

/// <summary>The kinds of names in a pickle. None is ever called: each is a case that <see cref="Unpickler"/> knows how to build.</summary>
internal enum PickleKind
{
    Dictionary,   // or an object of settings that becomes one
    Tensor,       // (storage, offset, shape, strides, ...)
    Parameter,    // (tensor, requires_grad, hooks)
    Wrapper,      // around its only argument, such as torch.Size and torch.device
    Latin1Bytes,  // a string whose characters are bytes, as Python 3 writes bytes for Python 2
    StorageType,
    ElementType,  // torch.dtype as a plain value
    Opaque,       // makes an object that is passed over, whether called or as a class
    Other,        // any other class or function: as a class its objects are passed over; a call of it is refused
}

/// <summary>What a name in a pickle stands for; types have a dtype, other names the byte at which they stand.</summary>
internal sealed record PickleGlobal(PickleKind Kind, string Name = "", int Start = 0, ScalarType DType = default)
{
    public const string Namespace = "argparse.Namespace";

    private static readonly (string Storage, string Name, ScalarType DType)[] types =
    [
        ("DoubleStorage", "float64", ScalarType.Float64), ("FloatStorage", "float32", ScalarType.Float32),
        ("HalfStorage", "float16", ScalarType.Float16), ("BFloat16Storage", "bfloat16", ScalarType.BFloat16),
        ("LongStorage", "int64", ScalarType.Int64), ("IntStorage", "int32", ScalarType.Int32), ("ShortStorage", "int16", ScalarType.Int16),
        ("CharStorage", "int8", ScalarType.Int8), ("ByteStorage", "uint8", ScalarType.Byte), ("BoolStorage", "bool", ScalarType.Bool),
    ];

    // Their first argument is the class of the object that they make.
    private static readonly string[] makers =
    [
        "copyreg._reconstructor", "copyreg.__newobj__", "copyreg.__newobj_ex__", "copy_reg._reconstructor", "copy_reg.__newobj__",
        "numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct",
    ];

    // Calls of these make mere values, by what such files are known to hold; a name that ends in a dot or an underscore
    // stands for all that begin with it.
    private static readonly string[] harmless =
    [
        "numpy.dtype", "numpy.ndarray", "numpy.dtypes.", "numpy.random._pickle.",
        .. new[] { "numpy.core", "numpy._core" }.SelectMany(core => new[]
        {
            $"{core}.multiarray.scalar", $"{core}.multiarray._frombuffer", $"{core}.numeric._frombuffer",
        }),
        "datetime.", "pathlib.", "decimal.Decimal", "fractions.Fraction", "uuid.UUID", "types.SimpleNamespace",
        "collections.defaultdict", "collections.deque", "collections.Counter",
        .. new[] { "builtins", "__builtin__" }.SelectMany(module => new[]
        {
            "set", "frozenset", "complex", "slice", "range", "xrange", "bytearray", "bytes", "object", "int", "float", "str", "bool",
            "list", "tuple", "dict",
        }.Select(name => $"{module}.{name}")),
        .. makers,
        "torch._utils._rebuild_", "torch._tensor._rebuild_", "torch.serialization._get_layout",
    ];

    // Modules whose functions run commands, code or other pickles. No checkpoint names them, not even without calling them.
    private static readonly HashSet<string> runners =
    [
        "builtins", "__builtin__", "os", "posix", "nt", "subprocess", "commands", "sys", "shutil", "socket", "pty", "importlib", "runpy",
        "imp", "ctypes", "pickle", "_pickle", "cPickle", "marshal", "code", "codeop", "types", "operator", "_operator", "functools",
        "webbrowser", "pdb", "bdb", "timeit", "profile", "cProfile", "pip", "pydoc", "asyncio", "multiprocessing", "threading", "_thread",
    ];

    // Other names, see Unpickler.PushGlobal.
    private static readonly Dictionary<string, PickleGlobal> allowed = new(
    [
        new("collections.OrderedDict", new(PickleKind.Dictionary)),
        new(Namespace, new(PickleKind.Dictionary, Namespace)),
        new("yacs.config.CfgNode", new(PickleKind.Dictionary)),
        new("fvcore.common.config.CfgNode", new(PickleKind.Dictionary)),
        new("torch._utils._rebuild_tensor", new(PickleKind.Tensor)),
        new("torch._utils._rebuild_tensor_v2", new(PickleKind.Tensor)),
        new("torch._utils._rebuild_parameter", new(PickleKind.Parameter)),
        new("torch._utils._rebuild_parameter_with_state", new(PickleKind.Parameter)),
        new("torch.Size", new(PickleKind.Wrapper)),
        new("torch.device", new(PickleKind.Wrapper)),
        new("_codecs.encode", new(PickleKind.Latin1Bytes)),
        .. types.Select(type => KeyValuePair.Create($"torch.{type.Storage}", new PickleGlobal(PickleKind.StorageType, DType: type.DType))),
        .. types.Select(type => KeyValuePair.Create($"torch.{type.Name}", new PickleGlobal(PickleKind.ElementType, DType: type.DType))),
    ]);

    /// <summary>Whether it makes an object of the class that is its first argument.</summary>
    public bool Makes => makers.Contains(Name);

    /// <summary>What `module.name` stands for; null if it is not known.</summary>
    public static PickleGlobal? Find(string path) => allowed.GetValueOrDefault(path)
        ?? (harmless.Any(known => known[^1] is '.' or '_' ? path.StartsWith(known, StringComparison.Ordinal) : path == known)
            ? new(PickleKind.Opaque, path)
            : null);

    /// <summary>Whether a name that is not known is from a module that serves to run code.</summary>
    public static bool RunsCode(string path) => runners.Contains(path.Split('.')[0]);

    /// <summary>The name under which PyTorch writes a storage's type; throws an ArgumentException if there is none.</summary>
    public static string StorageName(ScalarType dtype) =>
        types.FirstOrDefault(type => type.DType == dtype).Storage
        ?? throw new ArgumentException($"a PyTorch file cannot store tensors of {dtype}");
}
