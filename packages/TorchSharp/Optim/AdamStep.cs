using System;
using TorchSharp.Dispatch;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>The update that Adam and AdamW share, on whole lists of parameters that have made the same number of steps, in PyTorch's order of operations.</summary>
internal readonly record struct AdamStep(double rate, double beta1, double beta2, double eps, double decay, bool decoupled, bool maximize)
{
    public void Apply(long step, Tensor[] parameters, Tensor[] grads, Tensor[] averages, Tensor[] squares, Tensor[]? maxima)
    {
        bool mine = maximize;
        if (maximize) grads = Dispatcher.CallList("_foreach_neg", grads);
        if (decay != 0)
        {
            if (decoupled) Dispatcher.CallVoid("_foreach_mul_.Scalar", parameters, 1 - (rate * decay));
            else if (mine) Dispatcher.CallVoid("_foreach_add_.List", grads, parameters, decay);
            else grads = Dispatcher.CallList("_foreach_add.List", grads, parameters, decay);
        }
        Dispatcher.CallVoid("_foreach_mul_.Scalar", averages, beta1);
        Dispatcher.CallVoid("_foreach_add_.List", averages, grads, 1 - beta1);
        Dispatcher.CallVoid("_foreach_mul_.Scalar", squares, beta2);
        Dispatcher.CallVoid("_foreach_addcmul_.Scalar", squares, grads, grads, 1 - beta2);
        if (maxima is not null) Dispatcher.CallVoid("_foreach_maximum_.List", maxima, squares);

        double correction1 = 1 - Math.Pow(beta1, step), correction2 = 1 - Math.Pow(beta2, step);
        var denominators = Dispatcher.CallList("_foreach_sqrt", maxima ?? squares);
        Dispatcher.CallVoid("_foreach_div_.Scalar", denominators, Math.Sqrt(correction2));
        Dispatcher.CallVoid("_foreach_add_.Scalar", denominators, eps);
        Dispatcher.CallVoid("_foreach_addcdiv_.Scalar", parameters, averages, denominators, -(rate / correction1));
    }
}
