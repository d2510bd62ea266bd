using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TimeSformer.Torch;

/// <summary>SGD as PyTorch's <c>torch.optim.SGD</c>: weight decay is added to the gradient, and momentum has no dampening.</summary>
/// <param name="nesterov">Use Nesterov momentum.</param>
public sealed class SGD(IEnumerable<ParamGroup> groups, double momentum = 0, double weightDecay = 0, bool nesterov = false)
    : Optimizer(groups, momentum == 0 ? [] : ["momentum_buffer"])
{
    /// <summary>Trains all parameters in one group.</summary>
    /// <exception cref="ArgumentException">There are no parameters, or one is given twice.</exception>
    public SGD(IEnumerable<Parameter> parameters, double learningRate, double momentum = 0, double weightDecay = 0, bool nesterov = false)
        : this([new ParamGroup(parameters, learningRate)], momentum, weightDecay, nesterov)
    {
    }

    private protected override void Update(Tensor parameters, Tensor gradients, Tensor[] state, double learningRate, long step)
    {
        using Scalar decay = weightDecay, factor = momentum, stepSize = -learningRate;
        if (weightDecay != 0) gradients.add_(parameters, decay);
        if (state is [var momentum_buffer])
        {
            momentum_buffer.mul_(factor).add_(gradients, Arithmetic.One);
            gradients = nesterov ? gradients.add_(momentum_buffer, factor) : momentum_buffer;
        }
        parameters.add_(gradients, stepSize);
    }
}
