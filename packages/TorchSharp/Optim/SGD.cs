using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp.Dispatch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Stochastic gradient descent with momentum, on whole lists of parameters at a time.</summary>
    public partial class SGD : OptimizerHelper, optim.IMomentum
    {
        public SGD(IEnumerable<Parameter> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
            : this([new ParamGroup { Parameters = parameters }], lr, momentum, dampening, weight_decay, nesterov, maximize)
        {
        }

        public SGD(IEnumerable<ParamGroup> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
        {
            if (lr < 0) throw new ArgumentException($"a learning rate of {lr}");
            if (momentum < 0) throw new ArgumentException($"a momentum of {momentum}");
            if (weight_decay < 0) throw new ArgumentException($"a weight_decay of {weight_decay}");
            if (nesterov && (momentum <= 0 || dampening != 0)) throw new ArgumentException("nesterov needs a momentum and no dampening");
            _defaults = new Options
            {
                LearningRate = lr,
                InitialLearningRate = lr,
                momentum = momentum,
                dampening = dampening,
                weight_decay = weight_decay,
                nesterov = nesterov,
                maximize = maximize,
            };
            foreach (var group in parameters) add_param_group(group);
        }

        /// <summary>The momentum of groups added from now on that bring none of their own.</summary>
        public double Momentum
        {
            get => ((Options)_defaults).momentum!.Value;
            set => ((Options)_defaults).momentum = value;
        }

        public override void add_param_group(Modules.ParamGroup param_group)
        {
            var (options, defaults) = ((Options)(param_group.Options ??= new Options()), (Options)_defaults);
            options.LearningRate ??= defaults.LearningRate;
            options.momentum ??= defaults.momentum;
            options.dampening ??= defaults.dampening;
            options.weight_decay ??= defaults.weight_decay;
            options.nesterov ??= defaults.nesterov;
            options.maximize ??= defaults.maximize;
            Join(param_group, parameter => new State(parameter));
        }

        public override Tensor? step(Func<Tensor>? closure = null) => StepLists<State>(closure, static (given, parameters, grads, states) =>
        {
            var options = (Options)given;
            double momentum = options.momentum!.Value, decay = options.weight_decay!.Value;
            bool mine = false; // whether the lists of gradients are copies, which may be written to
            if (options.maximize!.Value)
            {
                (grads, mine) = (Dispatcher.CallList("_foreach_neg", grads), true);
            }
            if (decay != 0)
            {
                (grads, mine) = (Sum(grads, parameters, decay, mine), true);
            }
            if (momentum != 0)
            {
                var buffers = Accumulate(states, grads, momentum, options.dampening!.Value);
                grads = options.nesterov!.Value ? Sum(grads, buffers, momentum, mine) : buffers;
            }
            Dispatcher.CallVoid("_foreach_add_.List", parameters, grads, -options.LearningRate!.Value);
        });

        // buffer = momentum * buffer + (1 - dampening) * grad; the first is the gradient itself.
        private static Tensor[] Accumulate(State[] states, Tensor[] grads, double momentum, double dampening)
        {
            int[] later = [.. Enumerable.Range(0, states.Length).Where(k => states[k].momentum_buffer is not null)];
            if (later.Length > 0)
            {
                var buffers = Array.ConvertAll(later, k => states[k].momentum_buffer!);
                Dispatcher.CallVoid("_foreach_mul_.Scalar", buffers, momentum);
                Dispatcher.CallVoid("_foreach_add_.List", buffers, Array.ConvertAll(later, k => grads[k]), 1 - dampening);
            }
            for (int k = 0; k < states.Length; k++) states[k].momentum_buffer ??= grads[k].clone().DetachFromDisposeScope();
            return Array.ConvertAll(states, state => state.momentum_buffer!);
        }

        private static Tensor[] Sum(Tensor[] grads, Tensor[] others, double factor, bool inPlace)
        {
            if (!inPlace) return Dispatcher.CallList("_foreach_add.List", grads, others, factor);
            Dispatcher.CallVoid("_foreach_add_.List", grads, others, factor);
            return grads;
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            public static SGD SGD(IEnumerable<Parameter> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            public static SGD SGD(IEnumerable<(string name, Parameter parameter)> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters.Select(entry => entry.parameter), learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            public static SGD SGD(IEnumerable<SGD.ParamGroup> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);
        }
    }
}
