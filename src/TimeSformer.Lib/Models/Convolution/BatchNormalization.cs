using TimeSformer.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Models.Convolution;

/// <summary>
/// Batch normalization of maps (B, C, ...) of any number of dimensions, with PyTorch's buffers. TorchSharp's own counts its batches with an
/// unsafe Scalar (<see cref="Arithmetic"/>).
/// </summary>
internal sealed class BatchNormalization : Module<Tensor, Tensor>
{
    internal const double Eps = 1e-5;

    private const double Momentum = 0.1;

    internal readonly Parameter weight;
    internal readonly Parameter bias;
    private readonly Tensor running_mean;
    private readonly Tensor running_var;
    private readonly Tensor num_batches_tracked;

    public BatchNormalization(int channels)
        : base(nameof(BatchNormalization))
    {
        weight = new Parameter(ones(channels));
        bias = new Parameter(zeros(channels));
        running_mean = zeros(channels);
        running_var = ones(channels);
        num_batches_tracked = zeros(Array.Empty<long>(), ScalarType.Int64);
        RegisterComponents();
    }

    /// <summary>
    /// (B, C, ...) to (B, C, ...); in training with the batch's statistics, which also move the running ones, unless weights are frozen.
    /// </summary>
    public override Tensor forward(Tensor x)
    {
        bool learns = training && weight.requires_grad;
        if (learns)
        {
            using var _ = no_grad();
            num_batches_tracked.add_(Arithmetic.One);
        }
        return functional.batch_norm(x, running_mean, running_var, weight, bias, learns, Momentum, Eps);
    }
}
