using System.Text;
using static TorchSharp.torch;

namespace TimeSformer.Checkpoints.Formats;

/// <summary>Bytes that stay in a pickle until they are needed.</summary>
internal readonly record struct PickleRange(int Start, int Length)
{
    /// <summary>The shortest; less is copied.</summary>
    public const int Least = 1024;
}

/// <summary>A NumPy type in a pickle: its code, such as f4, and its byte order, which is set later.</summary>
internal sealed class PickleDType(string code)
{
    private string order = "|";

    /// <summary>The type that tensors of it have; null if there is none.</summary>
    public ScalarType? Type => NpzFile.TypeOf(order + code);

    /// <summary>Sets the byte order from the tuple that NumPy pickles; returns what is wrong with it, or null.</summary>
    public string? Set(object? state)
    {
        if (state is not object?[] parts || parts is not [long, string { Length: 1 } given, ..]) return "a NumPy type has an unknown state";
        order = given == "=" ? "<" : given;
        return null;
    }

    public override string ToString() => $"{order}{code}".Shorten();
}

/// <summary>A NumPy array in a pickle, in the two steps in which NumPy pickles it: first empty, then its state.</summary>
internal sealed class PickleArray
{
    private const int MaxDimensions = 64;

    /// <summary>Its elements' type.</summary>
    public ScalarType DType { get; private set; }

    /// <summary>Its shape; null until its state is set.</summary>
    public IReadOnlyList<long>? Shape { get; private set; }

    /// <summary>Whether the first index varies fastest.</summary>
    public bool IsColumnMajor { get; private set; }

    /// <summary>Where its elements are in the pickle.</summary>
    public PickleRange Range { get; private set; }

    /// <summary>Its elements, if they were not kept in the pickle as they are.</summary>
    public byte[]? Own { get; private set; }

    /// <summary>What a call of a NumPy function in a pickle makes, if that is part of an array; else null.</summary>
    public static object? Make(PickleGlobal function, object?[] arguments) => (function, arguments) switch
    {
        ({ Name: "numpy.dtype" }, [string code, ..]) => new PickleDType(code),
        ({ Makes: true }, [PickleGlobal { Name: "numpy.ndarray" }, ..]) => new PickleArray(),
        _ => null,
    };

    /// <summary>Sets the content from the tuple that NumPy pickles; returns what is wrong with it, or null.</summary>
    public string? Set(object? state)
    {
        if (state is not object?[] parts || parts is not [long, object?[] shape, PickleDType type, bool isColumnMajor, var data])
        {
            return "a NumPy array has an unknown state";
        }
        if (type.Type is not { } dtype) return $"a NumPy array has type '{type}', which cannot be read";
        if (shape.Length > MaxDimensions || shape.Any(length => length is not (long and >= 0)))
        {
            return "a NumPy array has an impossible shape";
        }
        long[] lengths = Array.ConvertAll(shape, length => (long)length!);
        (Range, Own) = data switch
        {
            PickleRange range => (range, null),
            byte[] bytes => (default, bytes),
            // Only what is shorter than a range: many arrays can share one text.
            string { Length: < PickleRange.Least } text when text.All(letter => letter <= 0xff) =>
                (default(PickleRange), Encoding.Latin1.GetBytes(text)),
            _ => (default, (byte[]?)[]),
        };
        long found = Own?.Length ?? Range.Length;
        if (TensorEntry.ByteCount(lengths, dtype) != found)
        {
            return $"a NumPy array of shape ({string.Join(", ", lengths)}) and type '{type}' has {found} bytes";
        }
        (DType, Shape, IsColumnMajor) = (dtype, lengths, isColumnMajor);
        return null;
    }
}
