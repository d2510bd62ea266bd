using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            public interface ILearningRateController
            {
                double LearningRate { get; set; }

                double InitialLearningRate { get; set; }
            }

            /// <summary>Changes parameters by their gradients.</summary>
            public abstract class Optimizer : IDisposable
            {
                protected IList<ParamGroup> _parameter_groups = [];

                public virtual IEnumerable<ILearningRateController> ParamGroups => _parameter_groups;

                public virtual IEnumerable<Parameter> parameters() => _parameter_groups.SelectMany(group => group.Parameters);

                public virtual void add_param_group(ParamGroup param_group) => _parameter_groups.Add(param_group);

                /// <summary>Sets the gradients to none.</summary>
                public virtual void zero_grad()
                {
                    foreach (var parameter in parameters()) parameter.grad = null;
                }

                public abstract Tensor? step(Func<Tensor>? closure = null);

                public void Dispose()
                {
                    Dispose(true);
                    GC.SuppressFinalize(this);
                }

                protected virtual void Dispose(bool disposing)
                {
                }
            }
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>Hyper-parameters of a group.</summary>
    public class OptimizerOptions
    {
        public double? LearningRate { get; set; }

        public double InitialLearningRate { get; set; }
    }

    /// <summary>What an optimizer remembers of one parameter between steps.</summary>
    public abstract class OptimizerState
    {
        protected Parameter _parameter;

        protected OptimizerState(Parameter parameter) => _parameter = parameter;

        public abstract void Initialize(OptimizerOptions options);
    }

    /// <summary>Parameters that share their hyper-parameters.</summary>
    public class ParamGroup : optim.ILearningRateController
    {
        public IEnumerable<Parameter> Parameters { get; set; } = [];

        public OptimizerOptions Options { get; set; } = new();

        public double LearningRate
        {
            get => Options.LearningRate ?? 0;
            set => Options.LearningRate = value;
        }

        public double InitialLearningRate
        {
            get => Options.InitialLearningRate;
            set => Options.InitialLearningRate = value;
        }
    }

    public class ParamGroup<TOptions> : ParamGroup
        where TOptions : OptimizerOptions
    {
        public ParamGroup()
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, TOptions? options = null)
        {
            Parameters = parameters;
            if (options is not null) base.Options = options;
        }

        public new TOptions Options
        {
            get => (TOptions)base.Options;
            set => base.Options = value;
        }
    }

    /// <summary>Keeps the groups and the states, in the order of the parameters.</summary>
    public abstract class OptimizerHelper : optim.Optimizer
    {
        private readonly Dictionary<Parameter, OptimizerState> states = new(ReferenceEqualityComparer.Instance);

        /// <summary>An optimizer's groups' options and its parameters' states, not copies.</summary>
        public class StateDictionary
        {
            internal StateDictionary()
            {
            }

            public List<OptimizerOptions> Options { get; } = [];

            public List<OptimizerState> State { get; } = [];
        }

        public virtual StateDictionary state_dict()
        {
            var dictionary = new StateDictionary();
            dictionary.Options.AddRange(_parameter_groups.Select(group => group.Options));
            dictionary.State.AddRange(parameters().Select(parameter => states[parameter]));
            return dictionary;
        }

        private protected void Add(ParamGroup group, Func<Parameter, OptimizerState> create)
        {
            group.Parameters = group.Parameters.ToArray();
            if (group.Options.InitialLearningRate == 0) group.Options.InitialLearningRate = group.LearningRate;
            foreach (var parameter in group.Parameters)
            {
                var state = create(parameter);
                if (!states.TryAdd(parameter, state)) throw new ArgumentException("a parameter appears in more than one parameter group");
                state.Initialize(group.Options);
            }
            _parameter_groups.Add(group);
        }

        /// <summary>Runs `body` for each group on the parameters that have a gradient.</summary>
        private protected Tensor? Step<TGroup, TState>(Func<Tensor>? closure, Action<TGroup, Tensor[], Tensor[], TState[]> body)
            where TGroup : ParamGroup
            where TState : OptimizerState
        {
            Tensor? loss = null;
            if (closure is not null)
            {
                using var _ = enable_grad();
                loss = closure();
            }
            using var withoutGrad = no_grad();
            using var scope = NewDisposeScope();
            foreach (var group in _parameter_groups)
            {
                var trained = group.Parameters.Select(parameter => (parameter, parameter.grad)).Where(pair => pair.grad is not null).ToArray();
                if (trained.Length == 0) continue;
                body(
                    (TGroup)group,
                    Array.ConvertAll(trained, pair => (Tensor)pair.parameter),
                    Array.ConvertAll(trained, pair => pair.grad!),
                    Array.ConvertAll(trained, pair => (TState)states[pair.parameter]));
            }
            return loss;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                foreach (var state in states.Values) (state as IDisposable)?.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
