using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

public sealed class OwnershipTests : Scoped
{
    public static TheoryData<Module<Tensor, Tensor>, long[]> Modules => new()
    {
        { Linear(4, 4), [2, 4] },
        { Conv1d(4, 4, 2), [2, 4, 4] },
        { Conv2d(4, 4, 2), [2, 4, 4, 4] },
        { Conv3d(4, 4, 2), [2, 4, 4, 4, 4] },
        { Conv2d(4, 4, 3, Padding.Same, padding_mode: PaddingModes.Reflect), [2, 4, 4, 4] },
        { LayerNorm(4), [2, 4] },
        { GroupNorm(2, 4), [2, 4, 4] },
        { BatchNorm1d(4), [2, 4] },
        { BatchNorm2d(4), [2, 4, 4, 4] },
        { BatchNorm3d(4), [2, 4, 4, 4, 4] },
        { Dropout(), [2, 4] },
        { Dropout(0), [2, 4] },
        { Dropout2d(inplace: true), [2, 4, 4, 4] },
        { Dropout3d(), [2, 4, 4, 4, 4] },
        { GELU(), [2, 4] },
        { ReLU(true), [2, 4] },
        { SiLU(), [2, 4] },
        { Sigmoid(), [2, 4] },
        { Tanh(), [2, 4] },
        { Softmax(1), [2, 4] },
        { Identity(), [2, 4] },
        { Flatten(), [2, 4, 4] },
        { MaxPool2d(2), [2, 4, 4, 4] },
        { AvgPool3d(2), [2, 4, 4, 4, 4] },
        { AdaptiveAvgPool2d(1), [2, 4, 4, 4] },
        { Upsample(scale_factor: [2]), [2, 4, 4] },
        { Sequential(Linear(4, 4), ReLU(), Dropout(), Linear(4, 4)), [2, 4] },
    };

    [Theory]
    [MemberData(nameof(Modules))]
    public void A_call_leaves_only_its_result(Module<Tensor, Tensor> module, long[] shape)
    {
        using var x = randn(shape);
        using (no_grad()) Check();
        Check();

        void Check()
        {
            using var scope = NewDisposeScope();
            var result = module.call(x);
            Assert.Equal([result], scope.DisposablesView);
        }
    }

    [Fact]
    public void Attention_losses_and_recurrent_networks_leave_only_their_results()
    {
        var x = randn(2, 3, 4);
        var labels = tensor(new[] { 1L, 2 });
        using var gru = GRU(4, 4);
        using var lstm = LSTM(4, 4);
        using var attention = MultiheadAttention(4, 2);
        Assert.Equal(1, Left(() => functional.scaled_dot_product_attention(x, x, x, p: 0.1, is_casual: true)));
        Assert.Equal(1, Left(() => functional.normalize(x)));
        Assert.Equal(1, Left(() => functional.cross_entropy(x[.., 0], labels)) - 1);
        Assert.Equal(2, Left(() => gru.call(x)));
        Assert.Equal(3, Left(() => lstm.call(x)));
        Assert.Equal(2, Left(() => attention.call(x, x, x)));

        static int Left<T>(Func<T> call)
        {
            using var scope = NewDisposeScope();
            call();
            return scope.DisposablesCount;
        }
    }

    [Fact]
    public void A_training_step_leaves_nothing_behind()
    {
        using var net = Sequential(Conv2d(1, 2, 3, padding: 1), BatchNorm2d(2), ReLU(), Flatten(), Linear(2 * 16, 3));
        using var optimizer = optim.SGD(net.parameters(), 0.1);
        Step();
        long before = LiveTensors.Settled();
        for (int k = 0; k < 3; k++) Step();
        Assert.Equal(before, LiveTensors.Settled());

        void Step()
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            functional.cross_entropy(net.call(randn(4, 1, 4, 4)), zeros(4, dtype: ScalarType.Int64)).backward();
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1);
            torch.nn.utils.clip_grad_value_(net.parameters(), 0.1);
            optimizer.step();
        }
    }

    [Fact]
    public void Parameters_outlive_the_scope_in_which_their_module_was_made()
    {
        BatchNorm2d norm;
        using (NewDisposeScope()) norm = BatchNorm2d(1);
        Assert.All(norm.state_dict().Values, tensor => Assert.False(tensor.IsInvalid));
        norm.Dispose();
    }

    [Fact]
    public void A_parameter_takes_its_tensor_over()
    {
        var data = zeros(2);
        using var parameter = Parameter(data);
        Assert.True(data.IsInvalid);
        Assert.True(parameter.requires_grad);
        Assert.False(new Parameter(zeros(1), requires_grad: false).requires_grad);
        Assert.True(zeros(1).AsParameter().requires_grad);
    }

    [Fact]
    public void A_disposed_module_gives_back_everything()
    {
        long before = LiveTensors.Settled();
        using (NewDisposeScope())
        {
            Module[] modules = [Linear(2, 2), Conv3d(1, 1, 1), BatchNorm3d(2), GRU(2, 2, numLayers: 2), LSTM(1, 1), Embedding(2, 2, padding_idx: 0), MultiheadAttention(2, 1), ParameterList(Parameter(zeros(1))),
                ModuleList(Linear(1, 1)), ModuleDict(("a", Linear(1, 1))), Sequential(LayerNorm(2), GroupNorm(1, 1))];
            foreach (var module in modules) module.Dispose();
            foreach (var module in modules) module.Dispose();
        }
        Assert.Equal(before, LiveTensors.Settled());
    }
}
