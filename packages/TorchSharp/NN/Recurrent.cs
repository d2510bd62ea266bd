using System;
using System.Collections.Generic;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>The shape and the weights that recurrent networks share, in the order in which libtorch takes and PyTorch draws them.</summary>
internal sealed record RecurrentShape(long Input, long Hidden, long Layers, bool Bias, bool BatchFirst, double Dropout, bool Bidirectional)
{
    public long Directions => Bidirectional ? 2 : 1;

    /// <summary>Uniform in ±1/√hidden: weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0, the same `_reverse`, then layer 1.</summary>
    public IEnumerable<(string name, Parameter parameter)> Weights(long gates, Device? device, ScalarType? dtype)
    {
        double bound = 1 / Math.Sqrt(Hidden);
        for (long layer = 0; layer < Layers; layer++)
        {
            for (long direction = 0; direction < Directions; direction++)
            {
                var suffix = $"_l{layer}{(direction == 1 ? "_reverse" : "")}";
                yield return ("weight_ih" + suffix, Draw([gates * Hidden, layer == 0 ? Input : Hidden * Directions]));
                yield return ("weight_hh" + suffix, Draw([gates * Hidden, Hidden]));
                if (!Bias) continue;
                yield return ("bias_ih" + suffix, Draw([gates * Hidden]));
                yield return ("bias_hh" + suffix, Draw([gates * Hidden]));
            }
        }

        Parameter Draw(long[] shape)
        {
            var parameter = Parameter(empty(shape, dtype, device));
            init.uniform_(parameter, -bound, bound);
            return parameter;
        }
    }

    /// <summary>The state to begin with: (layers · directions, B, H).</summary>
    public Tensor Zeros(Tensor input) => zeros(Layers * Directions, input.shape[BatchFirst ? 0 : 1], Hidden, input.dtype, input.device);
}
