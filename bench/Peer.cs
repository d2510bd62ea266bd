using TimeSformer.Models;
using TimeSformer.Models.Attention;
using TimeSformer.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Bench;

/// <summary>
/// The sequence of operations of the official model (timesformer/models/vit.py), in TorchSharp: its rearrangements and copies, and
/// attention composed of products and a softmax. Its parameters have the same names as ours. Without dropout and stochastic depth, which
/// are the identity at rate 0.
/// </summary>
internal sealed class Peer : Module<Tensor, Tensor>
{
    private readonly AttentionScheme scheme;
    private readonly Parameter cls_token;
    private readonly Parameter pos_embed;
    private readonly Parameter? time_embed;
    private readonly PeerPatches patch_embed;
    private readonly ModuleList<PeerBlock> blocks;
    private readonly LayerNorm norm;
    private readonly Linear head;

    /// <summary>A peer with a copy of a model's weights.</summary>
    /// <param name="model">Divided, joint or space-only, with the official embeddings.</param>
    public Peer(TimeSformerModel model)
        : base(nameof(Peer))
    {
        var config = (TimeSformerConfig)model.Config;
        scheme = config.Attention;
        cls_token = new Parameter(zeros(1, 1, config.EmbedDim));
        pos_embed = new Parameter(zeros(1, config.NumPatches + 1, config.EmbedDim));
        time_embed = config.HasTimeEmbedding ? new Parameter(zeros(1, config.NumFrames, config.EmbedDim)) : null;
        patch_embed = new PeerPatches(config);
        blocks = [.. Enumerable.Range(0, config.Depth).Select(_ => new PeerBlock(config))];
        norm = LayerNorm(config.EmbedDim, config.LayerNormEps);
        head = Linear(config.EmbedDim, config.NumClasses);
        RegisterComponents();
        load_state_dict(model.state_dict());
    }

    /// <summary>Clips (B, C, T, H, W) to logits (B, classes).</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        long batch = x.shape[0], frames = x.shape[2];
        x = Embed(x);
        foreach (var block in blocks) x = x.Then(tokens => block.call(tokens, batch, frames));
        if (scheme is AttentionScheme.SpaceOnly) x = x.unflatten(0, batch, frames).mean([1L]);            // (B, 1 + N, D)
        x = norm.call(x);                                                                                 // of all tokens
        return head.call(x[.., 0]).MoveToOuterDisposeScope();
    }

    // Clips to tokens (B, 1 + N·T, D) or, space-only, (B·T, 1 + N, D).
    private Tensor Embed(Tensor x)
    {
        using var scope = NewDisposeScope();
        long batch = x.shape[0], frames = x.shape[2];
        x = patch_embed.call(x);                                                                          // (B·T, N, D)
        long patches = x.shape[1], dim = x.shape[2];
        x = cat([cls_token.expand(batch * frames, -1, -1), x], 1).Plus(pos_embed);                        // (B·T, 1 + N, D)
        if (time_embed is not null)
        {
            var cls = x[..(int)batch, 0].unsqueeze(1);                                                    // (B, 1, D)
            x = x[.., 1..].reshape(batch, frames, patches, dim).permute(0, 2, 1, 3).reshape(batch * patches, frames, dim);
            x = x.Plus(time_embed).reshape(batch, patches * frames, dim);
            x = cat([cls, x], 1);                                                                         // (B, 1 + N·T, D)
        }
        return x.MoveToOuterDisposeScope();
    }
}

/// <summary>A convolution over the frames.</summary>
internal sealed class PeerPatches : Module<Tensor, Tensor>
{
    private readonly Conv2d proj;

    public PeerPatches(TimeSformerConfig config)
        : base(nameof(PeerPatches))
    {
        proj = Conv2d(config.InChannels, config.EmbedDim, kernel_size: config.PatchSize, stride: config.PatchSize);
        RegisterComponents();
    }

    /// <summary>Clips (B, C, T, H, W) to (B·T, N, D).</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var images = x.permute(0, 2, 1, 3, 4).reshape(x.shape[0] * x.shape[2], x.shape[1], x.shape[3], x.shape[4]);
        return proj.call(images).flatten(2).transpose(1, 2).MoveToOuterDisposeScope();
    }
}

/// <summary>A block of the official model, for its three schemes.</summary>
internal sealed class PeerBlock : Module<Tensor, long, long, Tensor>
{
    private readonly LayerNorm norm1;
    private readonly PeerAttention attn;
    private readonly LayerNorm? temporal_norm1;
    private readonly PeerAttention? temporal_attn;
    private readonly Linear? temporal_fc;
    private readonly LayerNorm norm2;
    private readonly PeerMlp mlp;

    public PeerBlock(TimeSformerConfig config)
        : base(nameof(PeerBlock))
    {
        norm1 = LayerNorm(config.EmbedDim, config.LayerNormEps);
        attn = new PeerAttention(config);
        if (config.Attention is AttentionScheme.DividedSpaceTime)
        {
            temporal_norm1 = LayerNorm(config.EmbedDim, config.LayerNormEps);
            temporal_attn = new PeerAttention(config);
            temporal_fc = Linear(config.EmbedDim, config.EmbedDim);
        }
        norm2 = LayerNorm(config.EmbedDim, config.LayerNormEps);
        mlp = new PeerMlp(config);
        RegisterComponents();
    }

    /// <summary>Tokens, as the model's, of B clips of T frames.</summary>
    public override Tensor forward(Tensor x, long batch, long frames)
    {
        using var scope = NewDisposeScope();
        x = temporal_attn is null ? x.Plus(attn.call(norm1.call(x))) : Divided(x, batch, frames);
        return x.Plus(mlp.call(norm2.call(x))).MoveToOuterDisposeScope();
    }

