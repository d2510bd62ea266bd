using static TorchSharp.torch;

namespace TimeSformer.Checkpoints;

// ViViT and VideoMAE, with which TimeSformer is compared.
internal static partial class Naming
{
    // Of a block that attends over whole sequences.
    private static string[] PlainLayers => ["norm1", "attn.qkv", "attn.proj", "norm2", "mlp.fc1", "mlp.fc2"];

    // VideoMAE's names are the last: others have all of them and more.
    private static NamingFamily[] Rivals() =>
    [
        HuggingFaceViViT,
        HuggingFaceVideoMae,
        // This library's, and those of MCG-NJU/VideoMAE, which writes `encoder.` before the encoder's in pre-training.
        new("VideoMAE", "", ["patch_embed.proj.weight", "blocks.0.attn.qkv.weight"],
        [
            .. Layer("patch_embed.proj", "patch_embed.proj"),
            .. VideoMaeBlock("blocks.*"),
            .. Layer("norm", "norm"),
            .. Layer("fc_norm", "fc_norm"),
            .. Layer("head", "head"),
            .. VideoMaeBlock("decoder.blocks.*"),
            .. VideoMaePretrainingRules(),
        ]),
    ];

    private static WeightRule[] HuggingFaceVideoMaeRules() =>
    [
        .. Layer("patch_embed.proj", "videomae.embeddings.patch_embeddings.projection"),
        .. HuggingFaceVideoMaeBlock("blocks.*", "videomae.encoder.layer.*"),
        .. Layer("norm", "videomae.layernorm"),
        .. Layer("fc_norm", "fc_norm"),
        .. Layer("head", "classifier"),
        .. HuggingFaceVideoMaeBlock("decoder.blocks.*", "decoder.decoder_layers.*"),
        .. VideoMaePretrainingRules(),
    ];

    private static WeightRule[] FactorizedViViTRules() =>
    [
        new("temporal_cls_token", ["temporal_cls_token"]),
        .. PlainLayers.SelectMany(layer => Layer($"temporal_blocks.*.{layer}", $"temporal_blocks.*.{layer}")),
        .. Layer("temporal_norm", "temporal_norm"),
    ];

    private static WeightRule[] VideoMaePretrainingRules() =>
    [
        new("encoder_to_decoder.weight", ["encoder_to_decoder.weight"]),
        new("mask_token", ["mask_token"]),
        .. Layer("decoder.norm", "decoder.norm"),
        .. Layer("decoder.head", "decoder.head"),
    ];

    private static WeightRule[] VideoMaeBlock(string block) =>
    [
        .. PlainLayers.SelectMany(layer => Layer($"{block}.{layer}", $"{block}.{layer}")),
        WithoutKeyBias(block, $"{block}.attn"),
    ];

    private static WeightRule[] HuggingFaceVideoMaeBlock(string block, string layer)
    {
        var attention = $"{layer}.attention.attention";
        return
        [
            .. Layer($"{block}.norm1", $"{layer}.layernorm_before"),
            new($"{block}.attn.qkv.weight", [$"{attention}.query.weight", $"{attention}.key.weight", $"{attention}.value.weight"]),
            WithoutKeyBias(block, attention),
            .. Layer($"{block}.attn.proj", $"{layer}.attention.output.dense"),
            .. Layer($"{block}.norm2", $"{layer}.layernorm_after"),
            .. Layer($"{block}.mlp.fc1", $"{layer}.intermediate.dense"),
            .. Layer($"{block}.mlp.fc2", $"{layer}.output.dense"),
        ];
    }

    // Biases of queries and values alone: that of the keys changes nothing, and is zero.
    private static WeightRule WithoutKeyBias(string block, string attention) => new(
        $"{block}.attn.qkv.bias", [$"{attention}.q_bias", $"{attention}.v_bias"],
        Join: biases => cat([biases[0], zeros_like(biases[0]), biases[1]]),
        Split: bias => bias.chunk(3) is [var queries, _, var values] ? [queries, values] : throw new ArgumentException("not three parts"));
}
