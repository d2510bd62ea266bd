using static TorchSharp.torch;

namespace TimeSformer.Checkpoints.Pickle;

/// <summary>A run of elements in a PyTorch file, which several tensors may share.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Elements">Its length in elements.</param>
internal sealed record TorchStorage(string Key, ScalarType DType, long Elements)
{
    /// <summary>Its length in bytes; null where that exceeds 64 bits.</summary>
    public long? Bytes => SafeTensorsHeader.ByteCount([Elements], SafeTensors.ElementBytes(DType));
}

/// <summary>A tensor in a PyTorch file: a view of a storage that is known to lie inside it.</summary>
/// <param name="Offset">The first element, counted from the storage's start.</param>
/// <param name="Strides">Distance in elements between neighbours, for each dimension.</param>
internal sealed record StoredTensor(TorchStorage Storage, long Offset, IReadOnlyList<long> Shape, IReadOnlyList<long> Strides) : TensorEntry(Storage.DType, Shape)
{
    private const int MaxDimensions = 64;

    // An expanded tensor repeats elements; more than this of them is no weight, but an attempt to fill the memory.
    private const long MaxRepeatedElements = 1 << 20;

    /// <summary>Elements from the first to the last that it touches, both included; 0 if it is empty.</summary>
    public long Extent => Shape.Contains(0) ? 0 : 1 + Shape.Zip(Strides, (length, stride) => (length - 1) * stride).Sum();

    /// <summary>Whether its elements lie row by row without holes.</summary>
    public bool IsContiguous
    {
        get
        {
            long expected = 1;
            for (int axis = Shape.Count - 1; axis >= 0; axis--)
            {
                if (Shape[axis] != 1 && Strides[axis] != expected) return false;
                expected *= Shape[axis];
            }
            return true;
        }
    }

    /// <summary>Checks a view against its storage.</summary>
    /// <returns>What is wrong with it; null if nothing is.</returns>
    public static string? Check(TorchStorage storage, long offset, long[] shape, long[] strides)
    {
        if (shape.Length != strides.Length) return $"a tensor has {shape.Length} lengths and {strides.Length} strides";
        if (shape.Length > MaxDimensions) return $"a tensor has {shape.Length} dimensions";
        if (offset < 0 || shape.Any(length => length < 0) || strides.Any(stride => stride < 0)) return "a tensor has a negative length, stride or offset";
        if (SafeTensorsHeader.ByteCount(shape, SafeTensors.ElementBytes(storage.DType)) is not { } bytes) return "a tensor has an impossible shape";
        long count = bytes / SafeTensors.ElementBytes(storage.DType);
        if (count == 0) return null;
        Int128 end = offset;
        for (int axis = 0; axis < shape.Length; axis++) end += (Int128)(shape[axis] - 1) * strides[axis];
        if (end >= storage.Elements) return $"a tensor reaches element {end} of storage '{CheckpointException.Shown(storage.Key)}', which has {storage.Elements}";
        return count > Math.Max(storage.Elements, MaxRepeatedElements) ? $"a tensor repeats the {storage.Elements} elements of its storage {count} times" : null;
    }
}
