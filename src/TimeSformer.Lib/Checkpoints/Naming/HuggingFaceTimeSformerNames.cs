namespace TimeSformer.Checkpoints.Naming;

/// <summary>TimesformerForVideoClassification and TimesformerModel of Hugging Face's transformers.</summary>
internal static class HuggingFaceTimeSformerNames
{
    public static NamingFamily Family { get; } = new("Hugging Face TimeSformer", "timesformer.", ["embeddings.cls_token", "encoder.layer.0.attention.attention.qkv.weight"],
    [
        new("cls_token", ["timesformer.embeddings.cls_token"]),
        new("pos_embed", ["timesformer.embeddings.position_embeddings"]),
        new("time_embed", ["timesformer.embeddings.time_embeddings"]),
        .. WeightRule.Layer("patch_embed.proj", "timesformer.embeddings.patch_embeddings.projection"),
        .. new[]
        {
            ("norm1", "layernorm_before"), ("attn.qkv", "attention.attention.qkv"), ("attn.proj", "attention.output.dense"),
            ("temporal_norm1", "temporal_layernorm"), ("temporal_attn.qkv", "temporal_attention.attention.qkv"),
            ("temporal_attn.proj", "temporal_attention.output.dense"), ("temporal_fc", "temporal_dense"),
            ("norm2", "layernorm_after"), ("mlp.fc1", "intermediate.dense"), ("mlp.fc2", "output.dense"),
        }.SelectMany(layer => WeightRule.Layer($"blocks.*.{layer.Item1}", $"timesformer.encoder.layer.*.{layer.Item2}")),
        .. WeightRule.Layer("norm", "timesformer.layernorm"),
        .. WeightRule.Layer("head", "classifier"),
    ]);
}
