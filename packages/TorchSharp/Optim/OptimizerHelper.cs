using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Keeps the groups and, by parameter, the states.</summary>
public abstract class OptimizerHelper : optim.Optimizer
{
    // By reference: a tensor's Equals compares values.
    private readonly Dictionary<Parameter, OptimizerState> states = new(ReferenceEqualityComparer.Instance);

    protected OptimizerOptions _defaults = new();

    public OptimizerHelper()
    {
    }

    public override IEnumerable<Parameter> parameters() => _parameter_groups.SelectMany(group => group.Parameters);

    public override void add_param_group(ParamGroup param_group) => _parameter_groups.Add(param_group);

    /// <summary>Lets the gradients go (they read as null until the next backward pass), which is cheaper than filling them with zeros.</summary>
    public override void zero_grad()
    {
        foreach (var parameter in parameters()) parameter.grad = null;
    }

    public virtual StateDictionary state_dict()
    {
        var dictionary = new StateDictionary();
        foreach (var group in _parameter_groups)
        {
            dictionary.Options.Add(group.Options);
            int first = dictionary.State.Count;
            dictionary.State.AddRange(group.Parameters.Select(parameter => states[parameter]));
            dictionary.StateIndexRef.Add([.. Enumerable.Range(first, dictionary.State.Count - first)]);
        }
        return dictionary;
    }

    /// <summary>Copies another optimizer's options and states, group by group and parameter by parameter in order.</summary>
    /// <exception cref="ArgumentException">The other has another number of groups or parameters.</exception>
    public virtual void load_state_dict(StateDictionary state_dict)
    {
        var own = this.state_dict();
        RequireCounts(own, state_dict.Options.Count, state_dict.State.Count);
        foreach (var (mine, other) in own.Options.Zip(state_dict.Options).Where(pair => pair.First != pair.Second)) mine.LoadStateDict(other);
        foreach (var (mine, other) in own.State.Zip(state_dict.State).Where(pair => pair.First != pair.Second)) mine.LoadStateDict(other);
    }

    public void save_state_dict(string location)
    {
        using var writer = new BinaryWriter(File.Create(location));
        save_state_dict(writer);
    }

    public void load_state_dict(string location)
    {
        using var reader = new BinaryReader(File.OpenRead(location));
        load_state_dict(reader);
    }

    public void save_state_dict(BinaryWriter writer)
    {
        var own = state_dict();
        writer.Write(GetType().Name);
        writer.Write7BitEncodedInt64(own.Options.Count);
        writer.Write7BitEncodedInt64(own.State.Count);
        foreach (var options in own.Options) options.SaveStateDict(writer);
        foreach (var state in own.State) state.SaveStateDict(writer);
        writer.Flush();
    }

    /// <exception cref="InvalidDataException">The stream holds the state of another kind of optimizer.</exception>
    /// <exception cref="ArgumentException">The other has another number of groups or parameters, or a parameter's shape differs.</exception>
    public void load_state_dict(BinaryReader reader)
    {
        var (kind, own) = (reader.ReadString(), state_dict());
        if (kind != GetType().Name) throw new InvalidDataException($"the stream holds the state of {kind}, not of {GetType().Name}");
        RequireCounts(own, reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64());
        foreach (var options in own.Options) options.LoadStateDict(reader);
        foreach (var state in own.State) state.LoadStateDict(reader);
    }

    /// <summary>Moves the states; the parameters are moved by their module.</summary>
    public void to(Device device)
    {
        foreach (var state in states.Values) state.to(device);
    }

    /// <summary>The frame of a step: the closure with gradients on, then `body` for each group with gradients off and in a dispose scope.</summary>
    protected Tensor? _step<T>(Action<T> body, Func<Tensor>? loss_closure = null)
        where T : ParamGroup
    {
        Tensor? loss = null;
        if (loss_closure is not null)
        {
            using var _ = enable_grad();
            loss = loss_closure();
        }
        using var withoutGradients = no_grad();
        using var scope = NewDisposeScope();
        foreach (var group in _parameter_groups) body((T)group);
        return loss;
    }

    /// <summary>A step on whole lists: each group's parameters that have a gradient, split where they differ in device or type.</summary>
    private protected Tensor? StepLists<TState>(Func<Tensor>? closure, Action<OptimizerOptions, Tensor[], Tensor[], TState[]> body)
        where TState : OptimizerState
    {
        return _step<ParamGroup>(
            group =>
            {
                var trained = new List<Trained>();
                foreach (var parameter in group.Parameters)
                {
                    if (parameter.grad is { } grad) trained.Add(new(parameter, grad, states[parameter], parameter.device, parameter.dtype));
                }
                if (trained.Count == 0) return;
                var first = trained[0];
                if (trained.TrueForAll(other => other.type == first.type && other.device.Equals(first.device))) Apply(trained);
                else foreach (var alike in trained.GroupBy(one => (one.device.type, one.device.index, one.type))) Apply([.. alike]);

                void Apply(List<Trained> list) => body(
                    group.Options,
                    [.. list.Select(one => one.parameter)], [.. list.Select(one => one.grad)], [.. list.Select(one => (TState)one.state)]);
            },
            closure);
    }

    private readonly record struct Trained(Parameter parameter, Tensor grad, OptimizerState state, Device device, ScalarType type);

    /// <summary>Takes in a group whose options are complete.</summary>
    /// <exception cref="ArgumentException">A parameter is in it twice or already in another group.</exception>
    private protected void Join(ParamGroup group, Func<Parameter, OptimizerState> create)
    {
        Parameter[] members = [.. group.Parameters];
        var known = new HashSet<Parameter>(states.Keys, ReferenceEqualityComparer.Instance);
        if (!Array.TrueForAll(members, known.Add)) throw new ArgumentException("a parameter appears more than once in the optimizer's groups");
        (group.Parameters, group.InitialLearningRate) = (members, group.LearningRate);
        foreach (var parameter in members)
        {
            var state = states[parameter] = create(parameter);
            state.Initialize(group.Options);
        }
        _parameter_groups.Add(group);
    }

    private static void RequireCounts(StateDictionary own, long groups, long parameters)
    {
        if (groups != own.Options.Count) throw new ArgumentException($"a state of {groups} parameter groups for an optimizer of {own.Options.Count}");
        if (parameters != own.State.Count) throw new ArgumentException($"a state of {parameters} parameters for an optimizer of {own.State.Count}");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var state in states.Values) (state as IDisposable)?.Dispose();
            states.Clear();
        }
        base.Dispose(disposing);
    }
}
