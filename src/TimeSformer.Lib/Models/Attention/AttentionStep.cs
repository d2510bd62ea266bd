using static TorchSharp.torch;

namespace TimeSformer.Models.Attention;

/// <summary>One of the attentions that a block applies one after the other: which patches see each other, and whether the class token takes part.</summary>
/// <param name="Name">What the paper calls it: space, time, space-time, local, global, width or height.</param>
/// <param name="Prefix">What the names of its weights begin with (<c>temporal_attn.qkv.weight</c>); empty for those that an image ViT has too.</param>
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
