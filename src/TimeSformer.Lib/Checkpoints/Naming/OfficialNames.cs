using static TorchSharp.torch;

namespace TimeSformer.Checkpoints.Naming;

/// <summary>
/// facebookresearch/TimeSformer, with <c>model.</c> in front in its files, and the image ViTs whose names it took over: timm, DeiT, MAE.
/// Ours are the same, with more kinds of attention.
/// </summary>
internal static class OfficialNames
{
    private static readonly WeightRule position = new("pos_embed", ["pos_embed"]);

    private static readonly IReadOnlyList<WeightRule> others =
    [
        new("cls_token", ["cls_token"]),
        new("time_embed", ["time_embed"]),
        .. WeightRule.Layer("patch_embed.proj", "patch_embed.proj"),
        .. new[] { "norm1", "attn.qkv", "attn.proj", "norm2", "mlp.fc1", "mlp.fc2" }.SelectMany(BlockLayer),
        .. new[] { "temporal", "local", "width" }.SelectMany(step => new[] { "norm1", "attn.qkv", "attn.proj", "fc" }.SelectMany(layer => BlockLayer($"{step}_{layer}"))),
        .. WeightRule.Layer("norm", "norm"),
        .. WeightRule.Layer("head", "head"),
    ];

    public static NamingFamily Family { get; } = new("official", "", ["cls_token", "blocks.0.attn.qkv.weight"], [position, .. others]);

    /// <summary>DeiT with a second token, for distillation, that a video model has no place for.</summary>
    public static NamingFamily Distilled { get; } = new("distilled DeiT", "", ["dist_token", "blocks.0.attn.qkv.weight"],
        [position with { Form = WithoutDistillationToken }, .. others]);

    private static IEnumerable<WeightRule> BlockLayer(string name) => WeightRule.Layer($"blocks.*.{name}", $"blocks.*.{name}");

    /// <summary>Embeddings (1, 2 + N, D) of class token, distillation token and patches to (1, 1 + N, D).</summary>
    public static Tensor WithoutDistillationToken(Tensor embeddings) => cat([embeddings[.., ..1], embeddings[.., 2..]], 1);
}
