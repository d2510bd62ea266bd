namespace TimeSformer.Training;

/// <summary>The stage before a recipe's own: another recipe, whose weights it starts from, such as an image model's (paper, section 4.2 and table 3).</summary>
public static class Pretraining
{
    /// <summary>
    /// The recipe with the weights that its <see cref="ModelRecipe.Pretraining"/> gives. They are trained in a folder of their own below the given one, or found
    /// there: recipes with the same first stage share it, whatever their seeds.
    /// </summary>
    /// <param name="recipe">A recipe; one without a first stage is returned as it is.</param>
    /// <param name="folder">Where runs of first stages are kept.</param>
    /// <param name="videos">Where videos are kept, see <see cref="RecipeVideos"/>.</param>
    /// <param name="train">Trains a recipe in a folder: <see cref="Trainer.Run"/> with whatever display there is.</param>
    /// <param name="cancel">Ends the writing of videos; what ends the training is up to `train`.</param>
    /// <returns>The recipe; null where training was interrupted.</returns>
    /// <exception cref="RecipeException">A recipe does not fit its data.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static Recipe? Materialise(Recipe recipe, string folder, string videos, Func<Recipe, string, TrainingResult> train, CancellationToken cancel = default)
    {
        if (recipe.Model.Pretraining is not { } stage) return recipe;
        var home = Path.GetFullPath(Path.Combine(folder, RecipeVideos.FolderName($"{stage.Model.Preset}-{RecipeFile.NameOf(stage.Model.Attention)}", RecipeFile.ToYaml(stage))));
        if (Materialise(stage, folder, videos, train, cancel) is not { } first) return null;
        // Of recipes that run side by side the first one trains, the others find what it made.
        using var held = FolderLock.Take(home, Timeout.InfiniteTimeSpan, cancel);
        var trained = train(RecipeVideos.Materialise(first, videos, cancel: cancel), Path.Combine(home, "run"));
        return trained.Interrupted ? null : recipe with { Model = recipe.Model with { Pretraining = null, Pretrained = trained.Checkpoint } };
    }
}
