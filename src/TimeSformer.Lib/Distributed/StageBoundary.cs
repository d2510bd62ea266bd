using TimeSformer.Kernels;
using static TorchSharp.torch;

namespace TimeSformer.Distributed;

/// <summary>
/// Tokens as they are; when the backward pass comes here, the gradients of all parameters above are complete. libtorch takes the operations
/// of a backward pass in the reverse order of the forward pass, and a parameter's gradient as soon as it is there.
/// </summary>
internal sealed class StageBoundary : autograd.SingleTensorFunction<StageBoundary>
{
    private const string ReachedKey = "reached";

    /// <inheritdoc/>
    public override string Name => nameof(StageBoundary);

    /// <summary>The same tokens; `reached` is called in each backward pass, and must not throw.</summary>
    public static Tensor Mark(Tensor x, Action reached) => apply(x, reached);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ctx.save_data(ReachedKey, vars[1]);
        return ((Tensor)vars[0]).alias();
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        KernelFunctions.Release();
        ((Action)ctx.get_data(ReachedKey))();
        return KernelFunctions.End(ctx, grad_output, grad_output.alias(), inputs: 2);
    }
}