    // As in the official code, its results live until the block ends, except for those whose names get another value.
    private Tensor Divided(Tensor x, long batch, long frames)
    {
        long patches = (x.shape[1] - 1) / frames, dim = x.shape[2];
        var places = x[.., 1..].reshape(batch * patches, frames, dim);                                    // (B·N, T, D), a copy
        var temporal = temporal_attn!.call(temporal_norm1!.call(places)).reshape(batch, patches * frames, dim);
        temporal = temporal.Then(temporal_fc!.call);                                                      // (B, N·T, D)
        var xt = x[.., 1..].Plus(temporal);                                                               // (B, N·T, D)

        var cls = x[.., 0].unsqueeze(1);                                                                  // (B, 1, D)
        var copies = cls.repeat(1, frames, 1).reshape(batch * frames, dim).unsqueeze(1);                  // (B·T, 1, D)
        var xs = xt.reshape(batch, patches, frames, dim).permute(0, 2, 1, 3).reshape(batch * frames, patches, dim);
        xs = xs.Then(inFrames => cat([copies, inFrames], 1));                                             // (B·T, 1 + N, D)
        using var spatial = attn.call(norm1.call(xs));                                                    // (B·T, 1 + N, D)
        var mean = spatial[.., 0].reshape(batch, frames, dim).mean([1L], keepdim: true);                  // (B, 1, D)
        var res = spatial[.., 1..].reshape(batch, frames, patches, dim).permute(0, 2, 1, 3)
            .reshape(batch, patches * frames, dim);                                                       // (B, N·T, D)
        return cat([cls, xt], 1).Plus(cat([mean, res], 1));                                               // (B, 1 + N·T, D)
    }
}

/// <summary>Multi-head attention of two products and a softmax.</summary>
internal sealed class PeerAttention : Module<Tensor, Tensor>
{
    private readonly int heads;
    private readonly Linear qkv;
    private readonly Linear proj;

    public PeerAttention(TimeSformerConfig config)
        : base(nameof(PeerAttention))
    {
        heads = config.NumHeads;
        qkv = Linear(config.EmbedDim, 3 * config.EmbedDim, hasBias: config.QkvBias);
        proj = Linear(config.EmbedDim, config.EmbedDim);
        RegisterComponents();
    }

    /// <summary>Sequences (S, L, D) to (S, L, D).</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        long sequences = x.shape[0], length = x.shape[1], dim = x.shape[2];
        var all = qkv.call(x).reshape(sequences, length, 3, heads, dim / heads).permute(2, 0, 3, 1, 4);   // (3, S, A, L, D/A)
        var (q, k, v) = (all.select(0, 0), all.select(0, 1), all.select(0, 2));                           // each (S, A, L, D/A)
        var weights = q.matmul(k.transpose(-2, -1))
            .Then(scores => scores.Times(Math.Pow(dim / heads, -0.5)))
            .Then(scores => scores.softmax(-1));                                                          // (S, A, L, L)
        var attended = weights.matmul(v).Then(values => values.transpose(1, 2).reshape(sequences, length, dim));
        return proj.call(attended).MoveToOuterDisposeScope();
    }
}

/// <summary>Linear, GELU and linear.</summary>
internal sealed class PeerMlp : Module<Tensor, Tensor>
{
    private readonly Linear fc1;
    private readonly Linear fc2;

    public PeerMlp(TimeSformerConfig config)
        : base(nameof(PeerMlp))
    {
        int hidden = (int)(config.EmbedDim * config.MlpRatio);
        fc1 = Linear(config.EmbedDim, hidden);
        fc2 = Linear(hidden, config.EmbedDim);
        RegisterComponents();
    }

    /// <summary>(..., D) to (..., D).</summary>
    public override Tensor forward(Tensor x) => fc1.call(x).Then(hidden => functional.gelu(hidden)).Then(fc2.call);
}

/// <summary>
/// SGD with the operations that <c>torch.optim.SGD</c> calls for each parameter (torch/optim/sgd.py, its loop for the CPU): Nesterov
/// momentum without dampening, and weight decay.
/// </summary>
internal sealed class PeerSgd(IEnumerable<Parameter> parameters, double learningRate, double momentum, double weightDecay) : IDisposable
{
    private readonly List<Parameter> parameters = [.. parameters];
    private readonly Dictionary<Parameter, Tensor> buffers = new(ReferenceEqualityComparer.Instance);

    /// <summary>Updates all parameters that have gradients.</summary>
    public void Step()
    {
        using var _ = no_grad();
        using Scalar decay = weightDecay, factor = momentum, stepSize = -learningRate, one = 1;
        foreach (var parameter in parameters)
        {
            using var scope = NewDisposeScope();
            if (parameter.grad is not { } gradient) continue;
            var decayed = gradient.add(parameter, decay);
            if (buffers.TryGetValue(parameter, out var buffer)) buffer.mul_(factor).add_(decayed, one);
            else buffers[parameter] = buffer = decayed.clone().DetachFromDisposeScope();
            parameter.add_(decayed.add(buffer, factor), stepSize);
        }
    }

    /// <summary>Sets all gradients to null.</summary>
    public void ZeroGrad() => parameters.ForEach(parameter => parameter.grad = null);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var buffer in buffers.Values) buffer.Dispose();
    }
}

internal static class Values
{
    /// <summary>Frees a value when its successor exists, as Python does where a name gets another value.</summary>
    public static Tensor Then(this Tensor value, Func<Tensor, Tensor> next)
    {
        using (value) return next(value);
    }
}
