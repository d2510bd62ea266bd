using TimeSformer.Models;

namespace TimeSformer.Costs;

/// <summary>What one layer costs.</summary>
/// <param name="Name">Its name in the state dict, or, for what has no weights, a name beside it.</param>
/// <param name="Parameters">Weights and biases.</param>
/// <param name="MultiplyAdds">For one clip, forward. Matrix products and convolutions are counted, as in the paper; norms, softmax and additions are not.</param>
/// <param name="SavedValues">Numbers of one clip that the layer keeps for the backward pass.</param>
/// <param name="BackwardValues">Numbers of one clip that the layer's part of the backward pass holds for the moment, where they are many: those of attention's weights.</param>
public sealed record LayerCost(string Name, long Parameters, long MultiplyAdds, long SavedValues, long BackwardValues = 0);

/// <summary>What a model costs, worked out from its sizes; nothing is run.</summary>
/// <param name="Config">The model.</param>
/// <param name="Frames">T of the clips.</param>
/// <param name="Height">H of the clips in pixels.</param>
/// <param name="Width">W of the clips in pixels.</param>
/// <param name="Layers">Layers in the order of computation.</param>
public sealed record ModelCost(TimeSformerConfig Config, int Frames, int Height, int Width, IReadOnlyList<LayerCost> Layers)
{
    /// <summary>Weights of the model.</summary>
    public long Parameters => Layers.Sum(layer => layer.Parameters);

    /// <summary>Multiply-adds of one clip (one temporal view of one crop), forward; what the paper calls FLOPs.</summary>
    public long MultiplyAdds => Layers.Sum(layer => layer.MultiplyAdds);

    /// <summary>
    /// Bytes that a forward and backward pass takes at its peak above the weights, in float32, without dropout: the values kept for the backward
    /// pass, the gradients made so far, and what the block or the attention at work holds for the moment.
    /// </summary>
    public long TrainingMemory(int batch)
    {
        // From the last layer to the first, what a layer has kept goes and its gradient comes.
        long kept = Layers.Sum(layer => layer.SavedValues) * batch, gradients = 0, peak = 0, working = CostModel.WorkingValues(this) * batch;
        foreach (var layer in Layers.Reverse())
        {
            gradients += layer.Parameters;
            peak = Math.Max(peak, kept + gradients + working + (layer.BackwardValues * batch));
            kept -= layer.SavedValues * batch;
        }
        return sizeof(float) * peak;
    }
}
