using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TimeSformer.Torch;

/// <summary>Parameters that share a learning rate.</summary>
/// <param name="parameters">Parameters of a model that already has its final device and type, because moving it creates new ones.</param>
/// <param name="copies">
/// The parameters of a model that computes with these in a shorter type, in the same order: they have the gradients, and each step rounds
/// the new values into them. Null if the parameters have the gradients themselves.
/// </param>
public sealed class ParamGroup(IEnumerable<Parameter> parameters, double learningRate, IEnumerable<Parameter>? copies = null)
{
    private readonly List<Parameter>? copies = copies?.ToList();

    /// <summary>The parameters of the group.</summary>
    public IReadOnlyList<Parameter> Parameters { get; } = [.. parameters];

    /// <summary>The parameters that have the gradients.</summary>
    public IReadOnlyList<Parameter> Trained => copies ?? Parameters;

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
               from alike in @group.Parameters.Zip(@group.Trained)
                   .GroupBy(pair => (pair.First.dtype, pair.Second.dtype, pair.First.device.ToString()))
               select new FlatGroup(@group, [.. alike], states.Length),
        ];
    }

    /// <summary>The parameter groups; their learning rates may change between steps.</summary>
    public IReadOnlyList<ParamGroup> ParamGroups { get; }

    /// <summary>Sets all gradients to null, as PyTorch's default <c>set_to_none</c>.</summary>
    public void zero_grad()
    {
        foreach (var parameter in ParamGroups.SelectMany(group => group.Trained)) parameter.grad = null;
    }

    /// <summary>Updates all parameters that have gradients.</summary>
    public void step()
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        foreach (var part in flatGroups.SelectMany(flat => flat.Gather()))
        {
            using var gradients = part.Gradients;
            part.Apply(Update);
        }
    }

    /// <summary>
    /// Updates all parameters that have gradients, which are first scaled so that their norm together is no more than `maxNorm`: the
    /// numbers of PyTorch's <c>clip_grad_norm_</c>, but no wait for the device. The parameters' <c>grad</c> stays as it is.
    /// </summary>
    /// <returns>The norm before, a single number; not finite if a gradient is not.</returns>
    public Tensor step(double maxNorm)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var norms = flatGroups.SelectMany(flat => flat.Norms()).ToList();
        var norm = norms.Count > 0 ? stack(norms).norm() : zeros(0).norm();
        using Scalar most = maxNorm, one = 1;
        var factor = full_like(norm, most).div(norm.Plus(1e-6)).clamp(max: one);
        foreach (var part in flatGroups.SelectMany(flat => flat.Gather()))
        {
            using var gradients = part.Gradients;
            gradients.mul_(factor);
            part.Apply(Update);
        }
        return norm.MoveToOuterDisposeScope();
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

    // The position in the flat tensors of a parameter and of the one that has its gradient.
    private sealed record Slot(Parameter Parameter, Parameter Trained, long Start)
    {
        private const long Alignment = 16; // elements, or 64 bytes of float32, libtorch's own alignment

        public long Length { get; } = Parameter.numel();

        public long End => (Start + Length + Alignment - 1) / Alignment * Alignment;

        public long Steps { get; set; }

        public Tensor Of(Tensor flat)
        {
            using var part = flat.narrow(0, Start, Length);
            return part.view(Parameter.shape);
        }
    }

    // The parameters of a group that have the same types and device.
    private sealed class FlatGroup : IDisposable
    {
        private const long PieceLength = 4 << 20;

        private readonly ParamGroup group;
        private readonly Tensor values;
        private readonly Tensor? copies; // of the values, in the type of the parameters that have the gradients

        public FlatGroup(ParamGroup group, (Parameter Own, Parameter Trained)[] parameters, int states)
        {
            using var _ = no_grad();
            using var scope = NewDisposeScope();
            this.group = group;
            foreach (var (own, trained) in parameters) Slots.Add(new(own, trained, Slots is [.., var last] ? last.End : 0));
            var (first, second) = parameters[0];
            Tensor Zeros(ScalarType type) => zeros(new[] { Slots[^1].End }, type, first.device).DetachFromDisposeScope();
            values = Zeros(first.dtype);
            copies = ReferenceEquals(first, second) ? null : Zeros(second.dtype);
            States = [.. Enumerable.Range(0, states).Select(_ => Zeros(first.dtype))];
            foreach (var slot in Slots)
            {
                var view = slot.Of(values);
                view.copy_(slot.Parameter);
                slot.Parameter.set_(view);
                if (copies is not null) slot.Trained.set_(slot.Of(copies));
            }
            copies?.copy_(values);
        }

        public List<Slot> Slots { get; } = [];

        public Tensor[] States { get; }

        // Adjacent parameters with gradients and equal step counts are updated together. The flat copy reads and writes each gradient once;
        // had each its place there from the start, it would be cleared, read, added to and written. On the CPU it is made in pieces that
        // the allocator keeps for the next step: fresh memory for all of a large model's took a fifth of its step.
        public IEnumerable<Part> Gather()
        {
            var gradients = Slots.ConvertAll(slot => slot.Trained.grad);
            long most = values.device_type is DeviceType.CPU ? PieceLength : long.MaxValue;
            for (int first = 0, end; first < Slots.Count; first = end)
            {
                bool Alike(int other) => gradients[other] is null == gradients[first] is null && Slots[other].Steps == Slots[first].Steps
                    && Slots[other].End - Slots[first].Start <= most;
                for (end = first + 1; end < Slots.Count && Alike(end);) end++;
                if (gradients[first] is null) continue;
                var pieces = new List<Tensor>();
                for (int k = first; k < end; k++)
                {
                    pieces.Add(gradients[k]!.flatten());
                    long padding = Slots[k].End - Slots[k].Start - Slots[k].Length;
                    if (padding > 0) pieces.Add(zeros(new[] { padding }, pieces[^1].dtype, values.device));
                }
                var flat = cat(pieces);
                if (flat.dtype != values.dtype) flat = flat.to_type(values.dtype, disposeAfter: true);
                yield return new(this, Slots[first..end], flat);
            }
        }

        // Of each parameter's gradient.
        public IEnumerable<Tensor> Norms() =>
            Slots.Select(slot => slot.Trained.grad).OfType<Tensor>().Select(gradient => gradient.to_type(values.dtype).norm());

        public void Update(Part part, Action<Tensor, Tensor, Tensor[], double, long> update)
        {
            var (start, length) = (part.Slots[0].Start, part.Slots[^1].End - part.Slots[0].Start);
            foreach (var slot in part.Slots) slot.Steps++;
            var changed = values.narrow(0, start, length);
            Tensor[] states = [.. States.Select(state => state.narrow(0, start, length))];
            update(changed, part.Gradients, states, group.LearningRate, part.Slots[0].Steps);
            copies?.narrow(0, start, length).copy_(changed);
        }

        public void Dispose()
        {
            values.Dispose();
            copies?.Dispose();
            foreach (var state in States) state.Dispose();
        }
    }

    // Adjacent parameters that are updated together, and their flat gradients, in the parameters' type.
    private sealed record Part(FlatGroup Flat, List<Slot> Slots, Tensor Gradients)
    {
        public void Apply(Action<Tensor, Tensor, Tensor[], double, long> update) => Flat.Update(this, update);
    }
}
