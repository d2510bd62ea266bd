using TimeSformer.Torch;
using static TorchSharp.torch;

namespace TimeSformer.Features;

/// <summary>Standardizes features (mean 0 and deviation 1 over those that it learned from) and scales them to length 1.</summary>
public sealed class FeatureScale : IDisposable
{
    private readonly Tensor mean;
    private readonly Tensor deviation;

    /// <param name="training">(N, F).</param>
    public FeatureScale(Tensor training)
    {
        using var scope = NewDisposeScope();
        mean = training.mean([0L], keepdim: true).MoveToOuterDisposeScope();                          // (1, F)
        // Features that hardly vary are not blown up.
        deviation = training.std(0, unbiased: false, keepdim: true).Plus(1e-6).MoveToOuterDisposeScope();
    }

    /// <summary>Scaled features.</summary>
    /// <param name="features">(M, F).</param>
    /// <returns>(M, F), rows of length 1.</returns>
    public Tensor Apply(Tensor features)
    {
        using var scope = NewDisposeScope();
        return FeatureClassifier.Unit((features - mean) / deviation).MoveToOuterDisposeScope();
    }

    /// <summary>Frees what was learned.</summary>
    public void Dispose()
    {
        mean.Dispose();
        deviation.Dispose();
    }
}
