using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TimeSformer.Torch;

/// <summary>AdamW (Loshchilov and Hutter, 2019, arXiv 1711.05101) as PyTorch's <c>torch.optim.AdamW</c>.</summary>
/// <param name="weightDecay">Weight decay coefficient, multiplied by the learning rate; 0 for none.</param>
public sealed class AdamW(
    IEnumerable<ParamGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weightDecay = 0.01)
    : Optimizer(groups, "exp_avg", "exp_avg_sq")
{
    /// <summary>Trains all parameters in one group.</summary>
    /// <exception cref="ArgumentException">There are no parameters, or one is given twice.</exception>
    public AdamW(
        IEnumerable<Parameter> parameters, double learningRate = 1e-3,
        double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weightDecay = 0.01)
        : this([new ParamGroup(parameters, learningRate)], beta1, beta2, eps, weightDecay)
    {
    }

    private protected override void Update(Tensor parameters, Tensor gradients, Tensor[] state, double learningRate, long step)
    {
        var (exp_avg, exp_avg_sq) = (state[0], state[1]);
        double bias_correction1 = 1 - Math.Pow(beta1, step), bias_correction2 = 1 - Math.Pow(beta2, step);
        using Scalar b1 = beta1, oneMinusB1 = 1 - beta1, b2 = beta2, oneMinusB2 = 1 - beta2, epsilon = eps;
        using Scalar decay = 1 - (learningRate * weightDecay), stepSize = -learningRate / bias_correction1;
        using Scalar root = Math.Sqrt(bias_correction2);
        if (weightDecay != 0) parameters.mul_(decay);
        exp_avg.mul_(b1).add_(gradients, oneMinusB1);
        exp_avg_sq.mul_(b2).addcmul_(gradients, gradients, oneMinusB2);
        parameters.addcdiv_(exp_avg, exp_avg_sq.sqrt().div_(root).add_(epsilon, Arithmetic.One), stepSize);
    }
}
