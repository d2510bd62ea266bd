using TimeSformer.Models;
using TimeSformer.Models.Attention;
using static TorchSharp.torch;

namespace TimeSformer.Costs;

/// <summary>
/// Computes the cost of a model for any scheme, resolution and number of frames (the paper's figure 3 and its tables' TFLOPs).
/// </summary>
public static class CostModel
{
    /// <summary>The cost of a model at the clip size that it is made for.</summary>
    /// <exception cref="InputException">The sizes do not fit each other.</exception>
    public static ModelCost Of(TimeSformerConfig config, Computation computation = Computation.FusedSteps) =>
        Of(config, config.NumFrames, config.ImageSize, config.ImageSize, computation);

    /// <summary>The cost of a model for clips of T frames of H x W pixels.</summary>
    /// <param name="config">The model's sizes.</param>
    /// <param name="frames">T.</param>
    /// <param name="height">H in pixels, a multiple of the patch size.</param>
    /// <param name="width">W in pixels, a multiple of the patch size.</param>
    /// <param name="computation">How its steps are computed, for the memory.</param>
    /// <exception cref="InputException">The sizes do not fit each other.</exception>
    public static ModelCost Of(
        TimeSformerConfig config, int frames, int height, int width, Computation computation = Computation.FusedSteps)
    {
        config.Validate();
        int patch = config.PatchSize, dim = config.EmbedDim;
        if (frames <= 0 || height <= 0 || width <= 0 || height % patch != 0 || width % patch != 0)
        {
            throw new InputException(
                $"clips of {frames} frames of {height}x{width} pixels do not divide into patches of {patch}x{patch}");
        }
        var grid = new TokenGrid(1, frames, height / patch, width / patch);
        long tokens = Tokens(config, grid), values = (long)config.InChannels * patch * patch, pixels = values * grid.Patches * frames;
        List<LayerCost> layers =
        [
            // The copy of the clip in frames is stored for the convolution's gradient.
            new("patch_embed.proj", dim * (values + 1), grid.Patches * frames * values * dim, pixels),
            new("embeddings", Embeddings(config), 0, 0),
        ];
        var partitions = AttentionStep.Of(config.Attention).Select(step => (step, Shapes(step, grid))).ToList();
        for (int i = 0; i < config.Depth; i++) layers.AddRange(Block(config, $"blocks.{i}.", grid, partitions, computation));
        // The norm sees the class token, a view that keeps all of its sequence.
        layers.Add(new("norm", 2 * dim, 0, tokens * dim));
        layers.Add(new("head", (dim + 1L) * config.NumClasses, (long)dim * config.NumClasses, dim));
        return new(config, frames, height, width, computation, layers);
    }

    /// <summary>
    /// Values per clip that the last block of composed steps holds at the end of its forward pass, besides those that it stores.
    /// </summary>
    internal static long WorkingValues(ModelCost cost)
    {
        if (cost.Computation is Computation.FusedSteps) return 0; // they hold more in the backward pass
        var config = cost.Config;
        var grid = new TokenGrid(1, cost.Frames, cost.Height / config.PatchSize, cost.Width / config.PatchSize);
        // For each step the results of attention and layer, the sum and, if tokens are rearranged, their copies; then the result of the MLP
        // and the sum.
        return Tokens(config, grid) * config.EmbedDim * ((3 * AttentionStep.Of(config.Attention).Count) + 2);
    }

    private static IEnumerable<LayerCost> Block(
        TimeSformerConfig config, string block, TokenGrid grid,
        IReadOnlyList<(AttentionStep Step, List<(long Count, long Length)> Groups)> partitions, Computation computation)
    {
        bool isFused = computation is Computation.FusedSteps;
        // A step in its groups' order is composed around its attention (AddStep).
        bool isOneStep = isFused && config.Attention is not (AttentionScheme.SparseLocalGlobal or AttentionScheme.Axial);
        long dim = config.EmbedDim, tokens = Tokens(config, grid), row = tokens * dim;
        long hidden = (long)(dim * config.MlpRatio), qkvBias = config.QkvBias ? 3 * dim : 0;
        foreach (var (step, groups) in partitions)
        {
            string prefix = block + step.Prefix;
            long inGroups = groups.Sum(group => group.Count * group.Length);                         // with copies of the class token
            long pairs = groups.Sum(group => group.Count * group.Length * group.Length);
            long added = step.WithClassToken ? tokens : tokens - 1;                                  // tokens that the step adds to
            bool hasFc = step.Prefix.Length > 0;
            long stored = isOneStep ? tokens : inGroups;                                             // without copies in one step
            // Composed, attention stores the weights, and its backward pass holds their gradients and those of the scores. libtorch's
            // operation stores the log-sum-exp of each query of each head.
            long weights = computation switch
            {
                Computation.Composed => config.NumHeads * pairs,
                Computation.FusedAttention => config.NumHeads * inGroups,
                _ => 0,
            };
            long backward = computation switch
            {
                Computation.Composed => 2 * weights,
                Computation.FusedAttention => 0,
                // The gradients of the sum, the attended values, the qkv product, the normed tokens and the norm's input; the norm's result
                // and the attended values, computed anew; and, with fc, the gradient of what proj returns.
                _ => (9 + (hasFc ? 1 : 0)) * row,
            };
            yield return new(prefix + "norm1", 2 * dim, 0, row + (2 * tokens));
            // One step computes anew what the norm, attention and proj return.
            yield return new(prefix + "attn.qkv", (3 * dim * dim) + qkvBias, inGroups * 3 * dim * dim, isOneStep ? 0 : inGroups * dim);
            yield return new(
                prefix + "attn (queries by keys, weights by values)", 0, 2 * pairs * dim, (3 * stored * dim) + weights, backward);
            yield return new(prefix + "attn.proj", (dim + 1) * dim, inGroups * dim * dim, isOneStep ? 0 : stored * dim);
            if (hasFc) yield return new(prefix + "fc", (dim + 1) * dim, added * dim * dim, isOneStep ? 0 : added * dim);
        }
        yield return new(block + "norm2", 2 * dim, 0, row + (2 * tokens));
        // Fused, the MLP stores GELU's input; its backward pass holds the gradient of the sum, and first GELU's output and its gradient,
        // then this gradient, the norm's result and its gradient, all the while with GELU's input. Composed, it stores all inputs.
        yield return new(
            block + "mlp.fc1", (dim + 1) * hidden, tokens * dim * hidden, isFused ? 0 : row,
            isFused ? (3 * row) + (2 * tokens * hidden) : 0);
        yield return new(
            block + "mlp.fc2", (hidden + 1) * dim, tokens * dim * hidden, (isFused ? 1 : 2) * tokens * hidden,
            isFused ? row + (2 * tokens * hidden) : 0);
    }

    // The tokens of one clip: a class token for the clip or, space-only, for each frame.
    private static long Tokens(TimeSformerConfig config, TokenGrid grid) =>
        (grid.Patches * grid.Frames) + (config.Attention is AttentionScheme.SpaceOnly ? grid.Frames : 1);

    private static long Embeddings(TimeSformerConfig config) => config.EmbedDim *
        (1L + (config.HasSpaceEmbedding ? 1 + config.NumPatches : 0) + (config.HasTimeEmbedding ? config.NumFrames : 0));

    // The number of groups of each length, which includes the copy of the class token.
    private static List<(long Count, long Length)> Shapes(AttentionStep step, TokenGrid grid)
    {
        using var scope = NewDisposeScope();
        return [.. step.Groups(grid, CPU).Select(groups => (groups.shape[0], groups.shape[1] + (step.WithClassToken ? 1 : 0)))];
    }
}
