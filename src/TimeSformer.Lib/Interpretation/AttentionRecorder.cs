using TimeSformer.Kernels;
using TimeSformer.Models;
using TimeSformer.Models.Attention;
using TimeSformer.Torch;
using static TorchSharp.torch;

namespace TimeSformer.Interpretation;

/// <summary>Records from outside what a model's tokens attend to: a hook on each <see cref="SelfAttention"/> sees its input.</summary>
public static class AttentionRecorder
{
    /// <summary>Class scores, as the model's forward pass computes them, with the attention weights of each step of each block.</summary>
    /// <param name="model">The model.</param>
    /// <param name="clips">(B, C, T, H, W), as the model takes them.</param>
    /// <returns>Logits (B, classes) and the maps in the order of computation; the caller disposes each map.</returns>
    /// <exception cref="ArgumentException">The clips' shape does not fit the model.</exception>
    /// <exception cref="InputException">The model has no such attention.</exception>
    public static (Tensor Logits, IReadOnlyList<AttentionMap> Attention) Record(VideoModel model, Tensor clips)
    {
        if (model is not TimeSformerModel former)
        {
            throw new InputException($"the attention of {model.GetName()} is not recorded; that of TimeSformer is");
        }
        var attentions = from block in former.Blocks.Index()
                         from step in AttentionStep.Of(((TimeSformerConfig)former.Config).Attention)
                         select (block.Index, Step: step, Weights: new List<Tensor>(), Module: Attention(block.Item, step));
        var recorded = attentions.ToList();
        using var composed = CpuKernels.Off();                                                        // they call no modules
        // The scopes around a hook are the forward pass's, which the weights outlive.
        var hooks = recorded.Select(entry => entry.Module.register_forward_hook((_, x, result) =>
        {
            entry.Weights.Add(entry.Module.Weights(x).DetachFromDisposeScope());                      // (B·G, A, L, L)
            return result;
        })).ToList();
        try
        {
            var logits = model.call(clips);
            var grid = former.GridOf(clips);
            return (logits, [.. recorded.Select(entry => Map(entry.Index, entry.Step, grid, entry.Weights, clips.device))]);
        }
        finally
        {
            foreach (var hook in hooks) hook.remove();
        }
    }

    private static SelfAttention Attention(TransformerBlock block, AttentionStep step) =>
        (SelfAttention)block.named_children().First(child => child.name == $"{step.Prefix}attn").module;

    // A step attends within groups of one length after the other.
    private static AttentionMap Map(int block, AttentionStep step, TokenGrid grid, IReadOnlyList<Tensor> weights, Device device)
    {
        using var scope = NewDisposeScope();
        List<AttentionGroup> groups = [];
        foreach (var (places, own) in step.Groups(grid, device).Zip(weights))                         // (G, L), (B·G, A, L, L)
        {
            using (own)
            {
                var tokens = places.Plus(1);
                if (step.WithClassToken) tokens = cat([zeros_like(tokens[.., ..1]), tokens], 1);      // (G, 1 + L)
                groups.Add(new(tokens.DetachFromDisposeScope(), own.unflatten(0, grid.Batch, places.shape[0]).DetachFromDisposeScope()));
            }
        }
        return new(block, step.Name, grid, groups);
    }
}
