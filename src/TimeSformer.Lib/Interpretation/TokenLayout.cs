using TimeSformer.Models;
using TimeSformer.Models.Attention;
using TimeSformer.Torch;
using static TorchSharp.torch;

namespace TimeSformer.Interpretation;

/// <summary>One attention of one block: the module, and the groups within which it attends.</summary>
/// <param name="Block">The block's index from 0.</param>
/// <param name="Name">As <see cref="AttentionStep.Name"/>.</param>
/// <param name="Module">The module whose input is the groups' tokens.</param>
/// <param name="Groups">The tokens' numbers (G, L) int64, a tensor for each call of the module.</param>
internal sealed record LayoutStep(int Block, string Name, SelfAttention Module, IReadOnlyList<Tensor> Groups);

/// <summary>
/// The tokens of a clip while a transformer computes, numbered in one sequence: first its class tokens, then the patches (h, w, t) at
/// (h·W + w)·T + t. A model that sees each frame by itself has a class token for each.
/// </summary>
/// <param name="Grid">The patches, or tubelets.</param>
/// <param name="ClassTokens">How many there are.</param>
/// <param name="Read">The head sees the mean of so many tokens, the first ones.</param>
/// <param name="Steps">The attentions in the order of computation.</param>
internal sealed record TokenLayout(TokenGrid Grid, int ClassTokens, int Read, IReadOnlyList<LayoutStep> Steps)
{
    /// <summary>S, the number of tokens.</summary>
    public int Count => ClassTokens + (int)(Grid.Patches * Grid.Frames);

    /// <summary>The layout of a model's tokens for clips (B, C, T, H, W); the caller owns the steps' tensors.</summary>
    /// <exception cref="ArgumentException">The clips' shape does not fit the model.</exception>
    /// <exception cref="InputException">The model has no attention.</exception>
    public static TokenLayout Of(VideoModel model, Tensor clips)
    {
        if (model is not TransformerModel transformer)
        {
            throw new InputException($"{model.GetName()} has no attention; see where it looks by occlusion or by gradients");
        }
        using var scope = NewDisposeScope();
        var layout = Of(transformer, transformer.Embed(clips).Grid, clips.device);
        foreach (var tokens in layout.Steps.SelectMany(step => step.Groups)) tokens.MoveToOuterDisposeScope();
        return layout;
    }

    private static TokenLayout Of(TransformerModel model, TokenGrid grid, Device device)
    {
        int frames = (int)grid.Frames, patches = (int)grid.Patches * frames, depth = model.Blocks.Count;
        switch (model)
        {
            case VisionTransformer or TimeSformerModel { Config: TimeSformerConfig { Attention: AttentionScheme.SpaceOnly } }:
                return new(grid, frames, frames, [.. model.Blocks.Select((block, i) => Frames(block, i, before: 0))]);
            case TimeSformerModel { Config: TimeSformerConfig { Attention: var scheme } }:
                var steps = AttentionStep.Of(scheme);
                return new(grid, 1, 1, [.. model.Blocks.SelectMany((block, i) => steps.Select(step => Partition(block, i, step)))]);
            case VideoMae { Config: VideoMaeConfig { MeanPooling: var isMean } }:
                return new(grid, 0, isMean ? patches : 1, [.. model.Blocks.Select((block, i) => Clip(block, i, cls: 0))]);
            case ViViT:
                return new(grid, 1, 1, [.. model.Blocks.Select((block, i) => Clip(block, i, cls: 1))]);
            case FactorizedViViT factorized:
                // The encoder in time has a class token of its own, and the frames' class tokens.
                return new(grid, 1 + frames, 1,
                [
                    .. model.Blocks.Select((block, i) => Frames(block, i, before: 1)),
                    .. factorized.TemporalBlocks.Select((block, i) => new LayoutStep(
                        depth + i, "time", Attention(block), [Numbers(0, 1 + frames).unsqueeze(0)])),
                ]);
            default:
                throw new InputException($"the attention of {model.GetName()} is not recorded");
        }

        Tensor Numbers(int start, int count) => arange(start, start + count, ScalarType.Int64, device);

        // Each frame with its class token: (T, 1 + N).
        LayoutStep Frames(TransformerBlock block, int i, int before) => new(i, "space", Attention(block),
            [cat([Numbers(before, frames).unsqueeze(1), TokenGroups.Frame(grid, device)[0].Plus(before + frames)], 1)]);

        // The whole clip, frame by frame: (1, 1 + T·N), or without class token.
        LayoutStep Clip(TransformerBlock block, int i, int cls) => new(i, "space-time", Attention(block),
            [cat([Numbers(0, cls), TokenGroups.Frame(grid, device)[0].flatten().Plus(cls)]).unsqueeze(0)]);

        LayoutStep Partition(TransformerBlock block, int i, AttentionStep step) =>
            new(i, step.Name, Attention(block, step.Prefix), step.Tokens(grid, device));
    }

    private static SelfAttention Attention(TransformerBlock block, string prefix = "") =>
        (SelfAttention)block.named_children().First(child => child.name == $"{prefix}attn").module;
}
