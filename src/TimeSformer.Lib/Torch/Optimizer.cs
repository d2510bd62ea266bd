using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TimeSformer.Torch;

/// <summary>Weights that are trained at one rate.</summary>
/// <param name="parameters">Of a model that is on its device and in its type already: moving it makes new ones.</param>
/// <param name="learningRate">To begin with.</param>
public sealed class ParamGroup(IEnumerable<Parameter> parameters, double learningRate)
{
    /// <summary>The weights.</summary>
    public IReadOnlyList<Parameter> Parameters { get; } = [.. parameters];

    /// <summary>Of the next step.</summary>
    public double LearningRate { get; set; } = learningRate;
}

/// <summary>
/// What <see cref="SGD"/> and <see cref="AdamW"/> share: weights and state of a group lie in flat tensors, so that a step is a few
/// operations however many weights there are.
/// </summary>
/// <remarks>
/// The numbers are PyTorch's. TorchSharp's own optimizers make Scalars that the collector may finalise while native code reads them; here
/// each is held. A weight without a gradient is left alone, by decay and momentum too.
/// </remarks>
public abstract class Optimizer : IDisposable
{
    private const string StepName = "step";
    private readonly string[] states;
    private readonly List<Flat> flats;

    /// <summary>Moves the weights into flat tensors; the parameters stay the same objects.</summary>
    /// <exception cref="ArgumentException">There are no weights, or one is there twice.</exception>
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
        flats =
        [
            .. from @group in ParamGroups
               from alike in @group.Parameters.GroupBy(parameter => (parameter.dtype, parameter.device.ToString()))
               select new Flat(@group, [.. alike], states.Length),
        ];
    }

    /// <summary>The groups, whose rates may be changed between steps.</summary>
    public IReadOnlyList<ParamGroup> ParamGroups { get; }

    /// <summary>Forgets all gradients: they are null then, as PyTorch's <c>set_to_none</c> leaves them.</summary>
    public void zero_grad()
    {
        foreach (var parameter in ParamGroups.SelectMany(group => group.Parameters)) parameter.grad = null;
    }

    /// <summary>Changes each weight that has a gradient.</summary>
    public void step()
    {
        using var _ = no_grad();
        foreach (var flat in flats) flat.Step(Update);
    }

    /// <summary>The state by name, <c>exp_avg.NAME</c> for a parameter NAME, as views: a later step changes them.</summary>
    /// <param name="named">The model's parameters; those that are not trained here have no state.</param>
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

    /// <summary>Takes over a state that <see cref="state_dict"/> gave.</summary>
    /// <param name="named">The model's parameters.</param>
    /// <param name="read">Gives the tensor of a name, on any device.</param>
    /// <exception cref="ArgumentException">A tensor has not its weight's shape, or a step is no number.</exception>
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
        foreach (var flat in flats) flat.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// One step of weights (n) by their gradients (n), which may be changed, with state (n) each; it is their step number `step`, from 1.
    /// </summary>
    private protected abstract void Update(Tensor weights, Tensor gradients, Tensor[] state, double rate, long step);

    private IEnumerable<(string Name, Flat Flat, Slot Slot)> Named(IEnumerable<(string name, Parameter parameter)> named)
    {
        var names = new Dictionary<Parameter, string>(ReferenceEqualityComparer.Instance);
        foreach (var (name, parameter) in named) names[parameter] = name;
        return from flat in flats from slot in flat.Slots select (names[slot.Parameter], flat, slot);
    }

    // A weight's place in the flat tensors.
    private sealed class Slot(Parameter parameter, long start)
    {
        private const long Alignment = 16; // numbers: of float32, 64 bytes, as libtorch allocates

        public Parameter Parameter { get; } = parameter;

        public long Start { get; } = start;

        public long End { get; } = (start + parameter.numel() + Alignment - 1) / Alignment * Alignment;

        public long Steps { get; set; }

        public Tensor Of(Tensor flat)
        {
            using var part = flat.narrow(0, Start, Parameter.numel());
            return part.view(Parameter.shape);
        }
    }

    // Weights of a group that are of one type on one device.
    private sealed class Flat : IDisposable
    {
        private readonly ParamGroup group;
        private readonly Tensor weights;

        public Flat(ParamGroup group, Parameter[] parameters, int states)
        {
            using var _ = no_grad();
            using var scope = NewDisposeScope();
            this.group = group;
            foreach (var parameter in parameters) Slots.Add(new(parameter, Slots is [.., var last] ? last.End : 0));
            Tensor Zeros() => zeros(new[] { Slots[^1].End }, parameters[0].dtype, parameters[0].device).DetachFromDisposeScope();
            weights = Zeros();
            States = [.. Enumerable.Range(0, states).Select(_ => Zeros())];
            foreach (var slot in Slots)
            {
                var place = slot.Of(weights);
                place.copy_(slot.Parameter);
                slot.Parameter.set_(place);
            }
        }

        public List<Slot> Slots { get; } = [];

        public Tensor[] States { get; }

        // Neighbours that have gradients and are at the same step are changed together: as a rule all.
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
                    if (padding > 0) parts.Add(zeros(new[] { padding }, weights.dtype, weights.device));
                    Slots[k].Steps++;
                }
                Tensor[] states = [.. States.Select(state => state.narrow(0, start, length))];
                update(weights.narrow(0, start, length), cat(parts), states, group.LearningRate, Slots[first].Steps);
            }
        }

        public void Dispose()
        {
            weights.Dispose();
            foreach (var state in States) state.Dispose();
        }
    }
}
