using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

/// <summary>Gradients against central finite differences in double precision, with respect to the input and to every parameter.</summary>
public sealed class GradientTests : Scoped
{
    public static TheoryData<string> Layers =>
    [
        "Linear", "Conv1d", "Conv2d", "Conv3d", "Conv2d same", "Conv2d circular", "LayerNorm", "GroupNorm", "BatchNorm1d", "BatchNorm2d in evaluation", "GELU", "GELU by tanh", "SiLU", "Softmax",
        "LogSoftmax", "MaxPool2d", "AvgPool3d", "AdaptiveAvgPool2d", "Unfold", "bicubic", "trilinear", "normalize", "Sequential",
    ];

    private static (Module<Tensor, Tensor> module, long[] shape) Layer(string name) => name switch
    {
        "Linear" => (Linear(3, 2), [2, 3]),
        "Conv1d" => (Conv1d(2, 2, 2), [1, 2, 4]),
        "Conv2d" => (Conv2d(2, 2, (1, 2), stride: (1, 2), groups: 2), [1, 2, 2, 4]),
        "Conv3d" => (Conv3d(1, 2, 2, padding: 1), [1, 1, 2, 2, 1]),
        "Conv2d same" => (Conv2d(1, 1, 2, Padding.Same), [1, 1, 3, 3]),
        "Conv2d circular" => (Conv2d(1, 1, 3, padding: 1, padding_mode: PaddingModes.Circular), [1, 1, 3, 3]),
        "LayerNorm" => (LayerNorm(4), [2, 4]),
        "GroupNorm" => (GroupNorm(2, 4), [2, 4, 2]),
        "BatchNorm1d" => (BatchNorm1d(2), [4, 2]),
        "BatchNorm2d in evaluation" => (Evaluated(BatchNorm2d(2)), [2, 2, 2, 1]),
        "GELU" => (GELU(), [5]),
        "GELU by tanh" => (GELU(Modules.GELU.Approximate.tanh), [5]),
        "SiLU" => (SiLU(), [5]),
        "Softmax" => (Softmax(-1), [2, 3]),
        "LogSoftmax" => (LogSoftmax(0), [2, 3]),
        "MaxPool2d" => (MaxPool2d(2), [1, 1, 4, 4]),
        "AvgPool3d" => (AvgPool3d(2), [1, 1, 2, 2, 4]),
        "AdaptiveAvgPool2d" => (AdaptiveAvgPool2d((2, 1)), [1, 1, 3, 2]),
        "Unfold" => (Unfold(2), [1, 2, 3, 3]),
        "bicubic" => (Upsample([3, 5], mode: UpsampleMode.Bicubic), [1, 1, 2, 3]),
        "trilinear" => (Upsample(scale_factor: [2], mode: UpsampleMode.Trilinear, align_corners: true), [1, 1, 2, 2, 2]),
        "normalize" => (new Normalize(), [2, 3]),
        "Sequential" => (Sequential(Linear(2, 3), Tanh(), Linear(3, 1)), [2, 2]),
        _ => throw new ArgumentException(name),
    };

    private static Module<Tensor, Tensor> Evaluated(Module<Tensor, Tensor> module)
    {
        module.eval();
        return module;
    }

    private sealed class Normalize() : Module<Tensor, Tensor>(nameof(Normalize))
    {
        public override Tensor forward(Tensor input) => functional.normalize(input);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_layers_gradients_are_right(string name)
    {
        manual_seed(5);
        var (module, shape) = Layer(name);
        using var owned = module.to(ScalarType.Float64);
        GradCheck.Holds(x => owned.call(x[0]), [randn(shape, ScalarType.Float64), .. owned.parameters()]);
    }

    [Fact]
    public void Gradients_of_losses_are_right()
    {
        manual_seed(5);
        var (x, y) = (GradCheck.Random(3, 4), GradCheck.Random(3, 4));
        var labels = tensor(new[] { 3L, -100, 0 });
        var weight = tensor(new[] { 0.5, 1, 2, 1 });
        GradCheck.Holds(t => functional.cross_entropy(t[0], labels, weight, label_smoothing: 0.2).reshape(1), x);
        GradCheck.Holds(t => functional.cross_entropy(t[0], t[1].softmax(1)).reshape(1), x, y);
        GradCheck.Holds(t => functional.mse_loss(t[0], t[1]).reshape(1), x, y);
        GradCheck.Holds(t => functional.smooth_l1_loss(t[0], t[1]).reshape(1), x, y);
        GradCheck.Holds(t => functional.binary_cross_entropy_with_logits(t[0], y.sigmoid()).reshape(1), x);
    }

    [Fact]
    public void Gradients_of_attention_are_right()
    {
        manual_seed(5);
        var mask = zeros(3, 3, ScalarType.Float64).masked_fill(ones(3, 3, ScalarType.Bool).triu(1), -1e3);
        GradCheck.Holds(t => functional.scaled_dot_product_attention(t[0], t[1], t[2], is_casual: true), GradCheck.Random(1, 3, 2), GradCheck.Random(1, 3, 2), GradCheck.Random(1, 3, 2));
        GradCheck.Holds(t => functional.scaled_dot_product_attention(t[0], t[1], t[2], mask), GradCheck.Random(1, 3, 2), GradCheck.Random(1, 3, 2), GradCheck.Random(1, 3, 2));
        using var attention = MultiheadAttention(4, 2).to(ScalarType.Float64);
        GradCheck.Holds(t => attention.call(t[0], t[0], t[0]).Item1, [GradCheck.Random(3, 1, 4), .. attention.parameters()]);
    }

    [Fact]
    public void Gradients_of_recurrent_networks_are_right()
    {
        manual_seed(5);
        using var gru = GRU(2, 2, bidirectional: true, dtype: ScalarType.Float64);
        GradCheck.Holds(t => gru.call(t[0]).Item1, [GradCheck.Random(3, 1, 2), .. gru.parameters()]);
        using var lstm = LSTM(2, 2, dtype: ScalarType.Float64);
        GradCheck.Holds(t => lstm.call(t[0]).Item3, [GradCheck.Random(3, 1, 2), .. lstm.parameters()]);
    }

    [Fact]
    public void Gradients_of_an_embedding_are_right()
    {
        using var embedding = Embedding(3, 2, dtype: ScalarType.Float64);
        var places = tensor(new[] { 2L, 0, 2 });
        GradCheck.Holds(_ => embedding.call(places), embedding.weight!);
    }
}
