using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TimeSformer.Torch;

/// <summary>
/// AdamW (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019, arXiv 1711.05101) as PyTorch's <c>torch.optim.AdamW</c>.
/// </summary>
/// <param name="groups">The weights.</param>
/// <param name="beta1">Of the gradient's average.</param>
/// <param name="beta2">Of its square's.</param>
/// <param name="eps">Added to the root of the square's average.</param>
/// <param name="weightDecay">A share of the weight, times the rate; 0 for none.</param>
public sealed class AdamW(
    IEnumerable<ParamGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weightDecay = 0.01)
    : Optimizer(groups, "exp_avg", "exp_avg_sq")
{
    /// <summary>All weights at one rate.</summary>
    public AdamW(
        IEnumerable<Parameter> parameters, double learningRate = 1e-3,
        double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weightDecay = 0.01)
        : this([new ParamGroup(parameters, learningRate)], beta1, beta2, eps, weightDecay)
    {
    }

    private protected override void Update(Tensor weights, Tensor gradients, Tensor[] state, double rate, long step)
    {
        var (average, square) = (state[0], state[1]);
        double correction = 1 - Math.Pow(beta1, step), squareCorrection = 1 - Math.Pow(beta2, step);
        using Scalar kept = 1 - (rate * weightDecay), past = beta1, present = 1 - beta1, pastSquare = beta2, presentSquare = 1 - beta2;
        using Scalar root = Math.Sqrt(squareCorrection), small = eps, down = -rate / correction;
        if (weightDecay != 0) weights.mul_(kept);
        average.mul_(past).add_(gradients, present);
        square.mul_(pastSquare).addcmul_(gradients, gradients, presentSquare);
        weights.addcdiv_(average, square.sqrt().div_(root).add_(small, Arithmetic.One), down);
    }
}
