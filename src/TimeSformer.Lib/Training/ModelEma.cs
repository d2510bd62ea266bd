using TimeSformer.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace TimeSformer.Training;

/// <summary>
/// An exponential moving average of a model's weights, in a model of its own. Its decay grows to the given one as
/// (1 + updates) / (10 + updates), so that the random initial weights do not stay in it.
/// </summary>
internal sealed class ModelEma : IDisposable
{
    private readonly double decay;

    /// <summary>Starts with the weights of `model`, on its device.</summary>
    public ModelEma(VideoModel model, double decay)
    {
        using var _ = no_grad();
        this.decay = decay;
        Model = model.Config.Create(initialize: false);
        Model.to(model.parameters().First().device).eval();
        foreach (var (mine, other) in Pairs(model)) mine.copy_(other);
        CopyBuffers(model);
    }

    /// <summary>The model with the averaged weights, in evaluation mode.</summary>
    public VideoModel Model { get; }

    /// <summary>Updates the average after a step.</summary>
    /// <param name="model">With the new weights.</param>
    /// <param name="step">Steps done, from 1.</param>
    public void Update(VideoModel model, long step)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        double past = Math.Min(decay, (1.0 + step) / (10 + step));
        using Scalar kept = past, taken = 1 - past;
        foreach (var (mine, other) in Pairs(model)) mine.mul_(kept).add_(other, taken);
        CopyBuffers(model);
    }

    public void Dispose() => Model.Dispose();

    // Statistics of batch norms are averages already.
    private void CopyBuffers(VideoModel model)
    {
        foreach (var (mine, other) in Model.buffers().Zip(model.buffers())) mine.copy_(other);
    }

    private IEnumerable<(Tensor Mine, Tensor Other)> Pairs(VideoModel model) =>
        Model.parameters().Zip(model.parameters(), (mine, other) => ((Tensor)mine, (Tensor)other));
}
