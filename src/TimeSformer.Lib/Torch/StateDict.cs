using static TorchSharp.torch;

namespace TimeSformer.Torch;

/// <summary>Copying saved tensors to where they belong.</summary>
internal static class StateDict
{
    /// <summary>Copies a tensor over one of the same shape; TorchSharp's <c>copy_</c> and <c>load_state_dict</c> broadcast a smaller one without a word.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static void Copy(string name, Tensor from, Tensor into)
    {
        if (!from.shape.SequenceEqual(into.shape)) throw new ArgumentException($"{name} has shape ({string.Join(", ", from.shape)}), not ({string.Join(", ", into.shape)})");
        into.copy_(from);
    }
}
