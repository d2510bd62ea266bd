using System.Runtime.Intrinsics;
using TimeSformer.Kernels;

namespace TimeSformer.Tests.Kernels;

/// <summary>The kernels one by one, at both widths of vectors, whatever this processor has.</summary>
public sealed unsafe class KernelTests : TensorTests
{
    [Fact]
    public void Matrix_products_equal_libtorchs_for_any_sizes_and_layouts()
    {
        var sizes = from rows in Gen.Choose(1, 400)
                    from columns in Gen.Choose(1, 12)
                    from inner in Gen.Choose(1, 600)
                    select (rows, 16 * columns, inner);
        Prop.ForAll(sizes.ToArbitrary(), drawn =>
        {
            using var scope = NewDisposeScope();
            var (rows, columns, inner) = drawn;
            Tensor a = randn(rows, inner), b = randn(inner, columns), bias = randn(columns);
            Tensor aT = a.t().contiguous(), bT = b.t().contiguous();
            var expected = a.to_type(ScalarType.Float64).mm(b.to_type(ScalarType.Float64));
            RequireClose(Product(0, null), expected);
            RequireClose(Product(1, bias), expected.Plus(bias.to_type(ScalarType.Float64)));
            RequireClose(Product(2, null), expected);

            Tensor Product(int form, Tensor? bias)
            {
                Tensor wide = empty(rows, columns), narrow = empty(rows, columns);
                var (left, leftRow, leftColumn) = form == 2 ? (aT, 1, rows) : (a, inner, 1);
                var (right, rightRow, rightColumn) = form == 1 ? (bT, 1, inner) : (b, columns, 1);
                Gemm<Vector512<float>, Simd512>.Run(
                    rows, columns, inner, Floats(left), leftRow, leftColumn, Floats(right), rightRow, rightColumn, Floats(wide),
                    Floats(bias));
                Gemm<Vector256<float>, Simd256>.Run(
                    rows, columns, inner, Floats(left), leftRow, leftColumn, Floats(right), rightRow, rightColumn, Floats(narrow),
                    Floats(bias));
                RequireClose(narrow, wide.to_type(ScalarType.Float64));
                return wide;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    [Fact]
    public void The_exponential_function_errs_by_less_than_3e7th_and_ends_at_zero()
    {
        var values = arange(-90f, 80f, 0.01f, ScalarType.Float32)[..16992];
        foreach (var result in new[] { Exp<Vector512<float>, Simd512>(values), Exp<Vector256<float>, Simd256>(values) })
        {
            var exact = values.to_type(ScalarType.Float64).exp();
            var inside = values.gt(-87);
            var error = ((result.to_type(ScalarType.Float64) - exact) / exact).abs()[inside].max().item<double>();
            Assert.InRange(error, 0, 3e-7);
        }
        using var ends = tensor(Enumerable.Repeat(float.NegativeInfinity, 8).Concat(Enumerable.Repeat(-88f, 8)).ToArray());
        Assert.Equal(0, Exp<Vector512<float>, Simd512>(ends).abs().max().item<float>());
    }

    [Fact]
    public void Bfloat16_is_rounded_as_libtorch_rounds_it()
    {
        // Among them exact ties, the greatest number and zeros.
        using var special = tensor(new[] { 0f, -0f, 1e-30f, 3.4e38f, 1.00390625f, 1.01171875f, -1e38f, 65504f });
        var values = cat([randn(1008), special, zeros(8)]);
        var expected = values.to_type(ScalarType.BFloat16);
        var actual = empty_like(expected);
        for (int k = 0; k < 1024; k += 16)
        {
            AsBFloat16.Store<Vector512<float>, Simd512>(Simd512.Load(Floats(values) + k), KernelFunctions.Elements(actual), k);
        }
        Assert.True(actual.Equals(expected));
        var widened = empty(1024);
        for (int k = 0; k < 1024; k += 8)
        {
            Simd256.Store(AsBFloat16.Load<Vector256<float>, Simd256>(KernelFunctions.Elements(actual), k), Floats(widened) + k);
        }
        Assert.True(widened.Equals(expected.to_type(ScalarType.Float32)));
    }

    [Fact]
    public void Attention_is_the_same_at_both_widths()
    {
        const int batch = 2, patches = 5, frames = 3, heads = 2, width = 16, rows = batch * (1 + (patches * frames));
        var qkv = randn(rows, 3 * heads * width);
        foreach (var layout in new[] { SequenceLayout.Time(batch, patches, frames), SequenceLayout.Space(batch, patches, frames) })
        {
            Tensor wide = zeros(rows, heads * width), narrow = zeros(rows, heads * width);
            Tensor copies = zeros(batch, frames, heads * width), others = zeros(batch, frames, heads * width);
            AttentionKernel<Vector512<float>, Simd512, AsFloat32>.Forward(
                layout, heads, width, Floats(qkv), Floats(wide), Floats(copies));
            AttentionKernel<Vector256<float>, Simd256, AsFloat32>.Forward(
                layout, heads, width, Floats(qkv), Floats(narrow), Floats(others));
            RequireClose(narrow, wide.to_type(ScalarType.Float64));
            RequireClose(others, copies.to_type(ScalarType.Float64));
        }
    }

    [Fact]
    public void Gelu_and_its_gradient_equal_libtorchs()
    {
        Tensor hidden = randn(50, 64).Times(3), bias = randn(64), gradient = randn(50, 64);
        using (enable_grad())
        {
            var x = hidden.to_type(ScalarType.Float64).Plus(bias.to_type(ScalarType.Float64)).requires_grad_();
            var y = TorchSharp.torch.nn.functional.gelu(x);
            y.backward([gradient.to_type(ScalarType.Float64)]);
            Tensor activated = empty_like(hidden), again = empty_like(hidden), sums = empty(64);
            GeluKernel<Vector512<float>, Simd512, AsFloat32>.Forward(50, 64, Floats(hidden), Floats(bias), Floats(activated));
            GeluKernel<Vector256<float>, Simd256, AsFloat32>.Backward(
                50, 64, Floats(hidden), Floats(bias), Floats(gradient), Floats(again), Floats(sums));
            RequireClose(activated, y);
            RequireClose(again, y);
            RequireClose(gradient, x.grad!);
            RequireClose(sums, x.grad!.sum([0L]));
        }
    }

    [Fact]
    public void A_blocks_steps_and_their_gradients_are_the_same_at_both_widths()
    {
        RequireBothWidths<AsFloat32>(1e-5);
        RequireBothWidths<AsBFloat16>(0.02);
    }

    private static void RequireBothWidths<S>(double tolerance)
        where S : struct, IStorage
    {
        const int batch = 2, patches = 5, frames = 3, dim = 32, rows = 1 + (patches * frames), hidden = 48;
        Tensor Weight(params long[] shape) => randn(shape).Times(0.2);
        var x = randn(batch, rows, dim);
        foreach (var layout in new[] { SequenceLayout.Time(batch, patches, frames), SequenceLayout.Space(batch, patches, frames) })
        {
            var shape = new AttentionStepShape(layout, Heads: 2, Eps: 1e-6);
            var shares = layout.WithClass ? ones(batch, frames).Over(frames) : null;
            Tensor?[] given =
            [
                x, Weight(dim), Weight(dim), Weight(3 * dim, dim), Weight(3 * dim), Weight(dim, dim), Weight(dim), Weight(dim, dim),
                Weight(dim), shares, rand(batch * rows),
            ];
            RequireAlike(
                Derived(given, trained: 9, inputs => ResidualAttention<Vector256<float>, Simd256, S>.Call([.. inputs, shape])),
                Derived(given, trained: 9, inputs => ResidualAttention<Vector512<float>, Simd512, S>.Call([.. inputs, shape])));
        }
        Tensor?[] mlp =
        [
            x, Weight(dim), Weight(dim), Weight(hidden, dim), Weight(hidden), Weight(dim, hidden), Weight(dim), rand(batch * rows),
        ];
        RequireAlike(
            Derived(mlp, trained: 7, inputs => ResidualMlp<Vector256<float>, Simd256, S>.Call([.. inputs, 1e-6])),
            Derived(mlp, trained: 7, inputs => ResidualMlp<Vector512<float>, Simd512, S>.Call([.. inputs, 1e-6])));

        void RequireAlike(Tensor[] narrow, Tensor[] wide)
        {
            foreach (var (one, other) in narrow.Zip(wide)) RequireClose(one, other.to_type(ScalarType.Float64), tolerance);
        }
    }

    // What a step gives, and the gradients of its first inputs.
    private static Tensor[] Derived(Tensor?[] inputs, int trained, Func<Tensor?[], Tensor> step)
    {
        using var _ = enable_grad();
        Tensor?[] leaves = [.. inputs.Index().Select(input => input.Index < trained ? input.Item!.clone().requires_grad_() : input.Item)];
        var result = step(leaves);
        result.backward([ones_like(result).Over(3)]);
        return [result.detach(), .. leaves[..trained].Select(leaf => leaf!.grad!)];
    }

    private static Tensor Exp<V, O>(Tensor x)
        where V : unmanaged
        where O : struct, ISimd<V>
    {
        var result = empty_like(x);
        for (int k = 0; k < x.numel(); k += O.Count) O.Store(O.Exp(O.Load(Floats(x) + k)), Floats(result) + k);
        return result;
    }

    private static float* Floats(Tensor? x) => KernelFunctions.Floats(x);

    // Relative to the greatest element.
    private static void RequireClose(Tensor actual, Tensor expected, double tolerance = 2e-6)
    {
        using var scope = NewDisposeScope();
        double error = (actual.to_type(ScalarType.Float64) - expected).abs().max().item<double>();
        Assert.InRange(error, 0, tolerance * expected.abs().max().item<double>());
    }
}
