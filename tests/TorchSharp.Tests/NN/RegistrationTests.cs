using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

public sealed class RegistrationTests : Scoped
{
    private abstract class Base(string name) : Module<Tensor, Tensor>(name)
    {
        protected readonly Linear shared = Linear(2, 2);
        private readonly Linear hidden = Linear(2, 2);

        public override Tensor forward(Tensor input) => hidden.call(shared.call(input));
    }

    private sealed class Derived : Base
    {
        private readonly Linear own = Linear(2, 2);

        [ComponentName(Name = "renamed")]
        private readonly Parameter scale = Parameter(ones(1));

        private Tensor? later;

        public Derived()
            : base(nameof(Derived)) => RegisterComponents();

        public override Tensor forward(Tensor input) => own.call(base.forward(input)) * scale;

        public void RegisterAgain()
        {
            later = zeros(1);
            RegisterComponents();
            later.Dispose();
        }
    }

    private sealed class Bare() : Module<Tensor, Tensor>(nameof(Bare))
    {
        public override Tensor forward(Tensor input) => input.alias();
    }

    [Fact]
    public void A_types_own_fields_come_before_those_of_its_base()
    {
        using var module = new Derived();
        Assert.Equal(["own", "shared", "hidden"], module.named_children().Select(child => child.name));
    }

    [Fact]
    public void An_attribute_renames_a_field() => Assert.Equal(["renamed"], new Derived().named_parameters(recurse: false).Select(entry => entry.name));

    [Fact]
    public void Components_are_registered_once()
    {
        using var module = new Derived();
        module.RegisterAgain();
        Assert.Empty(module.buffers());
    }

    [Fact]
    public void A_name_is_given_once()
    {
        using var module = new Bare();
        module.register_parameter("p", Parameter(zeros(1)));
        module.register_buffer("b", zeros(1));
        module.register_module("m", Identity());
        Assert.Contains("'p'", Assert.Throws<InvalidOperationException>(() => module.register_parameter("p", Parameter(zeros(1)))).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => module.register_buffer("b", zeros(1)));
        Assert.Throws<InvalidOperationException>(() => module.register_module("m", Identity()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    public void A_submodules_name_is_one_word(string name) => Assert.Throws<ArgumentException>(() => new Bare().add_module(name, Identity()));

    [Fact]
    public void Null_takes_a_submodule_away_but_is_no_parameter()
    {
        using var module = new Bare();
        module.add_module("m", Identity());
        module.register_module("m", null!);
        Assert.Empty(module.children());
        Assert.Throws<ArgumentNullException>(() => module.register_parameter("p", null!));
        Assert.Throws<ArgumentNullException>(() => module.register_buffer("b", null!));
    }

    [Fact]
    public void All_children_are_named_before_their_children()
    {
        using var module = Sequential(("a", Sequential(("x", Identity()))), ("b", Sequential(("y", Identity()))));
        Assert.Equal(["a", "b", "a.x", "b.y"], module.named_modules().Select(entry => entry.name));
    }

    [Fact]
    public void Parameters_and_buffers_are_found_by_their_path()
    {
        using var module = Sequential(("conv", Conv2d(1, 2, 1)), ("inner", Sequential(("norm", BatchNorm2d(2)))));
        Assert.Same(((BatchNorm2d)module.modules().Last()).weight, module.get_parameter("inner.norm.weight"));
        Assert.True(module.has_parameter("conv.bias"));
        Assert.True(module.has_buffer("inner.norm.running_var"));
        Assert.False(module.has_parameter("inner.norm.running_var"));
        Assert.Null(module.get_parameter("inner.norm.nothing"));
        Assert.Null(module.get_buffer("nowhere"));
    }

    [Fact]
    public void A_shared_parameter_is_listed_once_and_kept_under_both_names()
    {
        using var module = new Bare();
        var weight = Parameter(randn(2, 2));
        module.add_module("first", Linear(weight));
        module.add_module("second", Linear(weight));
        Assert.Equal(["first.weight"], module.named_parameters().Select(entry => entry.name));
        Assert.Equal(["first.weight", "second.weight"], module.state_dict().Keys);
        Assert.True(module.has_parameter("second.weight"));
    }

    [Fact]
    public void A_parameter_set_by_its_property_takes_the_olds_place()
    {
        using var linear = Linear(2, 3);
        var old = linear.weight;
        linear.weight = Parameter(ones(3, 2));
        Assert.Same(linear.weight, linear.get_parameter("weight"));
        Assert.Equal(["weight", "bias"], linear.state_dict().Keys);
        Assert.True(old.IsInvalid);
        linear.bias = null;
        Assert.Equal(["weight"], linear.state_dict().Keys);
        Compare.Near([2, 2, 2], linear.call(ones(1, 2)));
    }

    [Fact]
    public void A_module_without_parameters_takes_none()
    {
        Assert.Throws<InvalidOperationException>(() => Dropout().register_parameter("p", Parameter(zeros(1))));
        Assert.Throws<InvalidOperationException>(() => Dropout().register_buffer("b", zeros(1)));
        Assert.Throws<InvalidOperationException>(() => Dropout().register_module("m", Linear(1, 1)));
    }

    [Fact]
    public void A_function_is_applied_to_the_children_first()
    {
        using var module = Sequential(("a", Sequential(("x", Linear(1, 1)))), ("b", ReLU()));
        List<string> names = [];
        Assert.Same(module, module.apply(part => names.Add(part.GetName())));
        Assert.Equal(["Linear", "Sequential", "ReLU", "Sequential"], names);
    }

    [Fact]
    public void Gradients_are_taken_away_or_set_to_zero()
    {
        using var linear = Linear(2, 1);
        linear.call(ones(1, 2)).sum().backward();
        linear.zero_grad(set_to_none: false);
        Compare.Near([0, 0], linear.weight.grad!);
        linear.zero_grad();
        Assert.Null(linear.weight.grad);
    }

    [Fact]
    public void Train_and_eval_reach_every_depth()
    {
        using var module = Sequential(ModuleInModule());
        module.eval();
        Assert.All(module.modules().Prepend(module), part => Assert.False(part.training));
        module.train();
        Assert.All(module.modules().Prepend(module), part => Assert.True(part.training));

        static Module<Tensor, Tensor> ModuleInModule() => Sequential(Dropout(), Sequential(Dropout()));
    }
}
