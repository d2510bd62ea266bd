using TimeSformer.Models.Attention;
using TimeSformer.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Models;

/// <summary>
/// VideoMAE's pre-training (Tong et al. 2022, section 3): the encoder sees the few tubelets of a clip that a mask leaves, and a small
/// decoder predicts the pixels of the others.
/// </summary>
/// <remarks>
/// The encoder has the names of <see cref="VideoMae"/>, <c>patch_embed, blocks, norm</c>; the rest the official ones:
/// <c>encoder_to_decoder, mask_token, decoder.{blocks.i, norm, head}</c>.
/// </remarks>
public sealed class VideoMaePretraining : VideoModel
{
    // The official code adds 1e-6 to the deviation of colors in [0, 1]; clips' colors are divided by about 0.225.
    private const double PixelEps = 1e-6 / 0.225;

    private readonly VideoMaePretrainingConfig config;

    private readonly TubeletEmbed patch_embed;
    private readonly ModuleList<TransformerBlock> blocks;
    private readonly LayerNorm norm;
    private readonly Linear encoder_to_decoder;
    private readonly Parameter mask_token;
    private readonly VideoMaeDecoder decoder;
    private readonly FixedPositions positions;
    private readonly FixedPositions decoder_positions;

    /// <summary>A model with random weights, drawn from the global generator (official initialization, modeling_pretrain.py).</summary>
    /// <exception cref="InputException">The sizes do not fit each other.</exception>
    public VideoMaePretraining(VideoMaePretrainingConfig config)
        : base(nameof(VideoMaePretraining), config)
    {
        this.config = config;
        var encoder = config.Encoder;
        patch_embed = new TubeletEmbed(encoder, encoder.TubeletFrames);
        positions = new FixedPositions(encoder);
        blocks = TransformerModel.FullAttention(encoder);
        norm = LayerNorm(encoder.EmbedDim, encoder.LayerNormEps);
        encoder_to_decoder = Linear(encoder.EmbedDim, config.DecoderDim, hasBias: false);
        mask_token = new Parameter(zeros(1, 1, config.DecoderDim));
        decoder = new VideoMaeDecoder(config.Decoder);
        decoder_positions = new FixedPositions(config.Decoder);
        RegisterComponents();
        Init.trunc_normal_(mask_token, std: 0.02);
        foreach (var linear in modules().OfType<Linear>())
        {
            init.xavier_uniform_(linear.weight!);
            if (linear.bias is not null) init.zeros_(linear.bias);
        }
    }

    internal override int Depth => config.Encoder.Depth;

    internal override string HeadName => "decoder.head";

    /// <summary>The mean squared error of the predicted pixels of masked tubelets.</summary>
    /// <param name="clips">(B, C, T, H, W), normalized RGB.</param>
    /// <param name="mask">(B, T'·N), true where masked, as from <see cref="MaskFor"/>.</param>
    /// <returns>A single number.</returns>
    /// <exception cref="ArgumentException">The clips' shape or type does not fit the model, or the mask not the clips.</exception>
    public Tensor forward(Tensor clips, Tensor mask)
    {
        using var scope = NewDisposeScope();
        var (predicted, target) = Reconstruct(clips, mask);
        return functional.mse_loss(predicted.to_type(target.dtype), target).MoveToOuterDisposeScope();
    }

    /// <summary>The mean of what the encoder makes of all tubelets of clips, none masked.</summary>
    /// <param name="x">As for <see cref="forward(Tensor, Tensor)"/>.</param>
    /// <returns>Features (B, D).</returns>
    /// <exception cref="ArgumentException">As for <see cref="forward(Tensor, Tensor)"/>.</exception>
    public override Tensor forward_features(Tensor x)
    {
        RequireClips(x);
        using var scope = NewDisposeScope();
        var grid = patch_embed.GridOf(x);
        var tokens = patch_embed.call(x).Plus(positions.call(grid, mask_token.dtype)); // (B, L, D)
        return norm.call(TransformerModel.Run(blocks, tokens, grid)).mean([1L]).MoveToOuterDisposeScope();
    }

    /// <summary>The features themselves: pre-training knows no classes.</summary>
    public override Tensor forward_head(Tensor x) => x.alias();

    /// <summary>
    /// The predicted pixels of the masked tubelets and the true ones, each channel of a tubelet normalized by its own mean and deviation
    /// if the configuration says so (<see cref="VideoMaePretrainingConfig.NormalizeTarget"/>).
    /// </summary>
    /// <param name="clips">As for <see cref="forward(Tensor, Tensor)"/>.</param>
    /// <param name="mask">As for <see cref="forward(Tensor, Tensor)"/>.</param>
    /// <returns>
    /// Both (B, M, frames · P · P · C), channels last, for M masked tubelets in ascending order; the true ones in float32 at least.
    /// </returns>
    /// <exception cref="ArgumentException">As for <see cref="forward(Tensor, Tensor)"/>.</exception>
    public (Tensor Predicted, Tensor Target) Reconstruct(Tensor clips, Tensor mask)
    {
        RequireClips(clips);
        using var scope = NewDisposeScope();
        var grid = patch_embed.GridOf(clips);
        var tokens = MaskedTokens.Of(mask, grid.Batch, grid.Frames * grid.Patches);
        var tubelets = patch_embed.Cut(clips);                                                 // (B, L, C, frames · P · P)
        var x = Encode(tubelets, tokens.Visible, grid);                                        // (B, V, D)
        x = encoder_to_decoder.call(x);                                                        // (B, V, D')
        var places = decoder_positions.call(grid, mask_token.dtype);                           // (1, L, D')
        x = x.Plus(MaskedTokens.Take(places, tokens.Visible));
        var hidden = mask_token.Plus(MaskedTokens.Take(places, tokens.Masked));                // (B, M, D')
        var predicted = decoder.call(cat([x, hidden], 1), grid, hidden.shape[1]);
        var target = Target(MaskedTokens.Take(tubelets, tokens.Masked));
        return (predicted.MoveToOuterDisposeScope(), target.MoveToOuterDisposeScope());
    }

