using System.Globalization;
using TimeSformer.Models;
using TimeSformer.Torch;

namespace TimeSformer.Training;

/// <summary>The weights that a recipe trains, in groups that have one share of the learning rate each, and their optimiser.</summary>
/// <remarks>Weights that are not trained take no gradients from here on.</remarks>
internal sealed class TrainedWeights : IDisposable
{
    private readonly double[] shares;

    /// <summary>For a model on its device.</summary>
    /// <exception cref="RecipeException">training.train_only names nothing in the model.</exception>
    public TrainedWeights(TimeSformerModel model, OptimizationRecipe recipe)
    {
        var all = model.named_parameters().ToList();
        foreach (var part in recipe.TrainOnly ?? [])
        {
            if (!all.Exists(weight => weight.name.Contains(part, StringComparison.Ordinal)))
            {
                throw new RecipeException($"training.train_only has '{part}', which is in no weight's name; the names are {string.Join(", ", all.Select(weight => weight.name.Replace(".weight", "", StringComparison.Ordinal)).Where(name => !name.EndsWith(".bias", StringComparison.Ordinal) && !name.StartsWith("blocks.", StringComparison.Ordinal)))}, blocks.0 ...");
            }
        }
        bool IsTrained(string name) => recipe.TrainOnly is null || recipe.TrainOnly.Any(part => name.Contains(part, StringComparison.Ordinal));
        foreach (var (name, weight) in all.Where(weight => !IsTrained(weight.name))) weight.requires_grad = false;

        var groups = all.Where(weight => IsTrained(weight.name)).GroupBy(weight => Share(weight.name, model.Config.Depth, recipe.LayerDecay), weight => weight.parameter).ToList();
        shares = [.. groups.Select(group => group.Key)];
        var rated = groups.Select(group => new ParamGroup(group, recipe.LearningRate * group.Key));
        Optimizer = recipe.Optimizer switch
        {
            OptimizerKind.AdamW => new AdamW(rated, recipe.Beta1, recipe.Beta2, weightDecay: recipe.WeightDecay),
            _ => new SGD(rated, recipe.Momentum, recipe.WeightDecay, recipe.Nesterov),
        };
    }

    /// <summary>The algorithm and its state.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>Sets the rate of the topmost layer; those below get their shares of it.</summary>
    public void SetRate(double rate)
    {
        foreach (var (group, share) in Optimizer.ParamGroups.Zip(shares)) group.LearningRate = rate * share;
    }

    /// <summary>A weight's share of the rate: `decay` to the power of the layers above its own. Embeddings are layer 0, blocks 1 to depth, the last norm and the head above them.</summary>
    public static double Share(string name, int depth, double decay)
    {
        int layer = name.Split('.') switch
        {
            ["blocks", var block, ..] => int.Parse(block, CultureInfo.InvariantCulture) + 1,
            ["norm" or "head", ..] => depth + 1,
            _ => 0,
        };
        return Math.Pow(decay, depth + 1 - layer);
    }

    public void Dispose() => Optimizer.Dispose();
}
