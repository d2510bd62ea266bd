using TimeSformer.Data;

namespace TimeSformer.Training;

/// <summary>Videos that a run writes for itself; see <see cref="ProceduralSet"/>.</summary>
public sealed record ProceduralRecipe
{
    /// <summary>What tells the classes apart.</summary>
    public ProceduralFamily Family { get; init; } = ProceduralFamily.Motion;

    /// <summary>Training videos of each class.</summary>
    public int TrainPerClass { get; init; } = 60;

    /// <summary>Validation videos of each class.</summary>
    public int ValPerClass { get; init; } = 15;

    /// <summary>Frames of a video, at 30 a second.</summary>
    public int Frames { get; init; } = 18;

    /// <summary>Height and width in pixels.</summary>
    public int Size { get; init; } = 48;

    /// <summary>The same seed gives the same videos.</summary>
    public int Seed { get; init; }

    /// <summary>The recipe with lists instead of this description; the videos are written into a folder of their own below the given one, unless they are there.</summary>
    /// <param name="recipe">A recipe; without <see cref="DataRecipe.Procedural"/> it is returned as it is.</param>
    /// <param name="folder">Where sets of videos are kept.</param>
    /// <param name="progress">Told the number of videos written so far.</param>
    /// <param name="cancel">Ends the writing.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static Recipe Materialise(Recipe recipe, string folder, IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        if (recipe.Data.Procedural is not { } wanted) return recipe;
        var name = RecipeVideos.FolderName($"{wanted.Family}", wanted.ToString());
        var set = new ProceduralSet(Path.GetFullPath(Path.Combine(folder, name)), wanted.Family, wanted.TrainPerClass, wanted.ValPerClass, wanted.Frames, wanted.Size, wanted.Seed);
        using var held = FolderLock.Take(set.Folder, Timeout.InfiniteTimeSpan, cancel);
        ProceduralVideos.Write(set, progress, cancel);
        return recipe with { Data = recipe.Data with { Procedural = null, Train = Path.Combine(set.Folder, "train.txt"), Val = Path.Combine(set.Folder, "val.txt") } };
    }
}
