using static TimeSformer.Kernels.KernelFunctions;
using static TorchSharp.torch;

namespace TimeSformer.Kernels;

/// <summary>The fixed part of a step of attention.</summary>
/// <param name="Layout">Its sequences.</param>
/// <param name="Heads">A.</param>
/// <param name="Eps">Of the norm.</param>
internal sealed record AttentionStepShape(SequenceLayout Layout, int Heads, double Eps);

/// <summary>
/// x + fc(scales · proj(attention(qkv(norm(x))))) as one function with its backward pass; `fc` may be absent. Only sequences' rows change;
/// row 0 of a sample changes only if its copies take part.
/// </summary>
/// <remarks>It keeps x, the norm's moments, the qkv product's output, the attended values and fc's input for the backward pass.</remarks>
internal sealed unsafe class ResidualAttention<V, O, S> : autograd.SingleTensorFunction<ResidualAttention<V, O, S>>
    where V : unmanaged
    where O : struct, ISimd<V>
    where S : struct, IStorage
{
    private const string ShapeKey = "shape";
    private const int Inputs = 11;

    /// <inheritdoc/>
    public override string Name => nameof(ResidualAttention<,,>);

    private static ScalarType Stored => typeof(S) == typeof(AsFloat32) ? ScalarType.Float32 : ScalarType.BFloat16;

    /// <summary>The sum (B, R, D) or (B·R, D), of the shape of x.</summary>
    /// <param name="vars">
    /// x; weight and bias of norm, qkv, proj and, or twice null, fc; how much each copy of the class token counts in its mean, (B,
    /// sequences), or null without copies; what multiplies each row of the branch, (rows), or null for 1; and an
    /// <see cref="AttentionStepShape"/>.
    /// </param>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var inputs = vars[..Inputs].Select(input => (Tensor?)input).ToArray();
        var shape = (AttentionStepShape)vars[Inputs];
        var result = Run(inputs, shape, out var kept);
        ctx.save_for_backward([.. kept!, .. inputs!]);
        ctx.save_data(ShapeKey, shape);
        return result;
    }

    /// <summary>The sum, with gradients if they are recorded.</summary>
    public static Tensor Call(object?[] vars) => is_grad_enabled()
        ? apply(vars!)
        : Run([.. vars[..Inputs].Select(input => (Tensor?)input)], (AttentionStepShape)vars[Inputs]!, out _);

    // The sum, and what the backward pass needs: moments, qkv, attended, fc's input and the weights of qkv, proj and fc as they were cast.
    private static Tensor Run(Tensor?[] inputs, AttentionStepShape shape, out Tensor?[] kept)
    {
        using var scope = NewDisposeScope();
        var x = inputs[0]!;
        var (weights, shares, scales) = (inputs[1..9], inputs[9], inputs[10]);
        var layout = shape.Layout;
        int dim = (int)x.shape[^1], heads = shape.Heads;
        long rows = (long)layout.Batch * layout.Rows;
        var normed = empty(new[] { rows, dim }, Stored);                                              // (B·R, D)
        var moments = empty(rows, 2);
        LayerNormKernel<V, O, S>.Forward(
            rows, dim, Floats(x), Floats(weights[0]), Floats(weights[1]), shape.Eps, Elements(normed), Floats(moments));
        var cast = weights[2..].Select(weight => weight?.to_type(Stored)).ToArray();
        var qkv = MatrixProducts<V, O, S>.Linear(normed, cast[0]!, cast[1]);                                       // (B·R, 3D)
        var attended = empty(new[] { rows, dim }, Stored);
        var classes = attended.view(layout.Batch, layout.Rows, dim)[.., 0];                           // (B, D)
        bool leavesClass = LeavesClass(layout);
        if (leavesClass) classes.zero_();
        using var copies = layout.WithClass ? empty(layout.Batch, layout.Count, dim) : null;          // (B, sequences, D)
        AttentionKernel<V, O, S>.Forward(layout, heads, dim / heads, Elements(qkv), Elements(attended), Floats(copies));
        if (copies is not null) classes.copy_((copies * shares!.unsqueeze(2)).sum([1L]));
        var branch = MatrixProducts<V, O, S>.Linear(attended, cast[2]!, cast[3]);                                  // (B·R, D)
        var inner = (Tensor?)null;
        if (cast[4] is { } fc)
        {
            if (scales is not null) branch.mul_(scales.unsqueeze(1));
            inner = branch;
            // So that row 0 adds nothing to the gradient of fc's weight.
            inner.view(layout.Batch, layout.Rows, dim)[.., 0].zero_();
            branch = MatrixProducts<V, O, S>.Linear(inner, fc, cast[5]);
        }
        bool isReused = Stored is ScalarType.Float32;
        var result = isReused ? branch : empty(new[] { rows, dim });
        LayerNormKernel<V, O, S>.AddBranch(
            rows, dim, Floats(x), Elements(branch), cast[4] is null ? Floats(scales) : null, Floats(result));
        if (leavesClass) result.view(layout.Batch, layout.Rows, dim)[.., 0].copy_(x.view(layout.Batch, layout.Rows, dim)[.., 0]);
        kept = [moments, qkv, attended, inner, cast[0], cast[2], cast[4]];
        foreach (var tensor in kept) tensor?.MoveToOuterDisposeScope();
        return result.view(x.shape).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var shape = (AttentionStepShape)ctx.get_data(ShapeKey);
        var layout = shape.Layout;
        var saved = Begin(ctx);
        var (moments, qkv, attended, inner) = (saved[0], saved[1], saved[2], (Tensor?)saved[3]);
        var (qkvCast, projCast, fcCast) = (saved[4], saved[5], (Tensor?)saved[6]);
        var (x, normWeight, normBias, qkvWeight, qkvBias) = (saved[7], saved[8], saved[9], saved[10], (Tensor?)saved[11]);
        var (projWeight, projBias, fcWeight, fcBias) = (saved[12], saved[13], (Tensor?)saved[14], (Tensor?)saved[15]);
        var (shares, factors) = ((Tensor?)saved[16], (Tensor?)saved[17]);

        int dim = (int)x.shape[^1], heads = shape.Heads;
        long rows = (long)layout.Batch * layout.Rows;
        using var outer = grad_output.contiguous();                                                   // (B·R, D)
        var scales = fcCast is null ? factors : null;
        bool isCopied = scales is not null || Stored is not ScalarType.Float32;
        var upper = isCopied ? empty(new[] { rows, dim }, Stored) : outer.view(rows, dim);
        if (isCopied) LayerNormKernel<V, O, S>.Scale(rows, dim, Floats(outer), Floats(scales), Elements(upper));

        int skipped = LeavesClass(layout) ? layout.Rows : 0; // the branch does not change these rows
        if (fcCast is not null)
        {
            Accumulate(fcWeight!, () => MatrixProducts<V, O, S>.WeightGradient(upper, inner!));
            Accumulate(fcBias!, () => MatrixProducts<V, O, S>.BiasGradient(upper, skipped));
            upper = MatrixProducts<V, O, S>.InputGradient(upper, fcCast);
            if (factors is not null) upper.mul_(factors.unsqueeze(1));
        }
        Accumulate(projWeight, () => MatrixProducts<V, O, S>.WeightGradient(upper, attended));
        Accumulate(projBias, () => MatrixProducts<V, O, S>.BiasGradient(upper, skipped));
        upper = MatrixProducts<V, O, S>.InputGradient(upper, projCast);                               // of `attended`

        var gradient = empty_like(qkv);                                                               // (B·R, 3D)
        var classes = gradient.view(layout.Batch, layout.Rows, 3, heads, dim / heads)[.., 0];         // (B, 3, A, D/A)
        if (LeavesClass(layout)) classes.zero_();
        var copies = layout.WithClass ? empty(new long[] { layout.Batch, layout.Count, heads, 3, dim / heads }) : null;
        AttentionKernel<V, O, S>.Backward(
            layout, heads, dim / heads, Elements(qkv), Elements(upper), Floats(shares), Elements(gradient), Floats(copies));
        if (copies is not null) classes.copy_(copies.sum([1L]).transpose(1, 2));

        var normed = empty(new[] { rows, dim }, Stored);
        LayerNormKernel<V, O, S>.Again(
            rows, dim, Floats(x), Floats(normWeight), Floats(normBias), Floats(moments), Elements(normed));
        Accumulate(qkvWeight, () => MatrixProducts<V, O, S>.WeightGradient(gradient, normed));
        if (qkvBias is not null) Accumulate(qkvBias, () => MatrixProducts<V, O, S>.BiasGradient(gradient));
        var below = InputGradient(x, normWeight, normBias, moments, outer, MatrixProducts<V, O, S>.InputGradient(gradient, qkvCast));
        return End(ctx, grad_output, below, Inputs + 1);
    }

    // The gradient of x; those of the norm's parameters are added to theirs.
    internal static Tensor InputGradient(Tensor x, Tensor normWeight, Tensor normBias, Tensor moments, Tensor outer, Tensor inner)
    {
        var (rows, dim) = (inner.shape[0], (int)inner.shape[1]);
        var gradient = Stored is ScalarType.Float32 ? inner : empty(new[] { rows, dim });
        var parameters = empty(2, dim);
        LayerNormKernel<V, O, S>.Backward(
            rows, dim, Floats(x), Floats(normWeight), Floats(moments), Floats(outer), Elements(inner), Floats(gradient),
            Floats(parameters));
        Accumulate(normWeight, () => parameters[0].clone());
        Accumulate(normBias, () => parameters[1].clone());
        return gradient.view(x.shape);
    }

    // Whether row 0 of each sample belongs to no sequence: in attention over time.
    private static bool LeavesClass(SequenceLayout layout) => !layout.WithClass && layout.First == 1;
}
