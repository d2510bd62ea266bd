using System.Collections.Concurrent;
using TimeSformer.Models;

namespace TimeSformer.Costs;

/// <summary>The cost of one layer.</summary>
/// <param name="Name">Its name in the state dict; for an operation without weights, a similar name.</param>
/// <param name="Parameters">Weights and biases.</param>
/// <param name="MultiplyAdds">
/// For one clip, forward. Matrix products and convolutions are counted, as in the paper; norms, softmax and additions are not.
/// </param>
/// <param name="SavedValues">Values per clip that the layer stores for the backward pass.</param>
/// <param name="BackwardValues">
/// Values per clip that the layer's backward pass holds temporarily, if they are many: those of attention weights and of fused steps.
/// </param>
public sealed record LayerCost(string Name, long Parameters, long MultiplyAdds, long SavedValues, long BackwardValues = 0);

/// <summary>What a model of any kind costs.</summary>
/// <param name="Parameters">Weights and biases.</param>
/// <param name="MultiplyAdds">Of one clip, forward, as <see cref="LayerCost.MultiplyAdds"/>.</param>
public sealed record ModelTotals(long Parameters, long MultiplyAdds)
{
    // A pass of a large model takes seconds, and a study asks again for each of its runs.
    private static readonly ConcurrentDictionary<VideoModelConfig, ModelTotals> known = new();

    /// <summary>The totals of a model: computed for TimeSformer, counted in a forward pass for others.</summary>
    /// <exception cref="InputException">The sizes do not fit each other.</exception>
    public static ModelTotals Of(VideoModelConfig config) => known.GetOrAdd(config, Count);

    private static ModelTotals Count(VideoModelConfig config)
    {
        var layers = config is TimeSformerConfig sizes ? CostModel.Of(sizes).Layers : MultiplyAddCounter.Of(config);
        return new(layers.Sum(layer => layer.Parameters), layers.Sum(layer => layer.MultiplyAdds));
    }
}

/// <summary>The cost of a model, computed from its sizes; nothing is run.</summary>
/// <param name="Config">The model.</param>
/// <param name="Frames">T of the clips.</param>
/// <param name="Height">H of the clips in pixels.</param>
/// <param name="Width">W of the clips in pixels.</param>
/// <param name="Computation">How its steps are computed.</param>
/// <param name="Layers">Layers in the order of computation.</param>
public sealed record ModelCost(
    TimeSformerConfig Config, int Frames, int Height, int Width, Computation Computation, IReadOnlyList<LayerCost> Layers)
{
    /// <summary>Parameters of the model.</summary>
    public long Parameters => Layers.Sum(layer => layer.Parameters);

    /// <summary>Multiply-adds of one clip (one temporal view of one crop), forward; what the paper calls FLOPs.</summary>
    public long MultiplyAdds => Layers.Sum(layer => layer.MultiplyAdds);

    /// <summary>
    /// Peak bytes of a forward and backward pass above the weights, in float32, without dropout: the values stored for the backward pass,
    /// the gradients so far, and the temporary values of the current block or attention.
    /// </summary>
    public long TrainingMemory(int batch)
    {
        // From the last layer to the first, the stored values of a layer go and its gradient comes.
        long kept = Layers.Sum(layer => layer.SavedValues) * batch, working = CostModel.WorkingValues(this) * batch;
        long gradients = 0, peak = 0;
        foreach (var layer in Layers.Reverse())
        {
            gradients += layer.Parameters;
            peak = Math.Max(peak, kept + gradients + working + (layer.BackwardValues * batch));
            kept -= layer.SavedValues * batch;
        }
        return sizeof(float) * peak;
    }
}
