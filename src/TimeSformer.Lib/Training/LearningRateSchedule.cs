namespace TimeSformer.Training;

/// <summary>The rate at each moment of a run, as the official code sets it (lr_policy.py).</summary>
public static class LearningRateSchedule
{
    /// <summary>The rate at a point of training given in epochs.</summary>
    public static double At(OptimizationRecipe recipe, double epoch)
    {
        double rate = epoch < recipe.WarmupEpochs
            ? recipe.WarmupLearningRate + ((Scheduled(recipe, recipe.WarmupEpochs) - recipe.WarmupLearningRate) / recipe.WarmupEpochs * epoch)
            : Scheduled(recipe, epoch);
        // Goyal et al., "Accurate, Large Minibatch SGD", 2017.
        return recipe.BaseBatchSize > 0 ? rate * recipe.BatchSize / recipe.BaseBatchSize : rate;
    }

    private static double Scheduled(OptimizationRecipe recipe, double epoch) => recipe.Policy switch
    {
        LearningRatePolicy.Cosine => recipe.FinalLearningRate + ((recipe.LearningRate - recipe.FinalLearningRate) * (1 + Math.Cos(Math.PI * epoch / recipe.Epochs)) / 2),
        _ => recipe.LearningRate * FactorOfStep(recipe, epoch),
    };

    // Of the last step reached.
    private static double FactorOfStep(OptimizationRecipe recipe, double epoch)
    {
        int index = recipe.Steps.Count - 1;
        while (index > 0 && epoch < recipe.Steps[index]) index--;
        return recipe.StepFactors[index];
    }
}