    /// <summary>Draws masks of tubes for clips from the global generator.</summary>
    /// <param name="clips">As for <see cref="forward(Tensor, Tensor)"/>.</param>
    /// <returns>Masks (B, T'·N) on the clips' device.</returns>
    /// <exception cref="ArgumentException">The clips' shape or type does not fit the model.</exception>
    /// <exception cref="InputException">The share of the configuration leaves no place of such clips, or all, to be seen.</exception>
    public Tensor MaskFor(Tensor clips)
    {
        RequireClips(clips);
        using var scope = NewDisposeScope();
        var grid = patch_embed.GridOf(clips);
        var mask = new TubeMask((int)grid.Frames, (int)grid.Patches, config.MaskRatio).Draw(grid.Batch);
        return mask.to(clips.device).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Starts a classifier with the encoder's weights; its head, and the norm of its mean, stay as they are, as in official fine-tuning.
    /// </summary>
    /// <exception cref="ArgumentException">The classifier's sizes are not the encoder's.</exception>
    public void CopyEncoderTo(VideoMae classifier)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var mine = state_dict();
        foreach (var (name, weight) in classifier.state_dict())
        {
            if (name.Split('.')[0] is "head" or "fc_norm") continue;
            StateDict.Copy(name, mine.GetValueOrDefault(name) ?? throw new ArgumentException($"the encoder has no {name}"), weight);
        }
    }

    internal override int LayerOf(string parameter) =>
        parameter.Split('.')[0] is "patch_embed" or "blocks" ? base.LayerOf(parameter) : Depth + 1;

    internal override Tensor? Fit(string weight, Tensor value, bool isImage, InterpolationMode mode) =>
        weight is "patch_embed.proj.weight" ? patch_embed.FromImage(value) : null;

    // Visible tubelets of (B, L, C, frames · P · P) to what the encoder makes of them (B, V, D).
    private Tensor Encode(Tensor tubelets, Tensor visible, TokenGrid grid)
    {
        var x = patch_embed.Project(MaskedTokens.Take(tubelets, visible));
        x = x.Plus(MaskedTokens.Take(positions.call(grid, mask_token.dtype), visible));
        return norm.call(TransformerModel.Run(blocks, x, grid));
    }

    // (B, M, C, frames · P · P) to (B, M, frames · P · P · C).
    private Tensor Target(Tensor tubelets)
    {
        using var scope = NewDisposeScope();
        if (tubelets.dtype is not ScalarType.Float64) tubelets = tubelets.to_type(ScalarType.Float32);
        if (config.NormalizeTarget)
        {
            var deviation = tubelets.var([-1L], keepdim: true).sqrt().Plus(PixelEps);
            tubelets = (tubelets - tubelets.mean([-1L], keepdim: true)) / deviation;
        }
        return tubelets.transpose(2, 3).flatten(2).detach().MoveToOuterDisposeScope();
    }

    private void RequireClips(Tensor clips)
    {
        RequireClips(clips, mask_token.dtype);
        RequireTubelets(clips, config.Encoder.TubeletFrames);
        RequirePatches(clips, config.Encoder.PatchSize);
    }
}

/// <summary>VideoMAE's decoder: a ViT on all tokens that predicts the pixels of the last ones.</summary>
internal sealed class VideoMaeDecoder : Module<Tensor, TokenGrid, long, Tensor>
{
    private readonly ModuleList<TransformerBlock> blocks;
    private readonly LayerNorm norm;
    private readonly Linear head;

    /// <param name="config">Sizes, with the decoder's width.</param>
    public VideoMaeDecoder(VideoMaeConfig config)
        : base(nameof(VideoMaeDecoder))
    {
        blocks = TransformerModel.FullAttention(config);
        norm = LayerNorm(config.EmbedDim, config.LastNormEps ?? config.LayerNormEps);
        head = Linear(config.EmbedDim, config.TubeletFrames * config.PatchSize * config.PatchSize * config.InChannels);
        RegisterComponents();
    }

    /// <summary>Tokens (B, L, D'), of which the last are masked, to their pixels (B, masked, frames · P · P · C).</summary>
    public override Tensor forward(Tensor x, TokenGrid grid, long masked)
    {
        using var scope = NewDisposeScope();
        x = TransformerModel.Run(blocks, x, grid);
        return head.call(norm.call(x.narrow(1, x.shape[1] - masked, masked))).MoveToOuterDisposeScope();
    }
}
