namespace TimeSformer.Training;

/// <summary>The learning rate over a run, as the official code sets it (lr_policy.py).</summary>
public static class LearningRateSchedule
{
    /// <summary>The learning rate at a point of training.</summary>
    /// <param name="recipe">The policy and its rates.</param>
    /// <param name="epoch">The point in epochs, with a fraction.</param>
    public static double At(OptimizationRecipe recipe, double epoch)
    {
        double rate = epoch < recipe.WarmupEpochs
            ? recipe.WarmupLearningRate + ((Policy(recipe, recipe.WarmupEpochs) - recipe.WarmupLearningRate) / recipe.WarmupEpochs * epoch)
            : Policy(recipe, epoch);
        // Goyal et al., "Accurate, Large Minibatch SGD", 2017.
        return recipe.BaseBatchSize > 0 ? rate * recipe.BatchSize / recipe.BaseBatchSize : rate;
    }

    private static double Policy(OptimizationRecipe recipe, double epoch)
    {
        var (start, end) = (recipe.LearningRate, recipe.FinalLearningRate);
        return recipe.Policy is LearningRatePolicy.Cosine
            ? end + ((start - end) * (1 + Math.Cos(Math.PI * epoch / recipe.Epochs)) / 2)
            : start * FactorOfStep(recipe, epoch);
    }

    // Of the last step reached.
    private static double FactorOfStep(OptimizationRecipe recipe, double epoch)
    {
        int index = recipe.Steps.Count - 1;
        while (index > 0 && epoch < recipe.Steps[index]) index--;
        return recipe.StepFactors[index];
    }
}
