using static TorchSharp.torch;

namespace TimeSformer.Checkpoints.Naming;

/// <summary>
/// facebookresearch/TimeSformer, with <c>model.</c> in front in its files, and the image ViTs whose names it took over: timm, DeiT, MAE.
/// Ours are the same.
/// </summary>
internal static class OfficialNames
{
    private static readonly WeightRule position = new("pos_embed", ["pos_embed"]);

    private static readonly IReadOnlyList<WeightRule> others =
    [
        new("cls_token", ["cls_token"]),
        new("time_embed", ["time_embed"]),
        .. WeightRule.Layer("patch_embed.proj", "patch_embed.proj"),
        .. new[] { "norm1", "attn.qkv", "attn.proj", "temporal_norm1", "temporal_attn.qkv", "temporal_attn.proj", "temporal_fc", "norm2", "mlp.fc1", "mlp.fc2" }
            .SelectMany(layer => WeightRule.Layer($"blocks.*.{layer}", $"blocks.*.{layer}")),
        .. WeightRule.Layer("norm", "norm"),
        .. WeightRule.Layer("head", "head"),
    ];

    public static NamingFamily Family { get; } = new("official", "", ["cls_token", "blocks.0.attn.qkv.weight"], [position, .. others]);

    /// <summary>DeiT with a second token, for distillation, that a video model has no place for.</summary>
    public static NamingFamily Distilled { get; } = new("distilled DeiT", "", ["dist_token", "blocks.0.attn.qkv.weight"],
        [position with { Form = WithoutDistillationToken }, .. others]);

    /// <summary>Embeddings (1, 2 + N, D) of class token, distillation token and patches to (1, 1 + N, D).</summary>
    public static Tensor WithoutDistillationToken(Tensor embeddings) => cat([embeddings[.., ..1], embeddings[.., 2..]], 1);
}
