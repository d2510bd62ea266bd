using System.Globalization;
using Google.Protobuf;
using Onnx;
using static TorchSharp.torch;
using AttributeType = Onnx.AttributeProto.Types.AttributeType;

namespace TimeSformer.Checkpoints.Onnx;

/// <summary>
/// A graph of ONNX operators that grows node by node, in the order in which they are computed. Each method adds nodes and returns the name
/// of their result; the operators are those of <see cref="OperatorSet"/> (https://onnx.ai/onnx/operators).
/// </summary>
internal sealed class OnnxGraph
{
    /// <summary>The first version that has Gelu.</summary>
    public const int OperatorSet = 20;

    private readonly HashSet<string> constants = [];

    /// <summary>The graph as it will be written.</summary>
    public GraphProto Proto { get; } = new() { Name = "model" };

    /// <summary>The result of an operator.</summary>
    /// <param name="inputs">Names of values; an empty one stands for an optional input that is not given.</param>
    /// <param name="attributes">Each a long, a float, a string or an array of long.</param>
    public string Node(string op, ReadOnlySpan<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var name = $"{op}_{Proto.Node.Count}";
        var node = new NodeProto { Name = name, OpType = op, Output = { name } };
        foreach (var input in inputs) node.Input.Add(input);
        foreach (var (key, value) in attributes) node.Attribute.Add(Attribute(key, value));
        Proto.Node.Add(node);
        return name;
    }

    /// <summary>A tensor that is part of the graph, float32 or int64; one name stands for one tensor.</summary>
    public string Constant(string name, Tensor value)
    {
        if (!constants.Add(name)) return name;
        using var scope = NewDisposeScope();
        bool isIndex = value.dtype is ScalarType.Int64;
        var stored = value.detach().cpu().to_type(isIndex ? ScalarType.Int64 : ScalarType.Float32).contiguous();
        var type = isIndex ? TensorProto.Types.DataType.Int64 : TensorProto.Types.DataType.Float;
        Proto.Initializer.Add(new TensorProto
        {
            Name = name,
            DataType = (int)type,
            Dims = { stored.shape },
            RawData = ByteString.CopyFrom(stored.bytes),
        });
        return name;
    }

    /// <summary>Whole numbers as a constant (L).</summary>
    public string Integers(params ReadOnlySpan<long> values)
    {
        using var value = tensor(values.ToArray());
        return Constant($"[{string.Join(", ", values.ToArray())}]", value);
    }

    /// <summary>x · factor.</summary>
    public string Times(string x, double factor)
    {
        using var value = tensor((float)factor);
        return Node("Mul", [x, Constant(string.Create(CultureInfo.InvariantCulture, $"factor {factor}"), value)]);
    }

    /// <summary>a + b, with broadcasting.</summary>
    public string Plus(string a, string b) => Node("Add", [a, b]);

    /// <summary>The matrix product a · b of the last two dimensions.</summary>
    public string MatMul(string a, string b) => Node("MatMul", [a, b]);

    /// <summary>x in another shape; 0 keeps a dimension, -1 takes what is left.</summary>
    public string Reshape(string x, params ReadOnlySpan<long> shape) => Node("Reshape", [x, Integers(shape)]);

    /// <summary>x with its dimensions in another order.</summary>
    public string Transpose(string x, params ReadOnlySpan<long> axes) => Node("Transpose", [x], ("perm", axes.ToArray()));

    /// <summary>The part of x from `start` up to `end` along an axis.</summary>
    public string Slice(string x, long axis, long start, long end = long.MaxValue) =>
        Node("Slice", [x, Integers(start), Integers(end), Integers(axis)]);

    /// <summary>x at one index of an axis, without that axis.</summary>
    public string Select(string x, long axis, long index)
    {
        using var value = tensor(index);
        return Gather(x, axis, Constant($"index {index}", value));
    }

    /// <summary>x at many indices (L) of an axis.</summary>
    public string Gather(string x, long axis, string indices) => Node("Gather", [x, indices], ("axis", axis));

    /// <summary>Values one after another along an axis.</summary>
    public string Concat(long axis, params ReadOnlySpan<string> values) =>
        values.Length == 1 ? values[0] : Node("Concat", values, ("axis", axis));

    /// <summary>The mean over some axes.</summary>
    public string Mean(string x, bool keepDimensions, params ReadOnlySpan<long> axes) =>
        Node("ReduceMean", [x, Integers(axes)], ("keepdims", keepDimensions ? 1L : 0L));

    /// <summary>A value (1, L, D) repeated along its first axis, as often as x is long there.</summary>
    public string Repeat(string value, string x)
    {
        var count = Node("Shape", [x], ("start", 0L), ("end", 1L));
        return Node("Expand", [value, Concat(0, count, Integers(1, 1))]);
    }

    /// <summary>The largest of each window; padding is the same on both sides.</summary>
    public string MaxPool(string x, long[] size, long[] stride, long[] padding) =>
        Node("MaxPool", [x], ("kernel_shape", size), ("strides", stride), ("pads", (long[])[.. padding, .. padding]));

    private static AttributeProto Attribute(string name, object value) => value switch
    {
        long number => new() { Name = name, Type = AttributeType.Int, I = number },
        float number => new() { Name = name, Type = AttributeType.Float, F = number },
        string text => new() { Name = name, Type = AttributeType.String, S = ByteString.CopyFromUtf8(text) },
        long[] numbers => new() { Name = name, Type = AttributeType.Ints, Ints = { numbers } },
        _ => throw new ArgumentException($"no attribute is a {value.GetType()}"),
    };
}
