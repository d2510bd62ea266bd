using static TimeSformer.Kernels.KernelFunctions;
using static TorchSharp.torch;

namespace TimeSformer.Kernels;

/// <summary>
/// x + scales · fc2(GELU(fc1(norm(x)))) as one function with its backward pass (paper, equation 9).
/// </summary>
/// <remarks>It keeps x, the norm's moments and fc1's product for the backward pass, which computes the activation anew.</remarks>
internal sealed unsafe class ResidualMlp<V, O, S> : autograd.SingleTensorFunction<ResidualMlp<V, O, S>>
    where V : unmanaged
    where O : struct, ISimd<V>
    where S : struct, IStorage
{
    private const int Inputs = 8;

    /// <inheritdoc/>
    public override string Name => nameof(ResidualMlp<,,>);

    /// <summary>The sum, of the shape of x (..., D).</summary>
    /// <param name="vars">x; weight and bias of norm, fc1 and fc2; stochastic depth's factors (rows) or null; and the norm's eps.</param>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var inputs = vars[..Inputs].Select(input => (Tensor?)input).ToArray();
        var result = Run(inputs, (double)vars[Inputs], out var kept);
        ctx.save_for_backward([.. inputs!, .. kept]);
        return result;
    }

    /// <summary>The sum, with gradients if they are recorded.</summary>
    public static Tensor Call(object?[] vars) => is_grad_enabled()
        ? apply(vars!)
        : Run([.. vars[..Inputs].Select(input => (Tensor?)input)], (double)vars[Inputs]!, out _);

    // The sum, and what the backward pass needs: moments and fc1's product.
    private static Tensor Run(Tensor?[] inputs, double eps, out Tensor[] kept)
    {
        using var scope = NewDisposeScope();
        Tensor x = inputs[0]!;
        Tensor[] weights = inputs[1..7]!;
        var scales = inputs[7];
        int dim = (int)x.shape[^1], width = (int)weights[2].shape[0];
        long rows = x.numel() / dim;
        var normed = empty(new[] { rows, dim }, S.Type);                                              // (rows, D)
        var moments = empty(rows, 2);
        LayerNormKernel<V, O, S>.Forward(
            rows, dim, Floats(x), Floats(weights[0]), Floats(weights[1]), eps, Elements(normed), Floats(moments));
        Tensor fc1 = weights[2].to_type(S.Type), fc2 = weights[4].to_type(S.Type);
        var hidden = MatrixProducts<V, O, S>.Linear(normed, fc1, null);                               // (rows, D · MlpRatio)
        normed.Dispose();
        var activated = empty_like(hidden);
        GeluKernel<V, O, S>.Forward(rows, width, Elements(hidden), Floats(weights[3]), Elements(activated));
        var branch = MatrixProducts<V, O, S>.Linear(activated, fc2, weights[5].to_type(S.Type)); // (rows, D)
        var result = S.Type is ScalarType.Float32 ? branch : empty(new[] { rows, dim });
        LayerNormKernel<V, O, S>.AddBranch(rows, dim, Floats(x), Elements(branch), Floats(scales), Floats(result));
        kept = [moments, hidden];
        foreach (var tensor in kept) tensor.MoveToOuterDisposeScope();
        return result.view(x.shape).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = Begin(ctx);
        var (x, normWeight, normBias, scales) = (saved[0], saved[1], saved[2], (Tensor?)saved[7]);
        var (moments, hidden) = (saved[Inputs], saved[Inputs + 1]);
        int dim = (int)x.shape[^1], width = (int)hidden.shape[1];
        long rows = hidden.shape[0];
        using var outer = grad_output.contiguous();
        bool isCopied = scales is not null || S.Type is not ScalarType.Float32;
        var upper = isCopied ? empty(new[] { rows, dim }, S.Type) : outer.view(rows, dim);            // (rows, D)
        if (isCopied) LayerNormKernel<V, O, S>.Scale(rows, dim, Floats(outer), Floats(scales), Elements(upper));

        var gradient = MatrixProducts<V, O, S>.InputGradient(upper, saved[5].to_type(S.Type)); // (rows, D · MlpRatio)
        var activated = empty_like(hidden);
        var biasGradient = empty(width);
        GeluKernel<V, O, S>.Backward(
            rows, width, Elements(hidden), Floats(saved[4]), Elements(gradient), Elements(activated), Floats(biasGradient));
        Accumulate(saved[5], () => MatrixProducts<V, O, S>.WeightGradient(upper, activated));
        Accumulate(saved[6], () => MatrixProducts<V, O, S>.BiasGradient(upper));
        activated.Dispose();
        var normed = empty(new[] { rows, dim }, S.Type);
        LayerNormKernel<V, O, S>.Again(rows, dim, Floats(x), Floats(normWeight), Floats(normBias), Floats(moments), Elements(normed));
        Accumulate(saved[3], () => MatrixProducts<V, O, S>.WeightGradient(gradient, normed));
        Accumulate(saved[4], () => biasGradient.clone());
        var inner = MatrixProducts<V, O, S>.InputGradient(gradient, saved[3].to_type(S.Type));
        var below = ResidualAttention<V, O, S>.InputGradient(x, normWeight, normBias, moments, outer, inner);
        return End(ctx, grad_output, below, Inputs + 1);
    }
}
