using TimeSformer.Kernels;
using TimeSformer.Models;
using TimeSformer.Models.Attention;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TimeSformer.Costs;

/// <summary>
/// Counts the multiply-adds of any model from outside, by hooks on its layers in one forward pass: those of linear layers, convolutions,
/// GRUs and attention's two products. <see cref="CostModel"/> computes the same for TimeSformer without running it.
/// </summary>
/// <remarks>The pass is a real one: libtorch without Python has no convolution that only infers shapes (device <c>meta</c>).</remarks>
public static class MultiplyAddCounter
{
    /// <summary>The layers of a model of these sizes, for one clip of the size that it is made for.</summary>
    /// <exception cref="InputException">The sizes do not fit each other.</exception>
    public static IReadOnlyList<LayerCost> Of(VideoModelConfig config) => Of(config, config.NumFrames, config.ImageSize, config.ImageSize);

    /// <summary>The layers of a model of these sizes, for one clip of T frames of H x W pixels.</summary>
    /// <exception cref="InputException">The sizes do not fit each other.</exception>
    /// <exception cref="ArgumentException">The model does not take such clips.</exception>
    public static IReadOnlyList<LayerCost> Of(VideoModelConfig config, int frames, int height, int width)
    {
        using var model = config.Create(initialize: false);
        using var clip = zeros([1L, config.InChannels, frames, height, width]);
        return Of(model, clip);
    }

    /// <summary>The layers of a model, for one of some clips.</summary>
    /// <param name="model">The model; it is in evaluation mode during the count.</param>
    /// <param name="clips">(B, C, T, H, W), as the model takes them.</param>
    /// <returns>
    /// Each layer that was called, under its name, in the order in which they were finished; then those that have parameters alone. Memory
    /// (<see cref="LayerCost.SavedValues"/>) is not counted. For totals, sum up.
    /// </returns>
    /// <exception cref="ArgumentException">The clips' shape does not fit the model.</exception>
    public static IReadOnlyList<LayerCost> Of(VideoModel model, Tensor clips)
    {
        OrderedDictionary<string, long> counted = [];
        List<Action> removals = [];
        bool wasTraining = model.training;
        model.eval();
        try
        {
            foreach (var (name, module) in model.named_modules()) AddHook(name, module);
            using var gradients = no_grad();
            using var composed = CpuKernels.Off();                              // they call no modules
            model.call(clips).Dispose();
        }
        finally
        {
            foreach (var remove in removals) remove();
            model.train(wasTraining);
        }
        return [.. Layers(model, counted, clips.shape[0])];

        void AddHook(string name, Module module)
        {
            switch (module)
            {
                case Module<Tensor, Tensor> layer and (Linear { } or Conv2d { } or Conv3d { }):
                    // Each output value is a sum over the weights of its channel.
                    var weight = layer.get_parameter("weight")!;
                    long perValue = weight.numel() / weight.shape[0];
                    Keep(layer.register_forward_hook((_, _, output) =>
                    {
                        Add(name, output.numel() * perValue);
                        return output;
                    }).remove);
                    break;
                case SelfAttention attention:
                    // Each pair of tokens of a sequence (S, L, D) takes the product of a query and a key, and weighs a value.
                    Keep(attention.register_forward_hook((_, x, output) =>
                    {
                        Add($"{name} (queries by keys, weights by values)", 2 * x.numel() * x.shape[1]);
                        return output;
                    }).remove);
                    break;
                case GRU recurrent:
                    // Each frame of each sequence (B, T, D) is multiplied by all matrices.
                    long matrices = recurrent.parameters().Where(parameter => parameter.dim() == 2).Sum(parameter => parameter.numel());
                    Keep(recurrent.register_forward_hook((_, x, _, output) =>
                    {
                        Add(name, x.shape[0] * x.shape[1] * matrices);
                        return output;
                    }).remove);
                    break;
            }
        }

        void Keep(Action removal) => removals.Add(removal);

        void Add(string name, long multiplyAdds) => counted[name] = counted.GetValueOrDefault(name) + multiplyAdds;
    }

    private static IEnumerable<LayerCost> Layers(VideoModel model, OrderedDictionary<string, long> counted, long clips)
    {
        var parameters = model.named_parameters()
            .GroupBy(named => named.name.LastIndexOf('.') is >= 0 and var end ? named.name[..end] : named.name)
            .ToDictionary(layer => layer.Key, layer => layer.Sum(named => named.parameter.numel()));
        foreach (var (name, multiplyAdds) in counted) yield return new(name, parameters.GetValueOrDefault(name), multiplyAdds / clips, 0);
        foreach (var (name, count) in parameters)
        {
            if (!counted.ContainsKey(name)) yield return new(name, count, 0, 0);
        }
    }
}
