using TimeSformer.Models;
using TimeSformer.Torch;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Bench;

/// <summary>What is measured, as on the command line.</summary>
internal sealed record Setting(string Model, string Scheme, string Precision, TimeSformerConfig Config, Precision Products, int Batch)
{
    /// <summary>Where all is computed.</summary>
    public Device Device { get; init; } = CPU;

    /// <summary>How our steps are computed in turn: composed, attention (libtorch's, in one operation) or kernels.</summary>
    public IReadOnlyList<string> Steps { get; init; } = ["kernels"];
}

/// <summary>A model and its optimizer.</summary>
internal sealed record Contender(Module<Tensor, Tensor> Model, Action ZeroGrad, Action Update);

/// <summary>Our model and the peer, with equal weights, and a batch of clips for both.</summary>
internal sealed class Trial : IDisposable
{
    public const double LearningRate = 0.005, Momentum = 0.9, WeightDecay = 1e-4;

    private const double Tolerance = 1e-4;

    private readonly Precision precision;
    private readonly Device device;
    private readonly Tensor clips;
    private readonly Tensor labels;
    private readonly SGD sgd;
    private readonly PeerSgd peerSgd;
    private readonly TimeSformerModel? masters; // of a model in a shorter type

    /// <summary>Random weights, also in temporal_fc, and random clips.</summary>
    public Trial(Setting setting)
    {
        var config = setting.Config;
        bool isShort = setting.Products is Precision.Bfloat16Weights;
        (precision, device) = (isShort ? Precision.Float32 : setting.Products, setting.Device);
        manual_seed(0);
        var model = new TimeSformerModel(config);
        using (no_grad())
        {
            foreach (var (name, parameter) in model.named_parameters())
            {
                if (name.Contains("temporal_fc", StringComparison.Ordinal)) parameter.normal_(0, config.WeightStd);
            }
        }
        var peer = new Peer(model).to(device);
        model.to(device);
        var copy = model;
        if (isShort)
        {
            masters = model;
            copy = new TimeSformerModel(config).to(device, ScalarType.BFloat16);
            peer.to(ScalarType.BFloat16);
        }
        sgd = new SGD(
            [new ParamGroup(model.parameters(), LearningRate, isShort ? copy.parameters() : null)], Momentum, WeightDecay, nesterov: true);
        peerSgd = new PeerSgd(peer.parameters(), LearningRate, Momentum, WeightDecay);
        Ours = new(copy, sgd.zero_grad, sgd.step);
        Peer = new(peer, peerSgd.ZeroGrad, peerSgd.Step);
        long[] shape = [setting.Batch, config.InChannels, config.NumFrames, config.ImageSize, config.ImageSize];  // (B, C, T, H, W)
        clips = randn(shape).to(isShort ? ScalarType.BFloat16 : ScalarType.Float32, device);
        labels = randint(0, config.NumClasses, [setting.Batch], ScalarType.Int64, device);                        // (B)
    }

    public Contender Ours { get; }

    public Contender Peer { get; }

    /// <summary>A step of training or of evaluation; the model's mode is set before.</summary>
    public void Run(Contender contender)
    {
        using var scope = NewDisposeScope();
        if (contender.Model.training)
        {
            contender.ZeroGrad();
            Backward(contender, precision, clips.shape[0]);
            contender.Update();
        }
        else
        {
            using var _ = no_grad();
            using var cast = Autocast.Begin(precision, device);
            contender.Model.call(clips);
        }
    }

    /// <summary>
    /// The largest relative difference between our logits and gradients and the peer's, without autocast and in training mode, for two
    /// clips: the norm of a difference over the norm, and where it is.
    /// </summary>
    public (double Difference, string Where) Compare()
    {
        using var scope = NewDisposeScope();
        var (ours, peer) = (Results(Ours), Results(Peer));
        return ours.Keys.Select(name => (Distance(ours[name], peer[name]), name)).Max();
    }

    /// <summary>Compares the two, in float32; rounded weights leave nothing to compare.</summary>
    /// <exception cref="InvalidOperationException">They compute something else.</exception>
    public void Check()
    {
        if (masters is not null) return;
        var (difference, where) = Compare();
        if (difference <= Tolerance) return;
        throw new InvalidOperationException($"our model and the peer differ by {difference:0.0e0} in {where}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        sgd.Dispose();
        masters?.Dispose();
        peerSgd.Dispose();
        Ours.Model.Dispose();
        Peer.Model.Dispose();
        clips.Dispose();
        labels.Dispose();
    }

    // By name; leaves no gradients.
    private Dictionary<string, Tensor> Results(Contender contender)
    {
        contender.Model.train();
        contender.ZeroGrad();
        Dictionary<string, Tensor> results = new() { ["the logits"] = Backward(contender, Precision.Float32, 2).detach() };
        foreach (var (name, parameter) in contender.Model.named_parameters()) results[$"the gradient of {name}"] = parameter.grad!;
        contender.ZeroGrad();
        return results;
    }

    // Of the first clips, at most so many; returns their logits.
    private Tensor Backward(Contender contender, Precision products, long most)
    {
        Tensor logits, loss;
        long count = Math.Min(most, clips.shape[0]);
        using (Autocast.Begin(products, device))
        {
            logits = contender.Model.call(clips.narrow(0, 0, count));
            loss = functional.cross_entropy(logits.to_type(ScalarType.Float32), labels.narrow(0, 0, count));
        }
        loss.backward();
        return logits;
    }

    private static double Distance(Tensor ours, Tensor peer)
    {
        using var scope = NewDisposeScope();
        using Scalar minus = -1;
        return ours.add(peer, minus).norm().Number() / peer.norm().Number();
    }
}
