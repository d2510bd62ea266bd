using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TimeSformer.Torch;

/// <summary>
/// Stochastic gradient descent as PyTorch's <c>torch.optim.SGD</c>: the decay is added to the gradient, the momentum is not damped.
/// </summary>
/// <param name="groups">The weights.</param>
/// <param name="momentum">0 for none.</param>
/// <param name="weightDecay">0 for none.</param>
/// <param name="nesterov">Looks ahead along the momentum.</param>
public sealed class SGD(IEnumerable<ParamGroup> groups, double momentum = 0, double weightDecay = 0, bool nesterov = false)
    : Optimizer(groups, momentum == 0 ? [] : ["momentum_buffer"])
{
    /// <summary>All weights at one rate.</summary>
    public SGD(IEnumerable<Parameter> parameters, double learningRate, double momentum = 0, double weightDecay = 0, bool nesterov = false)
        : this([new ParamGroup(parameters, learningRate)], momentum, weightDecay, nesterov)
    {
    }

    private protected override void Update(Tensor weights, Tensor gradients, Tensor[] state, double rate, long step)
    {
        using Scalar decay = weightDecay, past = momentum, down = -rate;
        if (weightDecay != 0) gradients.add_(weights, decay);
        if (state is [var velocity])
        {
            velocity.mul_(past).add_(gradients, Arithmetic.One);
            gradients = nesterov ? gradients.add_(velocity, past) : velocity;
        }
        weights.add_(gradients, down);
    }
}
