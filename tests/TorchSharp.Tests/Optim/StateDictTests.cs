using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Optim;

public sealed class StateDictTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    public static TheoryData<string> Kinds => ["SGD", "Adam", "AdamW"];

    private static OptimizerHelper Make(string kind, double rate, params Parameter[] parameters) => kind switch
    {
        "SGD" => optim.SGD(parameters, rate, momentum: 0.9, weight_decay: 1e-3, nesterov: true),
        "Adam" => optim.Adam(parameters, rate, weight_decay: 1e-3, amsgrad: true),
        _ => optim.AdamW(parameters, rate, weight_decay: 1e-3),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Training_goes_on_from_another_optimizers_state(string kind) => GoesOn(kind, (from, to) => to.load_state_dict(from.state_dict()));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Training_goes_on_from_a_stream(string kind) => GoesOn(kind, (from, to) =>
    {
        using var stream = new MemoryStream();
        from.save_state_dict(new BinaryWriter(stream));
        stream.Position = 0;
        to.load_state_dict(new BinaryReader(stream));
        Assert.Equal(stream.Length, stream.Position);
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Training_goes_on_from_a_file(string kind) => GoesOn(kind, (from, to) =>
    {
        string path = Path.GetTempFileName();
        try
        {
            from.save_state_dict(path);
            to.load_state_dict(path);
        }
        finally
        {
            File.Delete(path);
        }
    });

    private static void GoesOn(string kind, Action<OptimizerHelper, OptimizerHelper> carry)
    {
        var p = Trained.Parameter(ones(2, 3));
        using var first = Make(kind, 0.1, p);
        first.Path(p, 1, 2, 3);
        var q = Trained.Parameter(p.detach());
        using var second = Make(kind, 0.5, q);
        using (NewDisposeScope()) carry(first, second);
        Assert.True(second.state_dict().State[0].ApproximatelyEquals(first.state_dict().State[0]));
        Assert.Equal(0.1, second.ParamGroups.Single().LearningRate);
        Assert.Equal(first.Path(p, -1, 4), second.Path(q, -1, 4));
    }

    [Fact]
    public void A_loaded_state_is_a_copy()
    {
        var (p, q) = (Trained.Parameter(1.0), Trained.Parameter(1.0));
        using var second = Make("SGD", 0.1, q);
        using (var first = Make("SGD", 0.1, p))
        {
            first.Path(p, 1);
            second.load_state_dict(first.state_dict());
        }
        second.Path(q, 1);
        Assert.Equal(0.9 * 1.001 + 1.001, Assert.IsType<SGD.State>(second.state_dict().State[0]).momentum_buffer!.Values()[0], 1e-12);
    }

    [Fact]
    public void The_dictionary_lists_groups_and_states_in_order()
    {
        var (p, q, r) = (Trained.Parameter(1.0), Trained.Parameter(2.0), Trained.Parameter(3.0));
        using var sgd = optim.SGD([new SGD.ParamGroup([p, q], lr: 0.1), new SGD.ParamGroup([r], lr: 0.2)], 1);
        var dictionary = sgd.state_dict();
        Assert.Equal([0.1, 0.2], dictionary.Options.Select(options => options.LearningRate!.Value));
        Assert.Equal(3, dictionary.State.Count);
        Assert.Equal([[0, 1], [2]], dictionary.StateIndexRef);
    }

    [Fact]
    public void A_state_that_does_not_fit_is_refused()
    {
        using var one = Make("SGD", 0.1, Trained.Parameter(1.0));
        using var two = Make("SGD", 0.1, Trained.Parameter(1.0), Trained.Parameter(1.0));
        using var adam = Make("Adam", 0.1, Trained.Parameter(1.0));
        Assert.Throws<ArgumentException>(() => one.load_state_dict(two.state_dict()));
        Assert.Throws<ArgumentException>(() => one.load_state_dict(adam.state_dict()));
        using var stream = new MemoryStream();
        adam.save_state_dict(new BinaryWriter(stream));
        stream.Position = 0;
        Assert.Throws<InvalidDataException>(() => one.load_state_dict(new BinaryReader(stream)));
        stream.Position = 0;
        using var larger = Make("Adam", 0.1, Trained.Parameter(1.0, 2.0));
        Assert.Throws<ArgumentException>(() => larger.load_state_dict(new BinaryReader(stream)));
    }

    [Fact]
    public void The_stream_is_TorchSharps()
    {
        var p = Trained.Parameter(tensor([1f, 2f]));
        using var sgd = optim.SGD([p], 0.5, momentum: 0.25);
        p.grad = tensor([3f, 4f]);
        sgd.step();
        using var stream = new MemoryStream();
        sgd.save_state_dict(new BinaryWriter(stream));

        stream.Position = 0;
        using var reader = new BinaryReader(stream);
        Assert.Equal("SGD", reader.ReadString());
        Assert.Equal((1, 1), (reader.ReadByte(), reader.ReadByte()));                    // groups, states
        Assert.Equal((0.5, 0.5), (reader.ReadDouble(), reader.ReadDouble()));            // initial rate, rate
        Assert.Equal((0.25, 0, 0), (reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble())); // momentum, dampening, decay
        Assert.Equal((false, false), (reader.ReadBoolean(), reader.ReadBoolean()));      // nesterov, maximize
        Assert.True(reader.ReadBoolean());                                                // a buffer follows
        Assert.Equal(((byte)ScalarType.Float32, 1, 2), (reader.ReadByte(), reader.ReadByte(), reader.ReadByte())); // type, dimensions, size
        Assert.Equal((3f, 4f), (reader.ReadSingle(), reader.ReadSingle()));
        Assert.Equal(stream.Length, stream.Position);
    }
}
