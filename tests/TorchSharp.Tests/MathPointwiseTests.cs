using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class MathPointwiseTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    public static TheoryData<string, Func<Tensor, Tensor>, Func<double, double>> Functions { get; } = new()
    {
        { "abs", abs, Math.Abs },
        { "ceil", ceil, Math.Ceiling },
        { "cos", cos, Math.Cos },
        { "erf", erf, Erf },
        { "exp", exp, Math.Exp },
        { "expm1", expm1, x => Math.Exp(x) - 1 },
        { "floor", floor, Math.Floor },
        { "frac", frac, x => x - Math.Truncate(x) },
        { "log", x => log(x.abs()), x => Math.Log(Math.Abs(x)) },
        { "log1p", x => log1p(x.abs()), x => Math.Log(1 + Math.Abs(x)) },
        { "log2", x => log2(x.abs()), x => Math.Log2(Math.Abs(x)) },
        { "log10", x => log10(x.abs()), x => Math.Log10(Math.Abs(x)) },
        { "neg", neg, x => -x },
        { "reciprocal", reciprocal, x => 1 / x },
        { "relu", x => x.relu(), x => Math.Max(x, 0) },
        { "round", x => round(x), x => Math.Round(x, MidpointRounding.ToEven) },
        { "round to one decimal", x => round(x, 1), x => Math.Round(x, 1) },
        { "rsqrt", x => rsqrt(x.abs()), x => 1 / Math.Sqrt(Math.Abs(x)) },
        { "sigmoid", sigmoid, x => 1 / (1 + Math.Exp(-x)) },
        { "sign", sign, x => Math.Sign(x) },
        { "sin", sin, Math.Sin },
        { "sqrt", x => sqrt(x.abs()), x => Math.Sqrt(Math.Abs(x)) },
        { "square", square, x => x * x },
        { "tan", tan, Math.Tan },
        { "tanh", tanh, Math.Tanh },
        { "trunc", trunc, Math.Truncate },
        { "gelu", x => x.gelu(), x => x * (1 + Erf(x / Math.Sqrt(2))) / 2 },
        { "gelu by tanh", x => x.gelu(Modules.GELU.Approximate.tanh), x => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))) },
        { "pow", x => x.abs().pow(1.5), x => Math.Pow(Math.Abs(x), 1.5) },
        { "clamp", x => x.clamp(-1, 1), x => Math.Clamp(x, -1, 1) },
        { "nan_to_num", x => x.log().nan_to_num(7), x => x > 0 ? Math.Log(x) : 7 },
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_function_is_applied_to_each_element(string name, Func<Tensor, Tensor> function, Func<double, double> expected)
    {
        double[] points = [-2.7, -1.5, -0.3, 0.2, 0.5, 1.9, 2.5];
        var results = function(tensor(points)).data<double>().ToArray();
        for (int k = 0; k < points.Length; k++) Assert.True(Math.Abs(expected(points[k]) - results[k]) < 1e-9, $"{name}({points[k]}) = {results[k]}");
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Its_gradient_is_its_slope(string name, Func<Tensor, Tensor> function, Func<double, double> expected)
    {
        _ = (name, expected);
        GradCheck.Holds(x => function(x[0]), tensor(new[] { -2.7, -1.4, -0.3, 0.2, 0.6, 1.9, 2.47 }));
    }

    // By its power series, enough for |x| < 3.
    private static double Erf(double x)
    {
        double term = x, sum = x;
        for (int n = 1; n < 60; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }
        return 2 / Math.Sqrt(Math.PI) * sum;
    }

    [Fact]
    public void Division_rounds_as_asked()
    {
        var x = tensor(new[] { 7, -7 });
        Assert.Equal([3.5f, -3.5f], x.div(2).data<float>().ToArray());
        Assert.Equal([3, -3], x.div(2, RoundingMode.trunc).data<int>().ToArray());
        Assert.Equal([3, -4], x.div(tensor(2), RoundingMode.floor).data<int>().ToArray());
        Assert.Equal([1, -1], x.fmod(2).data<int>().ToArray());
        Assert.Equal([1, 1], (x % 2).data<int>().ToArray());
        Assert.Equal([3.5f, -3.5f], true_divide(x, tensor(2)).data<float>().ToArray());
    }

    [Fact]
    public void Sums_and_products_can_be_scaled()
    {
        var (x, y) = (tensor(new[] { 1f, 2 }), tensor(new[] { 3f, 4 }));
        Assert.Equal([7f, 10], x.add(y, 2).data<float>().ToArray());
        Assert.Equal([7f, 8], x.add(3, 2).data<float>().ToArray());
        Assert.Equal([7f, 18], x.addcmul(x, y, 2).data<float>().ToArray());
        Assert.Equal([1 + (2 / 3f), 3], x.addcdiv(x, y, 2).data<float>().ToArray());
        Assert.Equal([2f, 3], x.lerp(y, tensor(0.5f)).data<float>().ToArray());
    }

    [Fact]
    public void Softmax_sums_to_one_and_log_softmax_is_its_logarithm()
    {
        var x = randn(3, 5, dtype: ScalarType.Float64);
        Assert.True(x.softmax(1).sum(1).allclose(ones(3, dtype: ScalarType.Float64)));
        Assert.True(x.log_softmax(0).exp().allclose(softmax(x, 0)));
        Assert.Equal(ScalarType.Float32, x.softmax(0, ScalarType.Float32).dtype);
        GradCheck.Holds(y => y[0].log_softmax(1), GradCheck.Random(2, 3));
    }

    [Fact]
    public void Conditions_choose()
    {
        var x = tensor(new[] { 1f, -2, 3 });
        Assert.Equal([1f, 0, 3], where(x > 0, x, zeros(1)).data<float>().ToArray());
        Assert.Equal([9f, -2, 9], x.masked_fill(x > 0, 9).data<float>().ToArray());
        Assert.Equal([1f, 3], x.masked_select(x > 0).data<float>().ToArray());
        Assert.Equal([0L, 2], where(x > 0)[0].data<long>().ToArray());
        GradCheck.Holds(y => where(y[0] > 0, y[0], y[1]), GradCheck.Random(4), GradCheck.Random(4));
    }

    [Fact]
    public void What_is_no_number_is_found()
    {
        var x = tensor(new[] { 1f, float.NaN, float.PositiveInfinity });
        Assert.Equal([true, false, false], isfinite(x).data<bool>().ToArray());
        Assert.Equal([false, true, false], isnan(x).data<bool>().ToArray());
        Assert.Equal([false, false, true], isinf(x).data<bool>().ToArray());
    }

    [Fact]
    public void Gradients_of_two_arguments_broadcast()
    {
        GradCheck.Holds(x => x[0] * x[1] + x[0] / x[1] - x[1], GradCheck.Random(3, 1), GradCheck.Random(4).abs() + 1);
        GradCheck.Holds(x => x[0].pow(x[1]), GradCheck.Random(3).abs() + 1, GradCheck.Random(3));
        GradCheck.Holds(x => x[0].maximum(x[1]) + x[0].minimum(2 * x[1]), GradCheck.Random(5), GradCheck.Random(5));
        GradCheck.Holds(x => x[0].addcmul(x[1], x[2], 3) + x[0].addcdiv(x[1], x[2] + 5, 2), GradCheck.Random(3), GradCheck.Random(3), GradCheck.Random(3));
        GradCheck.Holds(x => x[0].lerp(x[1], x[2]), GradCheck.Random(3), GradCheck.Random(3), GradCheck.Random(3));
    }
}
