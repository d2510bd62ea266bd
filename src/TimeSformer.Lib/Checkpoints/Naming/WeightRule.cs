using static TorchSharp.torch;

namespace TimeSformer.Checkpoints.Naming;

/// <summary>
/// Where a family of checkpoints keeps one of our weights. An asterisk stands for the block's index. Several sources are stacked along the
/// first dimension, as queries, keys and values are.
/// </summary>
/// <param name="Ours">The name in our state dict, which is the official one.</param>
/// <param name="Theirs">The names in the file.</param>
/// <param name="Form">What turns a source into our layout; null where it is ours.</param>
internal sealed record WeightRule(string Ours, IReadOnlyList<string> Theirs, Func<Tensor, Tensor>? Form = null)
{
    /// <summary>The weight and the bias of a layer that lies in the file as it does in our model.</summary>
    public static IEnumerable<WeightRule> Layer(string ours, params string[] theirs) =>
        [new($"{ours}.weight", [.. theirs.Select(name => $"{name}.weight")]), new($"{ours}.bias", [.. theirs.Select(name => $"{name}.bias")])];
}
