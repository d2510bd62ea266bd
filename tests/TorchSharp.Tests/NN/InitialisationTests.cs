using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

public sealed class InitialisationTests : Scoped
{
    private static readonly double[] UniformOfSeed0 = [0.4963, 0.7682, 0.0885, 0.1320, 0.3074, 0.6341];

    /// <summary>What PyTorch's nn.Linear(2, 2) holds after torch.manual_seed(0).</summary>
    [Fact]
    public void A_linear_layer_has_the_weights_that_PyTorch_draws()
    {
        manual_seed(0);
        using var linear = Linear(2, 2);
        Compare.Near([-0.0053, 0.3793, -0.5820, -0.5204], linear.weight, 1e-4);
        Compare.Near([-0.2723, 0.1896], linear.bias!, 1e-4);
    }

    /// <summary>Weight first, then bias, each uniform in ±1/√(fan in).</summary>
    [Fact]
    public void A_convolution_draws_its_weight_and_then_its_bias()
    {
        manual_seed(0);
        using var conv = Conv2d(1, 1, (1, 5));
        var bound = 1 / Math.Sqrt(5);
        Compare.Near([.. UniformOfSeed0.Take(5).Select(u => (2 * u - 1) * bound)], conv.weight, 1e-4);
        Compare.Near([(2 * UniformOfSeed0[5] - 1) * bound], conv.bias!, 1e-4);
    }

    /// <summary>torch.manual_seed(0); torch.randn(4).</summary>
    [Fact]
    public void An_embedding_has_the_weights_that_PyTorch_draws()
    {
        manual_seed(0);
        Compare.Near([1.5410, -0.2934, -2.1788, 0.5684], Embedding(2, 2).weight!, 1e-4);
        manual_seed(0);
        Compare.Near([0, 0, -2.1788, 0.5684], Embedding(2, 2, padding_idx: 0).weight!, 1e-4);
    }

    [Fact]
    public void A_recurrent_network_draws_in_the_order_of_its_state()
    {
        manual_seed(0);
        using var gru = GRU(1, 1, numLayers: 2, bidirectional: true);
        Assert.Equal(
            ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0", "weight_ih_l0_reverse", "weight_hh_l0_reverse", "bias_ih_l0_reverse", "bias_hh_l0_reverse"],
            gru.state_dict().Keys.Take(8));
        Assert.Equal([3, 2], gru.get_parameter("weight_ih_l1")!.shape);
        Compare.Near([.. UniformOfSeed0.Take(3).Select(u => 2 * u - 1)], gru.get_parameter("weight_ih_l0")!, 1e-4);
        Compare.Near([.. UniformOfSeed0.Skip(3).Select(u => 2 * u - 1)], gru.get_parameter("weight_hh_l0")!, 1e-4);
    }

    [Fact]
    public void Normalizations_begin_as_the_identity()
    {
        Module[] norms = [LayerNorm(3), GroupNorm(1, 3), BatchNorm1d(3)];
        Assert.All(norms, norm =>
        {
            Compare.Near(ones(3), norm.get_parameter("weight")!);
            Compare.Near(zeros(3), norm.get_parameter("bias")!);
        });
    }

    /// <summary>PyTorch's algorithm: the inverse of the normal distribution at uniform numbers between its values at the bounds.</summary>
    [Fact]
    public void Truncated_normal_numbers_are_the_inverse_of_uniform_ones()
    {
        const double mean = 0.5, std = 2, a = -1, b = 2;
        manual_seed(7);
        var drawn = init.trunc_normal_(empty(1000, ScalarType.Float64), mean, std, a, b);
        double low = Phi((a - mean) / std), high = Phi((b - mean) / std);
        manual_seed(7);
        var uniform = empty(1000, ScalarType.Float64).uniform_(2 * low - 1, 2 * high - 1);
        Compare.Near(uniform, ((drawn - mean) / (std * Math.Sqrt(2))).erf(), 1e-9);
        Assert.InRange(drawn.min().item<double>(), a, a + 0.05);
        Assert.InRange(drawn.max().item<double>(), b - 0.05, b);

        static double Phi(double x) => (1 + tensor(x / Math.Sqrt(2)).erf().item<double>()) / 2;
    }

