using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests;

public sealed class ModuleTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    private sealed class Net : Module<Tensor, Tensor>
    {
        private readonly Linear second = Linear(4, 2);
        private readonly ModuleList<Linear> parts = [Linear(3, 4), Linear(4, 4)];
        private readonly Parameter scale = Parameter(ones(1));
        private readonly Tensor table = arange(3);

        public Net()
            : base(nameof(Net)) => RegisterComponents();

        public override Tensor forward(Tensor input) => second.call(parts[1].call(parts[0].call(input))) * scale + table.sum();
    }

    [Fact]
    public void Fields_are_registered_and_own_parameters_come_first()
    {
        using var net = new Net();
        Assert.Equal(["scale", "table", "second.weight", "second.bias", "parts.0.weight", "parts.0.bias", "parts.1.weight", "parts.1.bias"], net.state_dict().Keys);
        Assert.Equal(7, net.parameters().Count());
        Assert.Equal(["table"], net.named_buffers().Select(entry => entry.name));
    }

    [Fact]
    public void A_state_loads_into_another_module_and_a_wrong_one_is_refused()
    {
        using var a = new Net();
        using var b = new Net();
        var x = randn(2, 3);
        Assert.False(a.call(x).allclose(b.call(x)));
        b.load_state_dict(a.state_dict());
        Assert.True(a.call(x).allclose(b.call(x)));
        var partial = a.state_dict();
        partial.Remove("scale");
        Assert.Contains("missing: scale", Assert.Throws<InvalidOperationException>(() => b.load_state_dict(partial)).Message, StringComparison.Ordinal);
        Assert.Equal(["scale"], b.load_state_dict(partial, strict: false).missing_keys);
        partial["scale"] = ones(2);
        Assert.Contains("scale has shape [2]", Assert.Throws<InvalidOperationException>(() => b.load_state_dict(partial)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Conversion_keeps_the_wrappers_and_leaves_integers_alone()
    {
        using var net = new Net();
        var before = net.parameters().ToArray();
        net.to(ScalarType.Float64);
        Assert.All(before.Zip(net.parameters()), pair => Assert.Same(pair.First, pair.Second));
        Assert.All(net.parameters(), parameter => Assert.True(parameter is { dtype: ScalarType.Float64, requires_grad: true, is_leaf: true }));
        Assert.Equal(ScalarType.Int64, net.get_buffer("table")!.dtype);
        Assert.Equal(ScalarType.Float64, net.call(randn(1, 3, dtype: ScalarType.Float64)).dtype);
    }

    [Fact]
    public void Disposing_a_module_frees_its_parameters_and_buffers()
    {
        long before = LiveTensors.Settled();
        using (NewDisposeScope()) new Net().Dispose();
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Training_mode_reaches_all_children()
    {
        using var net = Sequential(Linear(2, 2), Dropout(0.5));
        net.eval();
        var x = ones(4, 2);
        Assert.True(net.call(x).Equals(net.call(x)));
        net.train();
        Assert.All(net.modules(), module => Assert.True(module.training));
    }

    [Fact]
    public void Hooks_see_and_change_calls_until_removed()
    {
        using var linear = Linear(2, 2);
        var plain = linear.call(ones(1, 2));
        var remover = linear.register_forward_hook((_, _, result) => result * 2);
        Assert.True(linear.call(ones(1, 2)).allclose(plain * 2));
        remover.remove();
        Assert.True(linear.call(ones(1, 2)).allclose(plain));
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights_within_pytorchs_bounds()
    {
        manual_seed(3);
        using var first = Linear(100, 50);
        manual_seed(3);
        using var second = Linear(100, 50);
        Assert.True(first.weight.Equals(second.weight));
        Assert.InRange(first.weight.abs().max().item<float>(), 0.09f, 0.1f);
        Assert.InRange(first.bias!.abs().max().item<float>(), 0.08f, 0.1f);
    }

    [Fact]
    public void Layers_agree_with_their_definitions()
    {
        var x = randn(2, 3, 8, 8);
        using var conv = Conv2d(3, 5, 2, stride: 2);
        var patches = x.reshape(2, 3, 4, 2, 4, 2).permute(0, 2, 4, 1, 3, 5).reshape(32, 12);
        var byHand = (patches.matmul(conv.weight.view(5, 12).t()) + conv.bias!).view(2, 4, 4, 5).permute(0, 3, 1, 2);
        Assert.True(conv.call(x).allclose(byHand, 1e-4, 1e-5));

        using var norm = LayerNorm(8, 1e-6);
        var deviation = (x.var(new long[] { 3 }, unbiased: false, keepdim: true) + 1e-6).sqrt();
        Assert.True(norm.call(x).allclose((x - x.mean([3L], keepdim: true)) / deviation, 1e-4, 1e-5));

        using var batch = BatchNorm2d(3);
        batch.call(x);
        Assert.True(batch.running_mean!.allclose(x.mean([0L, 2, 3]) * 0.1, 1e-4, 1e-6));
        Assert.Equal(1, batch.num_batches_tracked!.item<long>());

        Assert.Equal([2, 3, 4, 4], MaxPool2d(2).call(x).shape);
        Assert.Equal(x.mean().item<float>(), AvgPool2d(8).call(x).mean().item<float>(), 5);
        Assert.Equal([2, 4, 3, 8, 8], Conv3d(3, 4, 3, padding: 1).call(randn(new long[] { 2, 3, 3, 8, 8 })).shape);
        Assert.Equal([2, 3, 1, 1], AdaptiveAvgPool2d(1).call(x).shape);
    }

    [Fact]
    public void A_gru_follows_its_equations()
    {
        using var gru = GRU(3, 4, batchFirst: true);
        var x = randn(2, 1, 3);
        var (output, last) = gru.call(x);
        Assert.Equal(["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"], gru.state_dict().Keys);
        var p = gru.state_dict();
        var i = x[.., 0].matmul(p["weight_ih_l0"].t()) + p["bias_ih_l0"];
        var h = p["bias_hh_l0"].expand(2, 12);
        var (reset, update) = ((i[.., ..4] + h[.., ..4]).sigmoid(), (i[.., 4..8] + h[.., 4..8]).sigmoid());
        var candidate = (i[.., 8..] + (reset * h[.., 8..])).tanh();
        Assert.True(last[0].allclose((1 - update) * candidate, 1e-4, 1e-5));
        Assert.True(output[.., 0].allclose(last[0]));
    }

    [Fact]
    public void Gradients_of_the_functions_agree_with_finite_differences()
    {
        GradCheck.Holds(x => functional.layer_norm(x[0], [4], x[1], x[2]), GradCheck.Random(2, 4), GradCheck.Random(4), GradCheck.Random(4));
        GradCheck.Holds(x => functional.scaled_dot_product_attention(x[0], x[1], x[2]), GradCheck.Random(1, 2, 3, 2), GradCheck.Random(1, 2, 3, 2), GradCheck.Random(1, 2, 3, 2));
        GradCheck.Holds(x => functional.conv2d(x[0], x[1], x[2]), GradCheck.Random(1, 2, 3, 3), GradCheck.Random(2, 2, 2, 2), GradCheck.Random(2));
        var labels = tensor(new[] { 2L, 0 });
        GradCheck.Holds(x => functional.cross_entropy(x[0], labels, label_smoothing: 0.1).reshape(1), GradCheck.Random(2, 3));
        GradCheck.Holds(x => functional.interpolate(x[0], [5, 3], mode: InterpolationMode.Bicubic), GradCheck.Random(1, 1, 3, 3));
    }

    [Fact]
    public void Attention_ignores_what_its_mask_hides()
    {
        var (q, k, v) = (randn(1, 1, 3, 4), randn(1, 1, 3, 4), randn(1, 1, 3, 4));
        var causal = functional.scaled_dot_product_attention(q, k, v, is_casual: true);
        Assert.True(causal[0, 0, 0].allclose(v[0, 0, 0], 1e-5, 1e-6));
        var mask = ones(3, 3, dtype: ScalarType.Bool).tril();
        Assert.True(functional.scaled_dot_product_attention(q, k, v, mask).allclose(causal, 1e-5, 1e-6));
        var penalty = zeros(3, 3).masked_fill(mask.logical_not(), double.NegativeInfinity);
        Assert.True(functional.scaled_dot_product_attention(q, k, v, penalty).allclose(causal, 1e-5, 1e-6));
    }

    [Fact]
    public void Label_smoothing_spreads_the_target()
    {
        var logits = randn(4, 3);
        var labels = tensor(new[] { 0L, 1, 2, 0 });
        var log = logits.log_softmax(1);
        var picked = log.gather(1, labels.unsqueeze(1)).squeeze(1);
        var expected = -(0.9 * picked + 0.1 * log.mean([1L])).mean();
        Assert.True(functional.cross_entropy(logits, labels, label_smoothing: 0.1).allclose(expected, 1e-5, 1e-6));
    }

    [Fact]
    public void Truncated_normal_values_stay_within_their_bounds()
    {
        var x = init.trunc_normal_(empty(10_000), std: 1, a: -1, b: 2);
        Assert.InRange(x.min().item<float>(), -1f, -0.99f);
        Assert.InRange(x.max().item<float>(), 1.9f, 2f);
    }

    [Fact]
    public void Gradients_are_clipped_together()
    {
        using var a = Parameter(tensor(new[] { 3f }));
        using var b = Parameter(tensor(new[] { 4f }));
        ((a * a) / 2 + (b * b) / 2).sum().backward();
        Assert.Equal(5, torch.nn.utils.clip_grad_norm_([a, b], 1), 4);
        Assert.Equal(0.6f, a.grad!.item<float>(), 4);
        Assert.Equal(0.8f, b.grad!.item<float>(), 4);
        Assert.Equal(1, torch.nn.utils.clip_grad_norm_([a, b], 10), 4);
    }
}
