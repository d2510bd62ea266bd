using static TimeSformer.Kernels.KernelFunctions;
using static TorchSharp.torch;

namespace TimeSformer.Kernels;

/// <summary>
/// Attention within sequences on the output of the qkv product, (S, L, 3D) to (S, L, D), with its backward pass: for the steps that are not
/// <see cref="ResidualAttention{V, O, S}"/>.
/// </summary>
internal sealed unsafe class AttentionFunction<V, O, S> : autograd.SingleTensorFunction<AttentionFunction<V, O, S>>
    where V : unmanaged
    where O : struct, ISimd<V>
    where S : struct, IStorage
{
    private const string HeadsKey = "heads";

    /// <inheritdoc/>
    public override string Name => nameof(AttentionFunction<,,>);

    /// <summary>The attended values, with gradients if they are recorded.</summary>
    public static Tensor Call(Tensor qkv, int heads) => is_grad_enabled() ? apply(qkv, heads) : Run(qkv, heads);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (qkv, heads) = ((Tensor)vars[0], (int)vars[1]);
        ctx.save_for_backward([qkv]);
        ctx.save_data(HeadsKey, heads);
        return Run(qkv, heads);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var qkv = Begin(ctx)[0];
        int heads = (int)ctx.get_data(HeadsKey), dim = (int)qkv.shape[2] / 3;
        using var upper = grad_output.contiguous();
        var gradient = empty_like(qkv);
        var layout = SequenceLayout.Whole(qkv.shape[0], qkv.shape[1]);
        AttentionKernel<V, O, S>.Backward(
            layout, heads, dim / heads, Elements(qkv), Elements(upper), null, Elements(gradient), null);
        return End(ctx, grad_output, gradient, inputs: 2);
    }

    private static Tensor Run(Tensor qkv, int heads)
    {
        int dim = (int)qkv.shape[2] / 3;
        var attended = empty(new[] { qkv.shape[0], qkv.shape[1], dim }, qkv.dtype);
        AttentionKernel<V, O, S>.Forward(
            SequenceLayout.Whole(qkv.shape[0], qkv.shape[1]), heads, dim / heads, Elements(qkv), Elements(attended), null);
        return attended;
    }
}
