using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Adam; weight decay is added to the gradient.</summary>
    public partial class Adam : OptimizerHelper, optim.IBetas
    {
        public Adam(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
        {
        }

        public Adam(IEnumerable<ParamGroup> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        {
            if (lr < 0) throw new ArgumentException($"a learning rate of {lr}");
            if (eps < 0) throw new ArgumentException($"an eps of {eps}");
            if (beta1 is < 0 or >= 1) throw new ArgumentException($"a beta1 of {beta1}");
            if (beta2 is < 0 or >= 1) throw new ArgumentException($"a beta2 of {beta2}");
            if (weight_decay < 0) throw new ArgumentException($"a weight_decay of {weight_decay}");
            _defaults = new Options
            {
                LearningRate = lr,
                InitialLearningRate = lr,
                beta1 = beta1,
                beta2 = beta2,
                eps = eps,
                weight_decay = weight_decay,
                amsgrad = amsgrad,
                maximize = maximize,
            };
            foreach (var group in parameters) add_param_group(group);
        }

        /// <summary>The betas of groups added from now on that bring none of their own.</summary>
        public (double, double) Betas
        {
            get => (((Options)_defaults).beta1!.Value, ((Options)_defaults).beta2!.Value);
            set => (((Options)_defaults).beta1, ((Options)_defaults).beta2) = value;
        }

        public override void add_param_group(Modules.ParamGroup param_group)
        {
            var (options, defaults) = ((Options)(param_group.Options ??= new Options()), (Options)_defaults);
            options.LearningRate ??= defaults.LearningRate;
            options.beta1 ??= defaults.beta1;
            options.beta2 ??= defaults.beta2;
            options.eps ??= defaults.eps;
            options.weight_decay ??= defaults.weight_decay;
            options.amsgrad ??= defaults.amsgrad;
            options.maximize ??= defaults.maximize;
            Join(param_group, parameter => new State(parameter));
        }

        public override Tensor? step(Func<Tensor>? closure = null) => StepLists<State>(closure, static (given, parameters, grads, states) =>
        {
            var o = (Options)given;
            var step = new AdamStep(
                o.LearningRate!.Value, o.beta1!.Value, o.beta2!.Value, o.eps!.Value, o.weight_decay!.Value, decoupled: false, o.maximize!.Value);
            // Parameters that once had no gradient are fewer steps along.
            foreach (var same in Enumerable.Range(0, states.Length).GroupBy(k => ++states[k].step))
            {
                int[] at = [.. same];
                step.Apply(
                    same.Key, Array.ConvertAll(at, k => parameters[k]), Array.ConvertAll(at, k => grads[k]),
                    Array.ConvertAll(at, k => states[k].exp_avg), Array.ConvertAll(at, k => states[k].exp_avg_sq),
                    o.amsgrad!.Value ? Array.ConvertAll(at, k => states[k].max_exp_avg_sq!) : null);
            }
        });
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            public static Adam Adam(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static Adam Adam(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters.Select(entry => entry.parameter), lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static Adam Adam(IEnumerable<Adam.ParamGroup> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
        }
    }
}
