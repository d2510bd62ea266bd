using TimeSformer.Models;
using TimeSformer.Torch;

namespace TimeSformer.Training;

/// <summary>
/// The parameters that a recipe trains, in groups that have one learning-rate scale each (layer-wise decay), and their optimizer.
/// </summary>
/// <remarks>Parameters that are not trained require no gradients from here on.</remarks>
internal sealed class ParameterGroups : IDisposable
{
    private readonly double[] scales;

    /// <summary>For a model on its device, or for a copy of it that is trained in its place (<see cref="ParamGroup"/>).</summary>
    /// <exception cref="RecipeException">training.train_only names nothing in the model.</exception>
    public ParameterGroups(VideoModel model, OptimizationRecipe recipe, VideoModel? copy = null)
    {
        var all = model.named_parameters().ToList();
        bool Names(string name, string part) => name.Contains(part, StringComparison.Ordinal);
        if (recipe.TrainOnly?.FirstOrDefault(part => !all.Exists(named => Names(named.name, part))) is { } unknown)
        {
            throw new RecipeException(
                $"training.train_only has '{unknown}', which is in no parameter's name; the names are "
                + Listed(all.Select(named => named.name)));
        }
        var trained = all.ToLookup(named => recipe.TrainOnly?.Any(part => Names(named.name, part)) ?? true);
        var copies = copy?.named_parameters().ToDictionary(named => named.name, named => named.parameter);
        foreach (var (name, parameter) in trained[false])
        {
            parameter.requires_grad = false;
            if (copies is not null) copies[name].requires_grad = false;
        }

        var groups = trained[true]
            .GroupBy(named => LearningRateScale(model, named.name, recipe.LayerDecay)).ToList();
        scales = [.. groups.Select(group => group.Key)];
        var rated = groups.Select(group => new ParamGroup(
            group.Select(named => named.parameter), recipe.LearningRate * group.Key,
            copies is null ? null : group.Select(named => copies[named.name])));
        Optimizer = recipe.Optimizer switch
        {
            OptimizerKind.AdamW => new AdamW(rated, recipe.Beta1, recipe.Beta2, weightDecay: recipe.WeightDecay),
            _ => new SGD(rated, recipe.Momentum, recipe.WeightDecay, recipe.Nesterov),
        };
    }

    /// <summary>The algorithm and its state.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>Sets the learning rate of the top layer, and that of the layers below by their scales.</summary>
    public void SetLearningRate(double rate)
    {
        foreach (var (group, scale) in Optimizer.ParamGroups.Zip(scales)) group.LearningRate = rate * scale;
    }

    /// <summary>`decay` to the power of the layers above the parameter's own.</summary>
    public static double LearningRateScale(VideoModel model, string name, double decay) =>
        Math.Pow(decay, model.Depth + 1 - model.LayerOf(name));

    public void Dispose() => Optimizer.Dispose();

    // The blocks' names are shown by an example.
    private static string Listed(IEnumerable<string> names)
    {
        var outside = names.Where(name =>
            !name.EndsWith(".bias", StringComparison.Ordinal) && !name.StartsWith("blocks.", StringComparison.Ordinal));
        return $"{string.Join(", ", outside.Select(name => name.Replace(".weight", "", StringComparison.Ordinal)))}, blocks.0 ...";
    }
}
