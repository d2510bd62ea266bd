using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp.Dispatch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Stochastic gradient descent with momentum, on whole lists of parameters at a time.</summary>
    public class SGD : OptimizerHelper
    {
        public SGD(IEnumerable<Parameter> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
            : this([new ParamGroup(parameters, lr, momentum, dampening, weight_decay, nesterov, maximize)], lr, momentum, dampening, weight_decay, nesterov, maximize)
        {
        }

        public SGD(IEnumerable<ParamGroup> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
        {
            var defaults = new ParamGroup([], lr, momentum, dampening, weight_decay, nesterov, maximize).Options;
            if (nesterov && (momentum <= 0 || dampening != 0)) throw new ArgumentException("Nesterov momentum requires a momentum and zero dampening");
            foreach (var group in parameters)
            {
                var options = group.Options;
                options.LearningRate ??= lr;
                options.momentum ??= defaults.momentum;
                options.dampening ??= defaults.dampening;
                options.weight_decay ??= defaults.weight_decay;
                options.nesterov ??= defaults.nesterov;
                options.maximize ??= defaults.maximize;
                add_param_group(group);
            }
        }

        public override void add_param_group(Modules.ParamGroup param_group) => Add(param_group, parameter => new State(parameter));

        public override Tensor? step(Func<Tensor>? closure = null) => Step<ParamGroup, State>(closure, static (group, parameters, grads, states) =>
        {
            var options = group.Options;
            double momentum = options.momentum ?? 0, decay = options.weight_decay ?? 0;
            if (options.maximize ?? false) grads = Dispatcher.CallList("_foreach_neg", grads);
            if (decay != 0) grads = Dispatcher.CallList("_foreach_add.List", grads, parameters, decay);
            if (momentum != 0)
            {
                foreach (var (state, grad) in states.Zip(grads)) state.Prepare(grad, momentum, options.dampening ?? 0);
                var buffers = Array.ConvertAll(states, state => state.momentum_buffer!);
                Dispatcher.CallVoid("_foreach_mul_.Scalar", buffers, momentum);
                Dispatcher.CallVoid("_foreach_add_.List", buffers, grads, 1 - (options.dampening ?? 0));
                grads = options.nesterov ?? false ? Dispatcher.CallList("_foreach_add.List", grads, buffers, momentum) : buffers;
            }
            Dispatcher.CallVoid("_foreach_add_.List", parameters, grads, -group.LearningRate);
        });

        public class Options : OptimizerOptions
        {
            public double? momentum;
            public double? dampening;
            public double? weight_decay;
            public bool? nesterov;
            public bool? maximize;
        }

        public sealed class State : OptimizerState, IDisposable
        {
            public Tensor? momentum_buffer;

            public State(Parameter parameter)
                : base(parameter)
            {
            }

            public override void Initialize(OptimizerOptions options)
            {
                momentum_buffer?.Dispose();
                momentum_buffer = null;
            }

            // The first buffer is the first gradient: one that the update below turns into exactly that.
            internal void Prepare(Tensor grad, double momentum, double dampening) =>
                momentum_buffer ??= (dampening == 0 ? grad.zeros_like() : grad * (dampening / momentum)).DetachFromDisposeScope();

            public void Dispose() => momentum_buffer?.Dispose();
        }

        public class ParamGroup : ParamGroup<Options>
        {
            public ParamGroup() => Options = new Options();

            public ParamGroup(IEnumerable<Parameter> parameters, Options options)
                : base(parameters, options)
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
                : base(parameters, new Options
                {
                    LearningRate = lr,
                    momentum = momentum,
                    dampening = dampening,
                    weight_decay = weight_decay,
                    nesterov = nesterov,
                    maximize = maximize,
                })
            {
            }
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
