namespace TimeSformer.Training;

/// <summary>The official step schedule (lr_policy.py, "steps with relative rates").</summary>
public static class LearningRateSchedule
{
    /// <summary>The rate at a point of training given in epochs: the factor of the last step reached, times the base rate.</summary>
    public static double At(OptimizationRecipe recipe, double epoch)
    {
        int index = recipe.Steps.Count - 1;
        while (index > 0 && epoch < recipe.Steps[index]) index--;
        return recipe.StepFactors[index] * recipe.LearningRate;
    }
}
