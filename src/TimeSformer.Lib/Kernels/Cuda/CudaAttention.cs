using TimeSformer.Torch;
using static TimeSformer.Kernels.KernelFunctions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Kernels.Cuda;

/// <summary>
/// x + fc(factors · proj(attention(qkv(norm(x))))) as one function with its backward pass; `fc` may be absent, and factors then scale the
/// branch. Attention within short sequences is our kernel, that within long ones libtorch's; the backward pass computes its weights anew.
/// </summary>
internal sealed class CudaAttention : autograd.SingleTensorFunction<CudaAttention>
{
    private const string ShapeKey = "shape";
    private const int Inputs = 10;

    /// <inheritdoc/>
    public override string Name => nameof(CudaAttention);

    /// <summary>The sum (B, R, D), with gradients if they are recorded.</summary>
    /// <param name="vars">
    /// x (B, R, D); weight and bias of norm, qkv, proj and fc; stochastic depth's factors, one a sequence, or null; an
    /// <see cref="AttentionStepShape"/>; and the type of the products.
    /// </param>
    public static Tensor Call(object?[] vars) => is_grad_enabled() ? apply(vars!) : Run(vars, out _);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var result = Run(vars, out var kept);
        ctx.save_for_backward([.. vars[..Inputs].Cast<Tensor>(), .. kept!]);
        ctx.save_data(ShapeKey, vars[Inputs]);
        return result;
    }

    // The sum, and what the backward pass needs.
    private static Tensor Run(object?[] vars, out Tensor?[] kept)
    {
        using var scope = NewDisposeScope();
        Tensor? At(int k) => (Tensor?)vars[k];
        var (x, factors, shape, stored) = (At(0)!, At(9), (AttentionStepShape)vars[Inputs]!, (ScalarType)vars[Inputs + 1]!);
        var around = Around(x, shape, stored);
        var (normed, moments) = around.Norm(x, At(1)!, At(2)!);
        Tensor?[] weights = [.. Enumerable.Range(3, 6).Select(k => At(k)?.to_type(stored))];
        var qkv = functional.linear(normed, weights[0]!, weights[1]);                                 // (branch rows, 3D)
        var attended = Attend(qkv.view(around.Sequences, shape.Layout.Tokens, -1), shape.Heads).view(around.BranchRows, -1);
        var projected = functional.linear(attended, weights[2]!, weights[3]);                         // (branch rows, D)
        var branch = projected;
        if (weights[4] is { } fc)
        {
            if (factors is not null) projected.mul_(PerRow(factors, shape));
            branch = functional.linear(projected, fc, weights[5]);
        }
        var result = around.Add(x, branch, weights[4] is null ? factors : null);
        kept = [moments, normed, qkv, attended, weights[4] is null ? null : projected, weights[0], weights[2], weights[4]];
        foreach (var tensor in kept) tensor?.MoveToOuterDisposeScope();
        return result.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var shape = (AttentionStepShape)ctx.get_data(ShapeKey);
        var saved = Begin(ctx);
        var (x, factors, fc) = (saved[0], (Tensor?)saved[9], (Tensor?)saved[7]);
        var (moments, normed, qkv, attended) = (saved[Inputs], saved[Inputs + 1], saved[Inputs + 2], saved[Inputs + 3]);
        var around = Around(x, shape, normed.dtype);
        using var outer = grad_output.contiguous();
        var upper = around.BranchGradient(outer, fc is null ? factors : null);                        // (branch rows, D)
        if (fc is not null)
        {
            Linear(fc, saved[8], upper, saved[Inputs + 4]);
            upper = upper.mm(saved[Inputs + 7]);
            if (factors is not null) upper.mul_(PerRow(factors, shape));
        }
        Linear(saved[5], saved[6], upper, attended);
        upper = upper.mm(saved[Inputs + 6]);
        long sequences = around.Sequences, length = shape.Layout.Tokens;
        var gradient = AttendBackward(qkv.view(sequences, length, -1), upper.view(sequences, length, -1), shape.Heads)
            .view(around.BranchRows, -1);                                                             // (branch rows, 3D)
        Linear(saved[3], saved[4], gradient, normed);
        var below = around.NormGradient(x, saved[1], saved[2], moments, outer, gradient.mm(saved[Inputs + 5]));
        return End(ctx, grad_output, below, Inputs + 2);
    }

    /// <summary>Adds the gradients of a linear layer to those of its weight and bias.</summary>
    /// <param name="upper">(rows, O), the gradient of its results.</param>
    /// <param name="x">(rows, I), its input.</param>
    internal static void Linear(Tensor weight, Tensor? bias, Tensor upper, Tensor x)
    {
        Accumulate(weight, () => upper.t().mm(x));
        if (bias is not null) Accumulate(bias, () => upper.sum([0L], type: bias.dtype));
    }

    private static ResidualLaunches Around(Tensor x, AttentionStepShape shape, ScalarType stored) =>
        new(shape.Layout, x.dtype, stored, (int)x.shape[2], shape.Eps, x.device);

    // Factors of sequences for the rows of the branch, (branch rows, 1).
    private static Tensor PerRow(Tensor factors, AttentionStepShape shape) => factors.repeat_interleave(shape.Layout.Tokens).unsqueeze(1);

    // (S, L, 3D) to (S, L, D).
    private static Tensor Attend(Tensor qkv, int heads) => AttentionLaunches.Fits(qkv.shape[1], qkv.shape[2] / 3 / heads)
        ? AttentionLaunches.Forward(qkv, heads)
        : Fused(qkv, heads);

    private static Tensor AttendBackward(Tensor qkv, Tensor upper, int heads)
    {
        if (AttentionLaunches.Fits(qkv.shape[1], qkv.shape[2] / 3 / heads)) return AttentionLaunches.Backward(qkv, upper, heads);
        using var _ = enable_grad();
        return cat([.. qkv.split(FusedAttention.MostSequences).Zip(upper.split(FusedAttention.MostSequences), (part, above) =>
        {
            var leaf = part.detach();
            leaf.requires_grad = true;
            Fused(leaf, heads).backward([above]);
            return leaf.grad!;
        })]);
    }

    private static Tensor Fused(Tensor qkv, int heads)
    {
        var (sequences, length, dim) = (qkv.shape[0], qkv.shape[1], qkv.shape[2] / 3);
        var parts = qkv.view(sequences, length, 3, heads, dim / heads).unbind(2);                     // 3 x (S, L, A, D/A)
        var attended = FusedAttention.Of(
            parts[0].transpose(1, 2), parts[1].transpose(1, 2), parts[2].transpose(1, 2));            // (S, A, L, D/A)
        return attended.transpose(1, 2).reshape(sequences, length, dim);
    }
}
