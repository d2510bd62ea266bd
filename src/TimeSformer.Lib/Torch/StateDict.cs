using static TorchSharp.torch;

namespace TimeSformer.Torch;

/// <summary>Copies saved tensors.</summary>
internal static class StateDict
{
    /// <summary>Copies a tensor into one of the same shape. TorchSharp's <c>copy_</c> silently broadcasts smaller tensors.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static void Copy(string name, Tensor from, Tensor into)
    {
        var (was, needed) = (from.shape, into.shape);
        if (!was.SequenceEqual(needed))
        {
            throw new ArgumentException($"{name} has shape ({string.Join(", ", was)}), not ({string.Join(", ", needed)})");
        }
        into.copy_(from);
    }
}
