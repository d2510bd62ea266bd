using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TimeSformer.Torch;

/// <summary>
/// The factor of a loss computed in float16, whose gradients would else vanish below 6e-8 (Micikevicius et al., "Mixed Precision Training",
/// 2018, arXiv 1710.03740). It grows until a gradient overflows; that step is left out and the factor halved, as PyTorch's GradScaler does.
/// </summary>
/// <param name="Scale">The factor, a power of two.</param>
/// <param name="GoodSteps">Steps with finite gradients since the factor last changed.</param>
/// <param name="Skipped">Steps left out so far.</param>
public sealed record GradScaler(double Scale = 65536, int GoodSteps = 0, int Skipped = 0)
{
    private const int GrowthInterval = 2000;

    /// <summary>Divides the gradients by the factor; false where one is not finite, and the step must not be taken.</summary>
    public bool unscale_(IEnumerable<Parameter> parameters)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using Scalar share = 1 / Scale;
        var grads = parameters.Select(parameter => parameter.grad).OfType<Tensor>().ToList();
        if (grads.Count == 0) return true;
        foreach (var grad in grads) grad.mul_(share);
        return stack(grads.Select(grad => grad.isfinite().all())).all().item<bool>();
    }

    /// <summary>The scaler of the step after one whose gradients were finite or not.</summary>
    /// <exception cref="InputException">No factor makes them finite.</exception>
    public GradScaler update(bool finite) => (finite, GoodSteps + 1) switch
    {
        (true, GrowthInterval) => this with { Scale = 2 * Scale, GoodSteps = 0 },
        (true, var good) => this with { GoodSteps = good },
        _ when Scale <= 1 => throw new InputException(
            $"gradients are not finite even with a loss that is not scaled up ({Skipped} steps were left out); lower " +
            "training.lr, or take training.precision: bfloat16"),
        _ => this with { Scale = Scale / 2, GoodSteps = 0, Skipped = Skipped + 1 },
    };
}
