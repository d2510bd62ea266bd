using TimeSformer.Torch;
using static TorchSharp.torch;

namespace TimeSformer.Models.Attention;

/// <summary>How a block attends over space and time (paper, section 3 and figures 2 and 3).</summary>
public enum AttentionScheme
{
    /// <summary>Within each frame; the frames' class tokens are averaged.</summary>
    SpaceOnly,

    /// <summary>Every patch to every patch of every frame.</summary>
    JointSpaceTime,

    /// <summary>First to the same place in the other frames, then to the other places of the same frame.</summary>
    DividedSpaceTime,

    /// <summary>
    /// First to the patches of the same quarter of the frame, in all frames, then to every second patch in time, height and width.
    /// </summary>
    SparseLocalGlobal,

    /// <summary>First over time, then over the frame's width, then over its height.</summary>
    Axial,
}

/// <summary>
/// One of the attentions that a block applies in turn: which patches see each other, and whether the class token takes part.
/// </summary>
/// <param name="Name">The paper's word for it: space, time, space-time, local, global, width or height.</param>
/// <param name="Prefix">
/// How the names of its parameters begin (<c>temporal_attn.qkv.weight</c>); empty for those that an image ViT has too.
/// </param>
/// <param name="Groups">The partition of the patches, from <see cref="TokenGroups"/>.</param>
/// <param name="WithClassToken">Whether each group has a copy of the class token; the copies' results are averaged.</param>
public sealed record AttentionStep(string Name, string Prefix, Func<TokenGrid, Device, IReadOnlyList<Tensor>> Groups, bool WithClassToken)
{
    internal static readonly AttentionStep Space = new("space", "", TokenGroups.Frame, WithClassToken: true);
    internal static readonly AttentionStep SpaceTime = new("space-time", "", TokenGroups.Clip, WithClassToken: true);
    internal static readonly AttentionStep Time = new("time", "temporal_", TokenGroups.Time, WithClassToken: false);
    internal static readonly AttentionStep Local = new("local", "local_", TokenGroups.Quarter, WithClassToken: true);
    internal static readonly AttentionStep Global = new("global", "", TokenGroups.EverySecond, WithClassToken: true);
    internal static readonly AttentionStep Width = new("width", "width_", TokenGroups.Width, WithClassToken: true);
    internal static readonly AttentionStep Height = new("height", "", TokenGroups.Height, WithClassToken: true);

    /// <summary>
    /// The groups' tokens (G, L) by their number in the sequence of 1 + N·T, for each length: a patch's place + 1 and, where the class
    /// token takes part, a leading 0.
    /// </summary>
    internal IReadOnlyList<Tensor> Tokens(TokenGrid grid, Device device)
    {
        using var scope = NewDisposeScope();
        return
        [
            .. from places in Groups(grid, device)
               let tokens = places.Plus(1)
               select (WithClassToken ? cat([zeros_like(tokens[.., ..1]), tokens], 1) : tokens).MoveToOuterDisposeScope(),
        ];
    }

    /// <summary>The steps of a scheme's block in their order (paper, figure 2).</summary>
    public static IReadOnlyList<AttentionStep> Of(AttentionScheme scheme) => scheme switch
    {
        AttentionScheme.SpaceOnly => [Space],
        AttentionScheme.JointSpaceTime => [SpaceTime],
        AttentionScheme.DividedSpaceTime => [Time, Space],
        AttentionScheme.SparseLocalGlobal => [Local, Global],
        AttentionScheme.Axial => [Time, Width, Height],
        _ => throw new ArgumentException($"unknown attention scheme {scheme}"),
    };
}
