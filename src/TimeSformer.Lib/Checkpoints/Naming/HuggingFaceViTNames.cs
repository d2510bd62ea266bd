namespace TimeSformer.Checkpoints.Naming;

/// <summary>ViTModel, DeiTModel and their classifiers of Hugging Face's transformers: queries, keys and values are layers of their own.</summary>
internal static class HuggingFaceViTNames
{
    public static NamingFamily Family { get; } = new("Hugging Face ViT", "vit.", anchors, Rules("vit.", "classifier"));

    public static NamingFamily DeiT { get; } = new("Hugging Face DeiT", "deit.", anchors, Rules("deit.", "classifier"));

    /// <summary>DeiT with its distillation token.</summary>
    public static NamingFamily Distilled { get; } = new("Hugging Face distilled DeiT", "deit.", ["embeddings.distillation_token", .. anchors],
    [
        .. Rules("deit.", "cls_classifier").Select(rule => rule.Ours == "pos_embed" ? rule with { Form = OfficialNames.WithoutDistillationToken } : rule),
    ]);

    private static string[] anchors => ["embeddings.cls_token", "encoder.layer.0.attention.attention.query.weight"];

    private static IReadOnlyList<WeightRule> Rules(string stem, string head) =>
    [
        new("cls_token", [$"{stem}embeddings.cls_token"]),
        new("pos_embed", [$"{stem}embeddings.position_embeddings"]),
        .. WeightRule.Layer("patch_embed.proj", $"{stem}embeddings.patch_embeddings.projection"),
        .. WeightRule.Layer("blocks.*.norm1", $"{stem}encoder.layer.*.layernorm_before"),
        .. WeightRule.Layer("blocks.*.attn.qkv", $"{stem}encoder.layer.*.attention.attention.query", $"{stem}encoder.layer.*.attention.attention.key", $"{stem}encoder.layer.*.attention.attention.value"),
        .. WeightRule.Layer("blocks.*.attn.proj", $"{stem}encoder.layer.*.attention.output.dense"),
        .. WeightRule.Layer("blocks.*.norm2", $"{stem}encoder.layer.*.layernorm_after"),
        .. WeightRule.Layer("blocks.*.mlp.fc1", $"{stem}encoder.layer.*.intermediate.dense"),
        .. WeightRule.Layer("blocks.*.mlp.fc2", $"{stem}encoder.layer.*.output.dense"),
        .. WeightRule.Layer("norm", $"{stem}layernorm"),
        .. WeightRule.Layer("head", head),
    ];
}
