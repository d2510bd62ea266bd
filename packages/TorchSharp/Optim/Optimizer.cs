using System;
using System.Collections.Generic;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>Changes parameters by their gradients.</summary>
        public abstract class Optimizer : IDisposable
        {
            protected IList<ParamGroup> _parameter_groups = [];

            private protected Optimizer()
            {
            }

            public virtual IEnumerable<ILearningRateController> ParamGroups => _parameter_groups;

            public virtual IEnumerable<Parameter> parameters() => throw new NotImplementedException(nameof(parameters));

            public virtual void add_param_group(ParamGroup param_group) => throw new NotImplementedException(nameof(add_param_group));

            public virtual void zero_grad() => throw new NotImplementedException(nameof(zero_grad));

            /// <summary>One step, after the closure, if there is one, has computed the loss that is returned.</summary>
            public virtual Tensor? step(Func<Tensor>? closure = null) => throw new NotImplementedException(nameof(step));

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
            }

            /// <summary>The options of each group and the state of each parameter in the groups' order: the optimizer's own, not copies.</summary>
            public class StateDictionary
            {
                internal StateDictionary()
                {
                }

                public List<OptimizerOptions> Options { get; } = [];

                public List<OptimizerState> State { get; } = [];

                /// <summary>For each group, where its parameters' states are in <see cref="State"/>.</summary>
                public List<List<int>> StateIndexRef { get; } = [];
            }
        }

        public interface ILearningRateController
        {
            double LearningRate { get; set; }

            double InitialLearningRate { get; set; }
        }

        public interface IMomentum
        {
            double Momentum { get; set; }
        }

        public interface IBetas
        {
            (double, double) Betas { get; set; }
        }
    }
}
