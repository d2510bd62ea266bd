using static TimeSformer.Kernels.KernelFunctions;
using static TorchSharp.torch;

namespace TimeSformer.Kernels;

/// <summary>The fixed part of a step of attention.</summary>
/// <param name="Layout">Its sequences.</param>
/// <param name="Heads">A.</param>
/// <param name="Eps">Of the norm.</param>
internal sealed record AttentionStepShape(SequenceLayout Layout, int Heads, double Eps)
{
    /// <summary>B·R.</summary>
    public long AllRows => (long)Layout.Batch * Layout.Rows;

    /// <summary>Whether row 0 of each sample belongs to no sequence: in attention over time.</summary>
    public bool LeavesClass => !Layout.WithClass && Layout.First == 1;

    /// <summary>Row 0 of each sample, (B, D), of a tensor of all rows (B·R, D).</summary>
    public Tensor Classes(Tensor x) => x.view(Layout.Batch, Layout.Rows, -1)[.., 0];
}

/// <summary>
/// x + fc(scales · proj(attention(qkv(norm(x))))) as one function with its backward pass; `fc` may be absent. Only sequences' rows change;
/// row 0 of a sample changes only if its copies take part.
/// </summary>
/// <remarks>
/// It keeps x, the norm's moments and the qkv product's output; the backward pass computes all else anew, at a twentieth of the time.
/// </remarks>
internal sealed unsafe class ResidualAttention<V, O, S> : autograd.SingleTensorFunction<ResidualAttention<V, O, S>>
    where V : unmanaged
    where O : struct, ISimd<V>
    where S : struct, IStorage
{
    private const string ShapeKey = "shape";
    private const int Inputs = 11;

    /// <inheritdoc/>
    public override string Name => nameof(ResidualAttention<,,>);

    /// <summary>The sum, with gradients if they are recorded.</summary>
    /// <param name="vars">The members of <see cref="Given"/>, then an <see cref="AttentionStepShape"/>.</param>
    public static Tensor Call(object?[] vars) => is_grad_enabled()
        ? apply(vars!)
        : Run(Given.Of(vars), (AttentionStepShape)vars[Inputs]!, out _, out _);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var shape = (AttentionStepShape)vars[Inputs];
        var result = Run(Given.Of(vars), shape, out var moments, out var qkv);
        ctx.save_for_backward([.. vars[..Inputs].Cast<Tensor>(), moments, qkv]);
        ctx.save_data(ShapeKey, shape);
        return result;
    }

    private static Tensor Run(Given given, AttentionStepShape shape, out Tensor moments, out Tensor qkv)
    {
        using var scope = NewDisposeScope();
        var x = given.X;
        var (rows, dim, layout) = (shape.AllRows, (int)x.shape[^1], shape.Layout);
        var normed = empty(new[] { rows, dim }, S.Type);                                              // (B·R, D)
        moments = empty(rows, 2);
        LayerNormKernel<V, O, S>.Forward(
            rows, dim, Floats(x), Floats(given.NormWeight), Floats(given.NormBias), shape.Eps, Elements(normed), Floats(moments));
        qkv = MatrixProducts<V, O, S>.Linear(normed, Cast(given.QkvWeight), given.QkvBias is { } bias ? Cast(bias) : null); // (B·R, 3D)
        normed.Dispose();
        var attended = Attended(given, shape, qkv);
        var branch = Projected(given, shape, attended);                                               // (B·R, D)
        if (given.FcWeight is { } fc) branch = MatrixProducts<V, O, S>.Linear(branch, Cast(fc), Cast(given.FcBias!));
        var result = S.Type is ScalarType.Float32 ? branch : empty(new[] { rows, dim });
        LayerNormKernel<V, O, S>.AddBranch(
            rows, dim, Floats(x), Elements(branch), given.FcWeight is null ? Floats(given.Scales) : null, Floats(result));
        if (shape.LeavesClass) shape.Classes(result).copy_(shape.Classes(x));
        moments.MoveToOuterDisposeScope();
        qkv.MoveToOuterDisposeScope();
        return result.view(x.shape).MoveToOuterDisposeScope();
    }

    // attention(qkv), (B·R, D).
    private static Tensor Attended(Given given, AttentionStepShape shape, Tensor qkv)
    {
        var (layout, dim) = (shape.Layout, (int)qkv.shape[1] / 3);
        var attended = empty(new[] { shape.AllRows, dim }, S.Type);
        if (shape.LeavesClass) shape.Classes(attended).zero_();
        using var copies = layout.WithClass ? empty(layout.Batch, layout.Count, dim) : null;          // (B, sequences, D)
        AttentionKernel<V, O, S>.Forward(layout, shape.Heads, dim / shape.Heads, Elements(qkv), Elements(attended), Floats(copies));
        if (copies is not null) shape.Classes(attended).copy_((copies * given.Shares!.unsqueeze(2)).sum([1L]));
        return attended;
    }

    // proj(attended) and, where fc follows, what it takes: scaled, and zero where the branch changes nothing.
    private static Tensor Projected(Given given, AttentionStepShape shape, Tensor attended)
    {
        var projected = MatrixProducts<V, O, S>.Linear(attended, Cast(given.ProjWeight), Cast(given.ProjBias));
        if (given.FcWeight is null) return projected;
        if (given.Scales is not null) projected.mul_(given.Scales.unsqueeze(1));
        shape.Classes(projected).zero_();
        return projected;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var shape = (AttentionStepShape)ctx.get_data(ShapeKey);
        var saved = Begin(ctx);
        var given = Given.Of([.. saved]);
        var (x, moments, qkv, layout) = (given.X, saved[Inputs], saved[Inputs + 1], shape.Layout);
        var (rows, dim, heads) = (shape.AllRows, (int)x.shape[^1], shape.Heads);
        using var outer = grad_output.contiguous();                                                   // (B·R, D)
        var scales = given.FcWeight is null ? given.Scales : null;
        bool isCopied = scales is not null || S.Type is not ScalarType.Float32;
        var upper = isCopied ? empty(new[] { rows, dim }, S.Type) : outer.view(rows, dim);
        if (isCopied) LayerNormKernel<V, O, S>.Scale(rows, dim, Floats(outer), Floats(scales), Elements(upper));

        int skipped = shape.LeavesClass ? layout.Rows : 0; // the branch does not change these rows
        using var attended = Attended(given, shape, qkv);
        if (given.FcWeight is { } fc)
        {
            using var projected = Projected(given, shape, attended);
            Accumulate(fc, () => MatrixProducts<V, O, S>.WeightGradient(upper, projected));
            Accumulate(given.FcBias!, () => MatrixProducts<V, O, S>.BiasGradient(upper, skipped));
            upper = MatrixProducts<V, O, S>.InputGradient(upper, Cast(fc));
            if (given.Scales is not null) upper.mul_(given.Scales.unsqueeze(1));
        }
        Accumulate(given.ProjWeight, () => MatrixProducts<V, O, S>.WeightGradient(upper, attended));
        Accumulate(given.ProjBias, () => MatrixProducts<V, O, S>.BiasGradient(upper, skipped));
        upper = MatrixProducts<V, O, S>.InputGradient(upper, Cast(given.ProjWeight));                 // of `attended`

        var gradient = empty_like(qkv);                                                               // (B·R, 3D)
        var classes = gradient.view(layout.Batch, layout.Rows, 3, heads, dim / heads)[.., 0];         // (B, 3, A, D/A)
        if (shape.LeavesClass) classes.zero_();
        var copies = layout.WithClass ? empty(new long[] { layout.Batch, layout.Count, heads, 3, dim / heads }) : null;
        AttentionKernel<V, O, S>.Backward(
            layout, heads, dim / heads, Elements(qkv), Elements(upper), Floats(given.Shares), Elements(gradient), Floats(copies));
        if (copies is not null) classes.copy_(copies.sum([1L]).transpose(1, 2));

        var normed = empty(new[] { rows, dim }, S.Type);
        LayerNormKernel<V, O, S>.Again(
            rows, dim, Floats(x), Floats(given.NormWeight), Floats(given.NormBias), Floats(moments), Elements(normed));
        Accumulate(given.QkvWeight, () => MatrixProducts<V, O, S>.WeightGradient(gradient, normed));
        if (given.QkvBias is not null) Accumulate(given.QkvBias, () => MatrixProducts<V, O, S>.BiasGradient(gradient));
        var inner = MatrixProducts<V, O, S>.InputGradient(gradient, Cast(given.QkvWeight));
        return End(ctx, grad_output, InputGradient(x, given.NormWeight, given.NormBias, moments, outer, inner), Inputs + 1);
    }

    // The gradient of x; those of the norm's parameters are added to theirs.
    internal static Tensor InputGradient(Tensor x, Tensor normWeight, Tensor normBias, Tensor moments, Tensor outer, Tensor inner)
    {
        var (rows, dim) = (inner.shape[0], (int)inner.shape[1]);
        var gradient = S.Type is ScalarType.Float32 ? inner : empty(new[] { rows, dim });
        var parameters = empty(2, dim);
        LayerNormKernel<V, O, S>.Backward(
            rows, dim, Floats(x), Floats(normWeight), Floats(moments), Floats(outer), Elements(inner), Floats(gradient),
            Floats(parameters));
        Accumulate(normWeight, () => parameters[0].clone());
        Accumulate(normBias, () => parameters[1].clone());
        return gradient.view(x.shape);
    }

    private static Tensor Cast(Tensor weight) => weight.to_type(S.Type);

    /// <summary>The tensors that a step is given.</summary>
    /// <param name="X">(B, R, D) or (B·R, D).</param>
    /// <param name="Shares">How much each copy of the class token counts in its mean, (B, sequences); null without copies.</param>
    /// <param name="Scales">What multiplies each row of the branch, (rows); null for 1.</param>
    private sealed record Given(
        Tensor X, Tensor NormWeight, Tensor NormBias, Tensor QkvWeight, Tensor? QkvBias, Tensor ProjWeight, Tensor ProjBias,
        Tensor? FcWeight, Tensor? FcBias, Tensor? Shares, Tensor? Scales)
    {
        public static Given Of(object?[] vars)
        {
            Tensor? At(int k) => (Tensor?)vars[k];
            return new(At(0)!, At(1)!, At(2)!, At(3)!, At(4), At(5)!, At(6)!, At(7), At(8), At(9), At(10));
        }
    }
}
