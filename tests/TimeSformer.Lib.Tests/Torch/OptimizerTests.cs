using TorchSharp.Modules;
using AdamW = TimeSformer.Torch.AdamW;
using Optimizer = TimeSformer.Torch.Optimizer;
using ParamGroup = TimeSformer.Torch.ParamGroup;
using SGD = TimeSformer.Torch.SGD;

namespace TimeSformer.Tests.Torch;

/// <summary>The optimizers, compared with TorchSharp's and with PyTorch's documentation.</summary>
public sealed class OptimizerTests() : TensorTests(gradients: true)
{
    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(0, 0.1, false)]
    [InlineData(0.9, 0, false)]
    [InlineData(0.9, 0.1, false)]
    [InlineData(0.9, 0.1, true)]
    public void SGD_takes_the_same_steps_as_TorchSharps(double momentum, double decay, bool nesterov) => AssertSameSteps(
        weights => new SGD(weights, 0.1, momentum, decay, nesterov), weights => optim.SGD(weights, 0.1, momentum, 0, decay, nesterov));

    [Theory, InlineData(0.9, 0.999, 0), InlineData(0.8, 0.95, 0.1)]
    public void AdamW_takes_the_same_steps_as_TorchSharps(double beta1, double beta2, double decay) => AssertSameSteps(
        weights => new AdamW(weights, 0.1, beta1, beta2, 1e-8, decay), weights => optim.AdamW(weights, 0.1, beta1, beta2, 1e-8, decay));

    [Fact]
    public void Parameters_of_a_large_model_are_updated_piece_by_piece_as_if_at_once()
    {
        using var scope = NewDisposeScope();
        Parameter[] parameters = [.. new long[] { 3 << 20, 7, 3 << 20, 6 << 20, 5 }.Select(length => new Parameter(zeros(length)))];
        using var optimizer = new TimeSformer.Torch.SGD(parameters, 0.5, momentum: 0.9);
        for (int step = 0; step < 2; step++)
        {
            foreach (var parameter in parameters) parameter.grad = ones_like(parameter);
            optimizer.step();
        }
        // -0.5 · 1 - 0.5 · 1.9
        foreach (var parameter in parameters) Assert.True(parameter.allclose(full_like(parameter, -1.45f)));

        foreach (var parameter in parameters) parameter.grad = ones_like(parameter);
        double norm = optimizer.step(maxNorm: 1).item<float>();
        Assert.Equal(Math.Sqrt(parameters.Sum(parameter => parameter.numel())), norm, 1e-2);
        // -1.45 - 0.5 · (0.9 · 1.9 + 1 / norm)
        foreach (var parameter in parameters) Assert.True(parameter.allclose(full_like(parameter, -2.305 - (0.5 / norm))));
    }

    [Fact]
    public void Groups_have_their_own_learning_rates_which_may_change()
    {
        var (a, b) = (Weight(1), Weight(1));
        var (slow, fast) = (new ParamGroup([a], 0.1), new ParamGroup([b], 0.2));
        using var optimizer = new SGD([slow, fast]);
        Step(optimizer, a.sum() + b.sum());
        fast.LearningRate = 0.5;
        Step(optimizer, a.sum() + b.sum());
        Assert.Equal(0.8, a.item<float>(), 1e-6);
        Assert.Equal(0.3, b.item<float>(), 1e-6);
    }

    [Fact]
    public void Zero_grad_makes_gradients_null()
    {
        var weight = Weight(3);
        using var optimizer = new SGD([weight], 0.1);
        weight.sum().backward();
        optimizer.zero_grad();
        Assert.Null(weight.grad);
    }

    [Fact]
    public void A_parameter_without_a_gradient_is_skipped_and_counts_its_own_steps()
    {
        Func<Parameter[], Optimizer>[] makers = [weights => new SGD(weights, 0.1, 0.9, 0.1), weights => new AdamW(weights, 0.1)];
        foreach (var make in makers)
        {
            Parameter[] weights = [Weight(3), Weight(2), Weight(3)], alone = [Weight(2)];
            using Optimizer optimizer = make(weights), other = make(alone);
            Step(optimizer, weights[0].sum() + weights[2].sum());
            Assert.Equal([1, 1], weights[1].data<float>().ToArray());
            Step(optimizer, weights[1].sum());
            Step(other, alone[0].sum());
            Assert.Equal(alone[0].data<float>().ToArray(), weights[1].data<float>().ToArray());
        }
    }

    [Fact]
    public void Parameters_of_any_shape_and_type_stay_the_same_objects()
    {
        Parameter[] weights = [Weight(2, 3), new(ones(4, float64)), new(arange(6, float32).view(2, 3).t())];
        using var optimizer = new SGD(weights, 0.5);
        Assert.Equal([0, 3, 1, 4, 2, 5], weights[2].flatten().data<float>().ToArray());
        Step(optimizer, weights[0].sum() + weights[1].sum() + weights[2].sum());
        Assert.Equal([2, 3], weights[0].shape);
        Assert.Equal([0.5, 0.5, 0.5, 0.5], weights[1].data<double>().ToArray());
        Assert.Equal([-0.5f, 2.5f, 0.5f, 3.5f, 1.5f, 4.5f], weights[2].flatten().data<float>().ToArray());
    }

    [Fact]
    public void A_loaded_state_resumes_exactly_and_outlives_its_dispose_scope()
    {
        Func<Parameter[], Optimizer>[] makers = [weights => new SGD(weights, 0.1, 0.9, 0.1, true), weights => new AdamW(weights, 0.1)];
        foreach (var make in makers)
        {
            Parameter[] weights = [Weight(2, 3), Weight(5)];
            using var optimizer = make(weights);
            Step(optimizer, Loss(weights));
            var saved = optimizer.state_dict(Named(weights)).ToDictionary(entry => entry.Key, entry => entry.Value.clone());
            Parameter[] copies = [.. weights.Select(weight => new Parameter(weight.detach().clone()))];
            using var other = make(copies);
            using (NewDisposeScope()) other.load_state_dict(Named(copies), name => saved[name].alias());
            for (int step = 0; step < 3; step++)
            {
                Step(optimizer, Loss(weights));
                Step(other, Loss(copies));
            }
            Assert.All(weights.Zip(copies), pair => Assert.True(pair.First.Equals(pair.Second)));
        }
    }

    [Fact]
    public void A_state_of_another_shape_is_rejected_by_name()
    {
        using var optimizer = new SGD([Weight(2, 3)], 0.1, 0.9);
        var error = Assert.Throws<ArgumentException>(() => optimizer.load_state_dict(
            Named([.. optimizer.ParamGroups[0].Parameters]), name => name == "step.w0" ? tensor(1L) : zeros(1, 3)));
        Assert.Equal("momentum_buffer.w0 has shape (1, 3), not (2, 3)", error.Message);
    }

    [Fact]
    public void Duplicate_parameters_and_no_parameters_are_rejected()
    {
        var weight = Weight(2, 3);
        var twice = Assert.Throws<ArgumentException>(() => new SGD([weight, weight], 0.1));
        Assert.Equal("a parameter of shape (2, 3) is given to the optimizer twice", twice.Message);
        var none = Assert.Throws<ArgumentException>(() => new AdamW(Array.Empty<Parameter>()));
        Assert.Equal("the optimizer is given no parameters", none.Message);
    }

    [Theory, InlineData(0.01), InlineData(100.0)]
    public void A_clipped_step_is_that_of_clip_grad_norm_to_the_last_digit(double most)
    {
        manual_seed(5);
        using var model = new TimeSformerModel(TimeSformerConfig.Tiny with { NumClasses = 5 });
        using var other = model.Config.Create();
        other.load_state_dict(model.state_dict());
        using SGD optimizer = new(model.parameters(), 0.1, 0.9), peer = new(other.parameters(), 0.1, 0.9);
        for (int step = 0; step < 3; step++)
        {
            var clips = randn([2, 3, model.Config.NumFrames, model.Config.ImageSize, model.Config.ImageSize]);
            foreach (var (one, its) in new[] { (model, optimizer), (other, peer) })
            {
                its.zero_grad();
                one.call(clips).exp().sum().backward();
            }
            double expected = nn.utils.clip_grad_norm_(other.parameters(), most);
            peer.step();
            Assert.Equal(expected, optimizer.step(most).Number());
            Assert.All(model.parameters().Zip(other.parameters()), pair => Assert.True(pair.First.Equals(pair.Second)));
        }
    }

    [Fact]
    public void The_norm_of_gradients_that_are_not_finite_is_not_finite()
    {
        var weight = Weight(3);
        using var optimizer = new SGD([weight], 0.1);
        weight.grad = tensor([1f, float.NaN, 0]);
        Assert.False(double.IsFinite(optimizer.step(1).Number()));
        optimizer.zero_grad();
        Assert.Equal(0, optimizer.step(1).Number());
    }

    [Fact]
    public void Weights_with_bfloat16_copies_take_float32_steps_by_the_copies_gradients()
    {
        Func<ParamGroup, Optimizer>[] makers = [group => new SGD([group], 0.9, 0.1, true), group => new AdamW([group])];
        foreach (var make in makers)
        {
            manual_seed(5);
            Parameter[] masters = [.. new long[] { 1, 16, 37 }.Select(size => new Parameter(randn(size)))];
            Parameter[] alone = [.. masters.Select(master => new Parameter(master.detach().clone()))];
            Parameter[] copies = [.. masters.Select(master => new Parameter(zeros(master.shape, bfloat16)))];
            using Optimizer optimizer = make(new(masters, 0.01, copies)), other = make(new(alone, 0.01));
            for (int step = 0; step < 10; step++)
            {
                Assert.All(masters.Zip(copies), pair => Assert.True(pair.First.to_type(bfloat16).Equals(pair.Second)));
                foreach (var (copy, reference) in copies.Zip(alone))
                {
                    copy.grad = randn(copy.shape, bfloat16);
                    reference.grad = copy.grad.to_type(float32);
                }
                optimizer.step(2);
                other.step(2);
                Assert.All(masters.Zip(alone), pair => Assert.True(pair.First.Equals(pair.Second)));
            }
            optimizer.zero_grad();
            Assert.All(copies, copy => Assert.Null(copy.grad));
        }
    }

    [Fact]
    public void Updates_too_small_for_bfloat16_add_up_in_its_masters()
    {
        var (master, copy, alone) = (Weight(1), new Parameter(zeros(1, bfloat16)), new Parameter(ones(1, bfloat16)));
        using SGD optimizer = new([new ParamGroup([master], 1e-4, [copy])]), other = new([alone], 1e-4);
        for (int step = 0; step < 100; step++)
        {
            copy.grad = alone.grad = ones(1, bfloat16);
            optimizer.step();
            other.step();
        }
        Assert.Equal(0.99, master.item<float>(), 3e-6);                                               // 100 roundings of 2^-25
        Assert.Equal(0.98828125, copy.Number());                                                      // the nearest of its numbers
        Assert.Equal(1, alone.Number());
    }

    // Sizes that are and are not multiples of the length of vector registers.
    private static void AssertSameSteps(Func<Parameter[], Optimizer> make, Func<Parameter[], OptimizerHelper> makeTorchSharps)
    {
        manual_seed(5);
        Parameter[] weights = [.. new long[] { 1, 16, 37, 128 }.Select(size => new Parameter(randn(size)))];
        Parameter[] copies = [.. weights.Select(weight => new Parameter(weight.detach().clone()))];
        using var optimizer = make(weights);
        using var peer = makeTorchSharps(copies);
        for (int step = 0; step < 10; step++)
        {
            Step(optimizer, Loss(weights));
            peer.zero_grad();
            Loss(copies).backward();
            peer.step();
        }
        // Ten steps of 0.1, each with the same operations in a different order.
        Assert.All(weights.Zip(copies), pair => Assert.InRange((pair.First - pair.Second).abs().max().item<float>(), 0, 2e-6));
    }

    private static Tensor Loss(Parameter[] weights) =>
        weights.Select(weight => (weight.sin() * weight.cos()).sum()).Aggregate((a, b) => a + b);

    private static void Step(Optimizer optimizer, Tensor loss)
    {
        optimizer.zero_grad();
        loss.backward();
        optimizer.step();
    }

    private static Parameter Weight(params long[] shape) => new(ones(shape));

    private static IEnumerable<(string, Parameter)> Named(Parameter[] weights) => weights.Select((weight, k) => ($"w{k}", weight));
}
