using TimeSformer.Models.Convolution;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Models;

/// <summary>
/// A ResNet on each frame and gated recurrent units over time, as in the Keras tutorial "Video Classification with a CNN-RNN Architecture"
/// (Paul, 2021), whose frames an Inception-v3 sees: two GRU layers, dropout, a dense layer with ReLU and the classifier.
/// </summary>
/// <remarks>The ResNet's weights have torchvision's names after <c>backbone.</c>; the others are <c>gru1, gru2, dense, head</c>.</remarks>
public sealed class CnnGru : VideoModel
{
    private readonly ResNet backbone;
    private readonly GRU gru1;
    private readonly GRU gru2;
    private readonly Dropout drop;
    private readonly Linear dense;
    private readonly Linear head;

    /// <summary>A model with random weights, drawn from the global generator (torchvision's and Keras's initialization).</summary>
    /// <exception cref="InputException">The sizes do not fit each other.</exception>
    public CnnGru(CnnGruConfig config)
        : this(config, initialize: true)
    {
    }

    internal CnnGru(CnnGruConfig config, bool initialize)
        : base(nameof(CnnGru), config)
    {
        backbone = new ResNet(config.InChannels, config.Width, config.Depths, config.IsDeep);
        gru1 = GRU(backbone.Features, config.FirstGru, batchFirst: true);
        gru2 = GRU(config.FirstGru, config.SecondGru, batchFirst: true);
        drop = Dropout(config.DropRate);
        dense = Linear(config.SecondGru, config.DenseWidth);
        head = Linear(config.DenseWidth, config.NumClasses);
        RegisterComponents();
        if (initialize) Initialize();
    }

    internal override int Depth => 4;

    /// <summary>The recurrent layers' state after the last frame.</summary>
    /// <param name="x">Clips (B, C, T, H, W), normalized RGB, of any frames, height and width.</param>
    /// <returns>Features (B, SecondGru).</returns>
    /// <exception cref="ArgumentException">The clips' shape or type does not fit the model; the message says how.</exception>
    public override Tensor forward_features(Tensor x)
    {
        RequireClips(x, head.weight!.dtype);
        using var scope = NewDisposeScope();
        var (batch, frames) = (x.shape[0], x.shape[2]);
        x = backbone.call(x.transpose(1, 2).flatten(0, 1)).view(batch, frames, backbone.Features);        // (B, T, D)
        var (states, _) = gru1.call(x);                                                                   // (B, T, FirstGru)
        (states, _) = gru2.call(states);                                                                  // (B, T, SecondGru)
        return states.select(1, frames - 1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor forward_head(Tensor x)
    {
        using var scope = NewDisposeScope();
        return head.call(dense.call(drop.call(x)).relu_()).MoveToOuterDisposeScope();
    }

    // The ResNet's stages are the layers; what has no pretrained weights learns as the head does.
    internal override int LayerOf(string parameter) => parameter.Split('.') switch
    {
        ["backbone", ['l', 'a', 'y', 'e', 'r', var layer], ..] => layer - '0',
        ["backbone", ..] => 0,
        _ => Depth + 1,
    };

    // Keras draws kernels as Glorot and Bengio 2010 and recurrent ones orthogonal, and starts from biases of zero.
    private void Initialize()
    {
        using var _ = no_grad();
        backbone.Initialize();
        var added = named_parameters().Where(named => !named.name.StartsWith("backbone.", StringComparison.Ordinal));
        foreach (var (name, parameter) in added)
        {
            if (parameter.dim() == 1) init.zeros_(parameter);
            else if (name.Contains("weight_hh", StringComparison.Ordinal)) init.orthogonal_(parameter);
            else init.xavier_uniform_(parameter);
        }
    }
}
