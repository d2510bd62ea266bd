using static TimeSformer.Kernels.KernelFunctions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Kernels.Cuda;

/// <summary>x + factors · fc2(GELU(fc1(norm(x)))) as one function with its backward pass (paper, equation 9).</summary>
internal sealed class CudaMlp : autograd.SingleTensorFunction<CudaMlp>
{
    private const string EpsKey = "eps";
    private const int Inputs = 8;

    /// <inheritdoc/>
    public override string Name => nameof(CudaMlp);

    /// <summary>The sum (B, R, D), with gradients if they are recorded.</summary>
    /// <param name="vars">
    /// x (B, R, D); weight and bias of norm, fc1 and fc2; stochastic depth's factors (B) or null; the norm's eps; and the type of the
    /// products.
    /// </param>
    public static Tensor Call(object?[] vars) => is_grad_enabled() ? apply(vars!) : Run(vars, out _);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var result = Run(vars, out var kept);
        ctx.save_for_backward([.. vars[..Inputs].Cast<Tensor>(), .. kept]);
        ctx.save_data(EpsKey, vars[Inputs]);
        return result;
    }

    // The sum, and what the backward pass needs.
    private static Tensor Run(object?[] vars, out Tensor[] kept)
    {
        using var scope = NewDisposeScope();
        Tensor At(int k) => (Tensor)vars[k]!;
        var (x, eps, stored) = (At(0), (double)vars[Inputs]!, (ScalarType)vars[Inputs + 1]!);
        var around = Around(x, eps, stored);
        var (normed, moments) = around.Norm(x, At(1), At(2));                                         // (B·R, D)
        Tensor fc1 = At(3).to_type(stored), fc2 = At(5).to_type(stored);
        var hidden = functional.linear(normed, fc1, null);                                            // (B·R, W)
        var activated = GeluLaunches.Forward(hidden, At(4));
        var branch = functional.linear(activated, fc2, At(6).to_type(stored));                        // (B·R, D)
        var result = around.Add(x, branch, (Tensor?)vars[7]);
        kept = [moments, normed, hidden, activated, fc1, fc2];
        foreach (var tensor in kept) tensor.MoveToOuterDisposeScope();
        return result.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = Begin(ctx);
        var (x, moments, normed, hidden, activated) =
            (saved[0], saved[Inputs], saved[Inputs + 1], saved[Inputs + 2], saved[Inputs + 3]);
        var around = Around(x, (double)ctx.get_data(EpsKey), normed.dtype);
        using var outer = grad_output.contiguous();
        var upper = around.BranchGradient(outer, saved[7]);                                           // (B·R, D)
        CudaAttention.Linear(saved[5], saved[6], upper, activated);
        var gradient = GeluLaunches.Backward(hidden, saved[4], upper.mm(saved[Inputs + 5]));          // (B·R, W)
        CudaAttention.Linear(saved[3], null, gradient, normed);
        var below = around.NormGradient(x, saved[1], saved[2], moments, outer, gradient.mm(saved[Inputs + 4]));
        return End(ctx, grad_output, below, Inputs + 2);
    }

    private static ResidualLaunches Around(Tensor x, double eps, ScalarType stored) =>
        new(SequenceLayout.Whole(x.shape[0], x.shape[1]), x.dtype, stored, (int)x.shape[2], eps, x.device);
}
