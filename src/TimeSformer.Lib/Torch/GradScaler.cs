using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TimeSformer.Torch;

/// <summary>
/// PyTorch's GradScaler: scales a loss computed in float16, whose gradients would otherwise vanish below 6e-8 (Micikevicius et al., "Mixed
/// Precision Training", 2018, arXiv 1710.03740). The scale grows until a gradient overflows; then the step is skipped and the scale halved.
/// </summary>
/// <param name="Scale">The factor of the loss, a power of two.</param>
/// <param name="GrowthTracker">The number of steps with finite gradients since the scale last changed.</param>
/// <param name="Skipped">The number of steps skipped so far.</param>
public sealed record GradScaler(double Scale = 65536, int GrowthTracker = 0, int Skipped = 0)
{
    private const int GrowthInterval = 2000;

    /// <summary>Divides the gradients by the scale.</summary>
    /// <returns>Whether all gradients are finite; if not, the step must be skipped.</returns>
    public bool unscale_(IEnumerable<Parameter> parameters)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using Scalar inverse = 1 / Scale;
        var grads = parameters.Select(parameter => parameter.grad).OfType<Tensor>().ToList();
        if (grads.Count == 0) return true;
        foreach (var grad in grads) grad.mul_(inverse);
        return stack(grads.Select(grad => grad.isfinite().all())).all().item<bool>();
    }

    /// <summary>Returns the scaler for the next step.</summary>
    /// <exception cref="InputException">The gradients are not finite even with a scale of 1.</exception>
    public GradScaler update(bool finite) => (finite, GrowthTracker + 1) switch
    {
        (true, GrowthInterval) => this with { Scale = 2 * Scale, GrowthTracker = 0 },
        (true, var tracker) => this with { GrowthTracker = tracker },
        _ when Scale <= 1 => throw new InputException(
            $"gradients are not finite even without scaling the loss ({Skipped} steps were skipped); lower " +
            "training.lr, or take training.precision: bfloat16"),
        _ => this with { Scale = Scale / 2, GrowthTracker = 0, Skipped = Skipped + 1 },
    };
}
