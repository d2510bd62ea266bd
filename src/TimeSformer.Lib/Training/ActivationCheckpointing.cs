using TimeSformer.Models;
using TimeSformer.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace TimeSformer.Training;

/// <summary>
/// Gradients in less memory and more time: the forward pass keeps only the blocks' inputs, and the backward pass recomputes each
/// block (Chen, Xu, Zhang, Guestrin, "Training Deep Nets with Sublinear Memory Cost", 2016, arXiv 1604.06174).
/// </summary>
/// <remarks>
/// On the CPU, gradients and later random numbers are those of an ordinary pass. TorchSharp can neither save nor restore a CUDA generator:
/// there each block's dropout starts with its own seed, drawn from the CPU's generator.
/// </remarks>
public static class ActivationCheckpointing
{
    /// <summary>Adds the gradients of a loss to those of the model's weights.</summary>
    /// <param name="model">On the clips' device.</param>
    /// <param name="clips">(B, C, T, H, W).</param>
    /// <param name="loss">Logits (B, classes) to a single number.</param>
    /// <param name="precision">Of the forward passes.</param>
    /// <returns>The loss, a single number without gradient.</returns>
    public static Tensor Backward(
        TransformerModel model, Tensor clips, Func<Tensor, Tensor> loss, Precision precision = Precision.Float32)
    {
        using var scope = NewDisposeScope();
        var (embedded, grid) = Cast(() => model.Embed(clips));                   // (B, 1 + N·T, D)
        var (blocks, inputs, replays) = (model.Blocks, new List<Tensor>(), new List<Action>());
        var (tokens, trained) = (embedded.detach(), embedded.requires_grad);
        foreach (var block in blocks)
        {
            inputs.Add(tokens);
            replays.Add(Replay(clips.device));
            using (no_grad()) tokens = Cast(() => block.call(tokens, grid));
            inputs[^1].requires_grad = trained;
            trained |= block.parameters().Any(weight => weight.requires_grad);
        }
        tokens.requires_grad = trained;
        using var total = Cast(() => loss(model.forward_head(model.Pool(tokens, grid))));
        total.backward();

        var later = Replay(clips.device);
        var gradient = tokens.grad;                                              // null where nothing below is trained
        tokens.Dispose();
        for (int i = blocks.Count - 1; i >= 0 && gradient is not null; i--)
        {
            using var input = inputs[i];
            using var above = gradient;
            replays[i]();
            using var output = Cast(() => blocks[i].call(input, grid));
            output.backward([above]);
            gradient = input.grad;
        }
        if (gradient is not null) embedded.backward([gradient]);
        later();
        return total.detach().MoveToOuterDisposeScope();

        // Each in a stretch of its own, which forgets the weights' casts: those of a pass without gradients have none.
        T Cast<T>(Func<T> forward)
        {
            using var autocast = Autocast.Begin(precision, clips.device);
            return forward();
        }
    }

    // Lets what is drawn from here on be drawn again.
    private static Action Replay(Device device)
    {
        if (device.type is DeviceType.CPU)
        {
            var state = get_rng_state();
            return () => RandomState.set_rng_state(state);
        }
        long seed = randint(int.MaxValue, new long[] { 1 }, ScalarType.Int64).item<long>();
        cuda.manual_seed_all(seed);
        return () => cuda.manual_seed_all(seed);
    }
}
