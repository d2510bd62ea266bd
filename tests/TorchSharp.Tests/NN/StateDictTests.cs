using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

public sealed class StateDictTests : Scoped
{
    private static Sequential Net() => Sequential(("conv", Conv2d(1, 2, 3)), ("norm", BatchNorm2d(2)), ("fc", Linear(2, 1)));

    [Fact]
    public void Names_come_in_the_order_of_registration_parameters_before_buffers() => Assert.Equal(
        ["conv.weight", "conv.bias", "norm.weight", "norm.bias", "norm.running_mean", "norm.running_var", "norm.num_batches_tracked", "fc.weight", "fc.bias"],
        Net().state_dict().Keys);

    [Fact]
    public void The_state_is_the_tensors_themselves()
    {
        using var net = Net();
        Assert.Same(net.get_parameter("fc.weight"), net.state_dict()["fc.weight"]);
    }

    [Fact]
    public void A_prefix_goes_before_every_name_and_a_destination_is_added_to()
    {
        using var linear = Linear(1, 1);
        Dictionary<string, Tensor> destination = new() { ["other"] = zeros(1) };
        Assert.Same(destination, linear.state_dict(destination, "head"));
        Assert.Equal(["other", "head.weight", "head.bias"], destination.Keys);
    }

    [Fact]
    public void Buffers_that_are_not_persistent_stay_out()
    {
        using var linear = Linear(1, 1);
        linear.register_buffer("cache", zeros(1), persistent: false);
        Assert.DoesNotContain("cache", linear.state_dict().Keys);
        Assert.Equal(["cache"], linear.named_buffers().Select(entry => entry.name));
        Assert.Empty(linear.named_buffers(include_nonpersistent: false));
    }

    [Fact]
    public void Values_are_copied_into_the_same_tensors()
    {
        using var source = Net();
        using var target = Net();
        var before = target.parameters().ToArray();
        var (missing, unexpected) = target.load_state_dict(source.state_dict());
        Assert.Empty(missing);
        Assert.Empty(unexpected);
        Assert.All(before.Zip(target.parameters()), pair => Assert.Same(pair.First, pair.Second));
        foreach (var (key, value) in source.state_dict()) Assert.True(value.Equals(target.state_dict()[key]), key);
        Assert.All(target.parameters(), parameter => Assert.True(parameter is { requires_grad: true, is_leaf: true }));
    }

    [Fact]
    public void Values_of_another_type_are_converted()
    {
        using var target = Linear(1, 1, hasBias: false);
        target.load_state_dict(new() { ["weight"] = tensor(new[] { 0.5 }).view(1, 1) });
        Assert.Equal(ScalarType.Float32, target.weight.dtype);
        Assert.Equal(0.5f, target.weight.item<float>());
    }

    [Fact]
    public void Strict_loading_names_what_is_missing_and_what_is_unknown()
    {
        using var target = Linear(2, 2);
        var error = Assert.Throws<InvalidOperationException>(() => target.load_state_dict(new() { ["weight"] = zeros(2, 2), ["wieght"] = zeros(2, 2) }));
        Assert.Contains("Linear; missing: bias; unexpected: wieght", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Loose_loading_returns_what_is_missing_and_what_is_unknown()
    {
        using var target = Linear(2, 2);
        var (missing, unexpected) = target.load_state_dict(new() { ["weight"] = ones(2, 2), ["extra"] = zeros(1) }, strict: false);
        Assert.Equal(["bias"], missing);
        Assert.Equal(["extra"], unexpected);
        Compare.Near(ones(2, 2), target.weight);
    }

    [Fact]
    public void Skipped_names_are_neither_loaded_nor_missed()
    {
        using var target = Linear(1, 1);
        using var _ = no_grad();
        target.bias!.fill_(7);
        target.load_state_dict(new() { ["weight"] = ones(1, 1), ["bias"] = zeros(9), ["other"] = zeros(1) }, skip: ["bias", "other"]);
        Assert.Equal(1, target.weight.item<float>());
        Assert.Equal(7, target.bias.item<float>());
    }

    [Fact]
    public void A_wrong_shape_is_refused_with_its_name_before_anything_is_copied()
    {
        using var target = Linear(2, 3);
        var weight = target.weight.clone();
        var error = Assert.Throws<InvalidOperationException>(() => target.load_state_dict(new() { ["weight"] = zeros(3, 2), ["bias"] = zeros(1) }, strict: false));
        Assert.Contains("bias has shape [1] where [3] is needed", error.Message, StringComparison.Ordinal);
        Assert.True(target.weight.Equals(weight));
    }
}
