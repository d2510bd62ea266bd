using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

public sealed class HookTests : Scoped
{
    private sealed class Sum2() : Module<Tensor, Tensor, Tensor>(nameof(Sum2))
    {
        public override Tensor forward(Tensor input1, Tensor input2) => input1 + input2;
    }

    private sealed class Sum3() : Module<Tensor, Tensor, Tensor, Tensor>(nameof(Sum3))
    {
        public override Tensor forward(Tensor input1, Tensor input2, Tensor input3) => input1 + input2 + input3;
    }

    [Fact]
    public void Hooks_run_in_order_around_forward()
    {
        using var identity = Identity();
        List<string> order = [];
        identity.register_forward_hook((_, _, result) =>
        {
            order.Add("after");
            return result;
        });
        identity.register_forward_hook(_ => order.Add("module after"));
        identity.register_forward_pre_hook((_, input) =>
        {
            order.Add("before");
            return input;
        });
        identity.register_forward_pre_hook(_ => order.Add("module before"));
        identity.call(ones(1));
        Assert.Equal(["module before", "before", "after", "module after"], order);
    }

    [Fact]
    public void A_hook_changes_what_goes_in_and_what_comes_out_or_leaves_it_by_null()
    {
        using var identity = Identity();
        identity.register_forward_pre_hook((_, input) => input + 1);
        identity.register_forward_pre_hook((_, _) => null!);
        identity.register_forward_hook((_, input, result) => input * 10 + result);
        identity.register_forward_hook((_, _, _) => null!);
        Compare.Near([22], identity.call(ones(1)));
    }

    [Fact]
    public void Forward_alone_runs_no_hook()
    {
        using var identity = Identity();
        identity.register_forward_hook((_, _, result) => result * 2);
        Compare.Near([1], identity.forward(ones(1)));
    }

    [Fact]
    public void A_removed_hook_is_silent()
    {
        using var identity = Identity();
        var remover = identity.register_forward_hook((_, _, result) => result * 2);
        var other = identity.register_forward_hook(_ => throw new InvalidOperationException());
        other.remove();
        Compare.Near([2], identity.call(ones(1)));
        remover.remove();
        Compare.Near([1], identity.call(ones(1)));
    }

    [Fact]
    public void Modules_of_two_and_three_arguments_have_them_too()
    {
        using var two = new Sum2();
        two.register_forward_pre_hook((_, a, b) => (a * 2, b));
        two.register_forward_hook((_, a, _, result) => result + a);
        Compare.Near([5], two.call(ones(1), ones(1)));
        using var three = new Sum3();
        three.register_forward_pre_hook((_, _, _, _) => null);
        three.register_forward_hook((_, _, _, c, result) => result * c);
        Compare.Near([12], three.call(ones(1), ones(1), ones(1) * 2) + 4);
    }

    [Fact]
    public void Hooks_of_inner_modules_run_when_the_outer_is_called()
    {
        using var inner = Linear(1, 1);
        using var outer = Sequential(inner, Identity());
        int calls = 0;
        inner.register_forward_hook(_ => calls++);
        outer.call(ones(1, 1));
        Assert.Equal(1, calls);
    }
}