    [Fact]
    public void Fans_count_the_kernel()
    {
        Assert.Equal((3, 5), init.CalculateFanInAndFanOut(empty(5, 3)));
        Assert.Equal((3 * 8, 5 * 8), init.CalculateFanInAndFanOut(empty(5, 3, 2, 4)));
        Assert.Throws<ArgumentException>(() => init.CalculateFanInAndFanOut(empty(5)));
    }

    [Theory]
    [InlineData(init.NonlinearityType.Linear, 0, 1)]
    [InlineData(init.NonlinearityType.Conv3D, 0, 1)]
    [InlineData(init.NonlinearityType.Sigmoid, 0, 1)]
    [InlineData(init.NonlinearityType.Tanh, 0, 5.0 / 3)]
    [InlineData(init.NonlinearityType.ReLU, 0, 1.41421356)]
    [InlineData(init.NonlinearityType.LeakyReLU, 3, 0.44721360)]
    public void Gains_are_PyTorchs(init.NonlinearityType nonlinearity, double parameter, double gain) =>
        Assert.Equal(gain, init.calculate_gain(nonlinearity, parameter), 7);

    /// <summary>A uniform number in ±b has the deviation b/√3.</summary>
    [Theory]
    [InlineData("kaiming_uniform_", 1.41421356 / 20)]
    [InlineData("kaiming_normal_", 1.41421356 / 20)]
    [InlineData("xavier_uniform_", 0.05773503)]
    [InlineData("xavier_normal_", 0.05773503)]
    public void Deviations_follow_from_the_fans(string name, double expected)
    {
        manual_seed(1);
        var x = empty(200, 400);
        _ = name switch
        {
            "kaiming_uniform_" => init.kaiming_uniform_(x),
            "kaiming_normal_" => init.kaiming_normal_(x),
            "xavier_uniform_" => init.xavier_uniform_(x),
            _ => init.xavier_normal_(x),
        };
        Assert.Equal(expected, x.std().item<float>(), expected / 100);
        if (name.Contains("uniform", StringComparison.Ordinal)) Assert.InRange(x.abs().max().item<float>(), expected * 1.72, expected * 1.7321);
    }

    [Fact]
    public void Fan_out_is_the_number_of_rows()
    {
        manual_seed(1);
        var x = init.kaiming_normal_(empty(400, 100), mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU);
        Assert.Equal(Math.Sqrt(2.0 / 400), x.std().item<float>(), 1e-3);
    }

    [Theory]
    [InlineData(3, 5)]
    [InlineData(5, 3)]
    public void Orthogonal_rows_or_columns_are_of_unit_length(long rows, long columns)
    {
        var x = init.orthogonal_(empty(rows, columns, ScalarType.Float64), gain: 2);
        var small = rows < columns ? x.matmul(x.t()) : x.t().matmul(x);
        Compare.Near(4 * eye(3, dtype: ScalarType.Float64), small, 1e-9);
    }

    [Fact]
    public void Constants_are_constant()
    {
        Compare.Near([0, 0], init.zeros_(empty(2)));
        Compare.Near([1, 1], init.ones_(empty(2)));
        Compare.Near([0.25, 0.25], init.constant_(empty(2), 0.25));
        Compare.Near([1, 0, 0, 0, 1, 0], init.eye_(empty(2, 3)));
    }

    [Fact]
    public void A_parameter_is_initialised_in_place_without_a_gradient_and_returned_itself()
    {
        using var parameter = Parameter(empty(4, 4));
        Assert.Same(parameter, init.trunc_normal_(init.kaiming_uniform_(init.orthogonal_(init.eye_(parameter)))));
        Assert.True(parameter is { is_leaf: true, requires_grad: true });
    }

    [Fact]
    public void Initialisation_leaves_no_tensors_behind()
    {
        using var parameter = Parameter(empty(4, 4));
        long before = LiveTensors.Settled();
        init.xavier_normal_(init.trunc_normal_(init.kaiming_uniform_(init.orthogonal_(init.eye_(parameter)))));
        Assert.Equal(before, LiveTensors.Settled());
    }
}
