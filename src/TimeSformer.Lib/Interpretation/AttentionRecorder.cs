using TimeSformer.Kernels;
using TimeSformer.Models;
using static TorchSharp.torch;

namespace TimeSformer.Interpretation;

/// <summary>
/// Records from outside what a transformer's tokens attend to: a hook on each <see cref="Models.Attention.SelfAttention"/> sees its input.
/// </summary>
public static class AttentionRecorder
{
    /// <summary>Class scores, as the model's forward pass computes them, with the attention weights of each step of each block.</summary>
    /// <param name="model">The model.</param>
    /// <param name="clips">(B, C, T, H, W), as the model takes them.</param>
    /// <exception cref="ArgumentException">The clips' shape does not fit the model.</exception>
    /// <exception cref="InputException">The model has no attention.</exception>
    public static AttentionRecord Record(VideoModel model, Tensor clips) => Record(model, clips, gradients: null);

    /// <summary>As <see cref="Record(VideoModel, Tensor)"/>, with the derivative of a class score by each weight.</summary>
    /// <param name="model">The model.</param>
    /// <param name="clips">(B, C, T, H, W), as the model takes them.</param>
    /// <param name="labels">(B) int64, the class of each clip.</param>
    /// <exception cref="ArgumentException">The clips' shape does not fit the model.</exception>
    /// <exception cref="InputException">The model has no attention.</exception>
    public static AttentionRecord RecordGradients(VideoModel model, Tensor clips, Tensor labels)
    {
        return Record(model, clips, (logits, weights) =>
        {
            using var scope = NewDisposeScope();
            var scores = logits.gather(1, labels.unsqueeze(1)).sum();
            return [.. autograd.grad([scores], weights).Select(gradient => gradient.DetachFromDisposeScope())];
        });
    }

    private static AttentionRecord Record(
        VideoModel model, Tensor clips, Func<Tensor, IList<Tensor>, IReadOnlyList<Tensor>>? gradients)
    {
        using var _ = set_grad_enabled(gradients is not null);
        var layout = TokenLayout.Of(model, clips);
        var weights = layout.Steps.Select(_ => new List<Tensor>()).ToList();                          // a step's: (B·G, A, L, L)
        using var composed = CpuKernels.Off();                                                        // they call no modules
        // The scopes around a hook are the forward pass's, which the weights outlive.
        var hooks = layout.Steps.Zip(weights, (step, own) => step.Module.register_forward_hook((_, x, result) =>
        {
            var recorded = step.Module.Weights(x).DetachFromDisposeScope();
            own.Add(recorded);
            if (gradients is null) return result;
            if (!recorded.requires_grad) recorded.requires_grad = true;                               // of a frozen model
            return step.Module.Attend(recorded, x);
        })).ToList();
        try
        {
            var logits = model.call(clips);
            var derivatives = gradients?.Invoke(logits, [.. weights.SelectMany(own => own)]);
            int next = 0;
            return new(logits.DetachFromDisposeScope(), layout.Grid, layout.ClassTokens, layout.Read,
            [
                .. layout.Steps.Zip(weights, (step, own) => new AttentionMap(step.Block, step.Name, layout.Count,
                [
                    .. step.Groups.Zip(own, (tokens, weight) => new AttentionGroup(
                        tokens.DetachFromDisposeScope(), ByClip(weight, tokens),
                        derivatives is null ? null : ByClip(derivatives[next++], tokens))),
                ])),
            ]);
        }
        catch
        {
            foreach (var recorded in weights.SelectMany(own => own)) recorded.Dispose();                  // no scope owns them
            throw;
        }
        finally
        {
            foreach (var hook in hooks) hook.remove();
        }

        // (B·G, A, L, L) to (B, G, A, L, L)
        Tensor ByClip(Tensor sequences, Tensor tokens)
        {
            using (sequences) return sequences.detach().unflatten(0, layout.Grid.Batch, tokens.shape[0]).DetachFromDisposeScope();
        }
    }
}
