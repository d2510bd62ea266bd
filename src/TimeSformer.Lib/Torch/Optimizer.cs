using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TimeSformer.Torch;

/// <summary>Parameters that share a learning rate.</summary>
/// <param name="parameters">Parameters of a model that already has its final device and type, because moving it creates new ones.</param>
public sealed class ParamGroup(IEnumerable<Parameter> parameters, double learningRate)
{
    /// <summary>The parameters of the group.</summary>
    public IReadOnlyList<Parameter> Parameters { get; } = [.. parameters];

    /// <summary>The learning rate of the next step.</summary>
    public double LearningRate { get; set; } = learningRate;
}

/// <summary>
/// The base of <see cref="SGD"/> and <see cref="AdamW"/>. The parameters and states of a group are views of flat tensors, so that a step
/// takes only a few operations.
/// </summary>
/// <remarks>
/// Results equal PyTorch's. TorchSharp's optimizers create Scalars that the garbage collector may free while native code reads them; here
/// each Scalar is held. A parameter without a gradient is skipped, including its weight decay and momentum.
/// </remarks>
public abstract class Optimizer : IDisposable
{
    private const string StepName = "step";
    private readonly string[] states;
    private readonly List<FlatGroup> flatGroups;

    /// <summary>Moves the parameters into flat tensors; they remain the same objects.</summary>
    /// <exception cref="ArgumentException">There are no parameters, or one is given twice.</exception>
    private protected Optimizer(IEnumerable<ParamGroup> groups, params string[] states)
    {
        this.states = states;
        ParamGroups = [.. groups];
        var seen = new HashSet<Parameter>(ReferenceEqualityComparer.Instance);
        foreach (var parameter in ParamGroups.SelectMany(group => group.Parameters))
        {
            if (seen.Add(parameter)) continue;
            throw new ArgumentException($"a parameter of shape ({string.Join(", ", parameter.shape)}) is given to the optimizer twice");
        }
        if (seen.Count == 0) throw new ArgumentException("the optimizer is given no parameters");
        flatGroups =
        [
            .. from @group in ParamGroups
               from alike in @group.Parameters.GroupBy(parameter => (parameter.dtype, parameter.device.ToString()))
               select new FlatGroup(@group, [.. alike], states.Length),
        ];
    }

    /// <summary>The parameter groups; their learning rates may change between steps.</summary>
    public IReadOnlyList<ParamGroup> ParamGroups { get; }

    /// <summary>Sets all gradients to null, as PyTorch's default <c>set_to_none</c>.</summary>
    public void zero_grad()
    {
        foreach (var parameter in ParamGroups.SelectMany(group => group.Parameters)) parameter.grad = null;
    }

    /// <summary>Updates all parameters that have gradients.</summary>
    public void step()
    {
        using var _ = no_grad();
        foreach (var flat in flatGroups) flat.Step(Update);
    }

    /// <summary>The optimizer state by name, such as <c>exp_avg.NAME</c> for a parameter NAME; views that later steps change.</summary>
    public Dictionary<string, Tensor> state_dict(IEnumerable<(string name, Parameter parameter)> named)
    {
        var result = new Dictionary<string, Tensor>();
        foreach (var (name, flat, slot) in Named(named))
        {
            result[$"{StepName}.{name}"] = tensor(slot.Steps);
            foreach (var (state, values) in states.Zip(flat.States)) result[$"{state}.{name}"] = slot.Of(values);
        }
        return result;
    }

    /// <summary>Copies a state saved with <see cref="state_dict"/>.</summary>
    /// <exception cref="ArgumentException">A tensor does not have the shape of its parameter, or a step count is not a scalar.</exception>
    public void load_state_dict(IEnumerable<(string name, Parameter parameter)> named, Func<string, Tensor> read)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, flat, slot) in Named(named))
        {
            slot.Steps = (long)read($"{StepName}.{name}").Number();
            foreach (var (state, values) in states.Zip(flat.States))
            {
                var key = $"{state}.{name}";
                StateDict.Copy(key, read(key), slot.Of(values));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var flat in flatGroups) flat.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Updates n parameters and their states in place; the gradients may be overwritten, and `step` counts from 1.</summary>
    private protected abstract void Update(Tensor parameters, Tensor gradients, Tensor[] state, double learningRate, long step);

    private IEnumerable<(string Name, FlatGroup Flat, Slot Slot)> Named(IEnumerable<(string name, Parameter parameter)> named)
    {
        var names = new Dictionary<Parameter, string>(ReferenceEqualityComparer.Instance);
        foreach (var (name, parameter) in named) names[parameter] = name;
        return from flat in flatGroups from slot in flat.Slots select (names[slot.Parameter], flat, slot);
    }

    // The position of a parameter in the flat tensors.
    private sealed record Slot(Parameter Parameter, long Start)
    {
        private const long Alignment = 16; // elements, or 64 bytes of float32, libtorch's own alignment

        public long End { get; } = (Start + Parameter.numel() + Alignment - 1) / Alignment * Alignment;

        public long Steps { get; set; }

        public Tensor Of(Tensor flat)
        {
            using var part = flat.narrow(0, Start, Parameter.numel());
            return part.view(Parameter.shape);
        }
    }

    // The parameters of a group that have the same type and device.
    private sealed class FlatGroup : IDisposable
    {
        private readonly ParamGroup group;
        private readonly Tensor values;

        public FlatGroup(ParamGroup group, Parameter[] parameters, int states)
        {
            using var _ = no_grad();
            using var scope = NewDisposeScope();
            this.group = group;
            foreach (var parameter in parameters) Slots.Add(new(parameter, Slots is [.., var last] ? last.End : 0));
            Tensor Zeros() => zeros(new[] { Slots[^1].End }, parameters[0].dtype, parameters[0].device).DetachFromDisposeScope();
            values = Zeros();
            States = [.. Enumerable.Range(0, states).Select(_ => Zeros())];
            foreach (var slot in Slots)
            {
                var view = slot.Of(values);
                view.copy_(slot.Parameter);
                slot.Parameter.set_(view);
            }
        }

        public List<Slot> Slots { get; } = [];

        public Tensor[] States { get; }

        // Adjacent parameters with gradients and equal step counts are updated together; usually these are all.
        public void Step(Action<Tensor, Tensor, Tensor[], double, long> update)
        {
            using var scope = NewDisposeScope();
            var gradients = Slots.ConvertAll(slot => slot.Parameter.grad);
            for (int first = 0, end; first < Slots.Count; first = end)
            {
                bool Alike(int other) => gradients[other] is null == gradients[first] is null && Slots[other].Steps == Slots[first].Steps;
                for (end = first + 1; end < Slots.Count && Alike(end);) end++;
                if (gradients[first] is null) continue;
                var (start, length) = (Slots[first].Start, Slots[end - 1].End - Slots[first].Start);
                var parts = new List<Tensor>();
                for (int k = first; k < end; k++)
                {
                    parts.Add(gradients[k]!.flatten());
                    long padding = Slots[k].End - Slots[k].Start - parts[^1].numel();
                    if (padding > 0) parts.Add(zeros(new[] { padding }, values.dtype, values.device));
                    Slots[k].Steps++;
                }
                Tensor[] states = [.. States.Select(state => state.narrow(0, start, length))];
                update(values.narrow(0, start, length), cat(parts), states, group.LearningRate, Slots[first].Steps);
            }
        }

        public void Dispose()
        {
            values.Dispose();
            foreach (var state in States) state.Dispose();
        }
    }
}
