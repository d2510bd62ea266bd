using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

public sealed class ContainerTests : Scoped
{
    [Fact]
    public void A_sequence_names_its_modules_by_position_or_by_name()
    {
        Assert.Equal(["0.weight", "0.bias", "2.weight", "2.bias"], Sequential(Linear(1, 1), ReLU(), Linear(1, 1)).state_dict().Keys);
        Assert.Equal(["fc.weight", "fc.bias"], Sequential(("fc", Linear(1, 1))).state_dict().Keys);
        Assert.Equal(["a", "1"], Sequential().append("a", Identity()).append(Identity()).named_children().Select(child => child.name));
        Assert.Equal(["x"], Sequential(Tuple.Create<string, Module<Tensor, Tensor>>("x", Identity())).named_children().Select(child => child.name));
    }

    [Fact]
    public void A_sequence_calls_its_modules_one_after_the_other()
    {
        using var net = Sequential(Scale(2), Scale(3), Scale(0.5f));
        Compare.Near([3], net.call(ones(1, 1)));
        Compare.Near([5], Sequential().call(ones(1) * 5));

        static Linear Scale(float factor) => Linear(Parameter(full(1, 1, factor)));
    }

    [Fact]
    public void A_part_of_a_sequence_shares_its_modules()
    {
        using var net = Sequential(Linear(1, 1), ReLU(), Tanh());
        Assert.Equal(["1", "2"], net[1..].named_children().Select(child => child.name));
        Assert.Equal(2, net[..^1].Count);
        Assert.Same(net[0], net[(null, 1)][0]);
        Assert.Equal(3, net.Count);
    }

    [Fact]
    public void A_sequence_lets_go_of_what_lies_between()
    {
        using var net = Sequential(Linear(2, 2), Identity(), ReLU(inplace: true), Linear(2, 1));
        var x = randn(3, 2);
        using var scope = NewDisposeScope();
        var y = net.call(x);
        Assert.Equal([y], scope.DisposablesView);
        Assert.False(x.IsInvalid);
    }

    private sealed class SameObject() : Module<Tensor, Tensor>(nameof(SameObject))
    {
        public override Tensor forward(Tensor input) => input;
    }

    [Fact]
    public void A_module_may_return_its_input_itself()
    {
        using var net = Sequential(new SameObject(), ReLU(), new SameObject(), Identity());
        var x = ones(1);
        Compare.Near([1], net.call(x));
        Assert.Same(x, Sequential(new SameObject(), new SameObject()).call(x));
        Assert.False(x.IsInvalid);
    }

    [Fact]
    public void A_module_list_numbers_its_modules_anew_after_every_change()
    {
        var (a, b, c) = (Linear(1, 1), Linear(1, 2), Linear(1, 3));
        using ModuleList<Linear> list = [a, c];
        list.Insert(1, b);
        Assert.Equal([("0", a), ("1", b), ("2", c)], list.named_children().Select(child => (child.name, (Linear)child.module)));
        Assert.True(list.Remove(a));
        list.RemoveAt(1);
        Assert.Equal([("0", b)], list.named_children().Select(child => (child.name, (Linear)child.module)));
        list[0] = c;
        list.append(a, b);
        Assert.Equal([c, a, b], list);
        Assert.Equal([3, 1, 2], list.named_parameters().Where(entry => entry.name.EndsWith("bias", StringComparison.Ordinal)).Select(entry => entry.parameter.numel()));
        Assert.Equal(1, list.IndexOf(a));
        Assert.DoesNotContain(Linear(1, 1), list);
        list.Clear();
        Assert.Empty(list.parameters());
    }

    [Fact]
    public void A_module_dictionary_keeps_names_and_order()
    {
        using var dict = ModuleDict(("z", Linear(1, 1)), ("a", Linear(1, 2)));
        Assert.Equal(["z", "a"], dict.Keys);
        Assert.Equal(["z.weight", "z.bias", "a.weight", "a.bias"], dict.state_dict().Keys);
        var replaced = Linear(1, 3);
        dict["z"] = replaced;
        Assert.Same(replaced, dict["z"]);
        Assert.Equal(["z", "a"], dict.keys());
        Assert.True(dict.TryGetValue("a", out var found) && found.out_features == 2);
        Assert.True(dict.Remove("a"));
        Assert.False(dict.ContainsKey("a"));
        Assert.Throws<InvalidOperationException>(() => dict.Add("z", Linear(1, 1)));
    }

    [Fact]
    public void A_parameter_list_holds_parameters_by_position()
    {
        using ParameterList list = [Parameter(zeros(1)), Parameter(ones(1))];
        Assert.Equal(["0", "1"], list.state_dict().Keys);
        list.RemoveAt(0);
        Assert.Same(list[0], list.get_parameter("0"));
        Assert.False(list.has_parameter("1"));
    }
}
