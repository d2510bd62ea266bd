namespace TimeSformer.Checkpoints.Naming;

/// <summary>
/// The .npz files of google-research/vision_transformer. Flax keeps kernels input first: a convolution (H, W, in, out), a layer (in, out),
/// attention's with its heads apart, queries (D, A, D/A) and the output (A, D/A, D).
/// </summary>
internal static class GoogleViTNames
{
    private const string Block = "Transformer/encoderblock_*/";
    private const string Attention = $"{Block}MultiHeadDotProductAttention_1/";

    public static NamingFamily Family { get; } = new("Google ViT", "", ["cls", "Transformer/encoderblock_0/LayerNorm_0/scale"],
    [
        new("cls_token", ["cls"]),
        new("pos_embed", ["Transformer/posembed_input/pos_embedding"]),
        new("patch_embed.proj.weight", ["embedding/kernel"], kernel => kernel.permute(3, 2, 0, 1)),
        new("patch_embed.proj.bias", ["embedding/bias"]),
        .. Norm("blocks.*.norm1", $"{Block}LayerNorm_0"),
        new("blocks.*.attn.qkv.weight", QueryKeyValue("kernel"), kernel => kernel.flatten(1).t()),
        new("blocks.*.attn.qkv.bias", QueryKeyValue("bias"), bias => bias.flatten()),
        new("blocks.*.attn.proj.weight", [$"{Attention}out/kernel"], kernel => kernel.flatten(0, 1).t()),
        new("blocks.*.attn.proj.bias", [$"{Attention}out/bias"]),
        .. Norm("blocks.*.norm2", $"{Block}LayerNorm_2"),
        .. Dense("blocks.*.mlp.fc1", $"{Block}MlpBlock_3/Dense_0"),
        .. Dense("blocks.*.mlp.fc2", $"{Block}MlpBlock_3/Dense_1"),
        .. Norm("norm", "Transformer/encoder_norm"),
        .. Dense("head", "head"),
    ]);

    private static string[] QueryKeyValue(string kind) => [$"{Attention}query/{kind}", $"{Attention}key/{kind}", $"{Attention}value/{kind}"];

    private static IEnumerable<WeightRule> Norm(string ours, string theirs) => [new($"{ours}.weight", [$"{theirs}/scale"]), new($"{ours}.bias", [$"{theirs}/bias"])];

    private static IEnumerable<WeightRule> Dense(string ours, string theirs) => [new($"{ours}.weight", [$"{theirs}/kernel"], kernel => kernel.t()), new($"{ours}.bias", [$"{theirs}/bias"])];
}
