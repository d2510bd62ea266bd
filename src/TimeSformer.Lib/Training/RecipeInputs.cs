using System.Security.Cryptography;
using System.Text;
using TimeSformer.Data;
using TimeSformer.Data.Layouts;
using TimeSformer.Distributed;

namespace TimeSformer.Training;

/// <summary>
/// Prepares what a recipe describes and a run reads: its videos as lists, and the weights of its pre-training. What is there already is
/// used again, and recipes with the same videos or the same pre-training share them.
/// </summary>
/// <param name="work">The folder of runs; videos and lists go to <c>videos</c> in it, pre-training to <c>pretraining</c>.</param>
public sealed class RecipeInputs(string work = "runs")
{
    /// <summary>
    /// Writes videos with whatever display there is: receives their number and the work, which reports how many are done.
    /// </summary>
    public Action<int, Action<IProgress<int>?>> WriteVideos { get; init; } = (_, write) => write(null);

    /// <summary>Called with a sentence about what looks wrong in a data set's folder.</summary>
    public Action<string>? OnWarning { get; init; }

    /// <summary>The folder of generated videos and their lists; if null, one of their own in <c>videos</c>.</summary>
    public string? VideoFolder { get; init; }

    /// <summary>Trains a recipe in a folder, with whatever display there is; by default <see cref="Trainer.Run"/>.</summary>
    public Func<Recipe, string, CancellationToken, TrainingResult> Train { get; init; } =
        (recipe, run, cancel) => new Trainer(recipe, run).Run(cancel);

    /// <summary>
    /// Processes that all prepare the recipe: the first writes what is missing, the others find it where they see its files, or write their
    /// own; all take part in a pre-training.
    /// </summary>
    public ProcessGroup? World { get; init; }

    /// <summary>The recipe with lists for its videos and a checkpoint for its pre-training, which are made if they are missing.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; the same call resumes.</exception>
    /// <exception cref="RecipeException">A recipe does not fit its data.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="InputException">The data set is incomplete, or its annotations are wrong.</exception>
    public Recipe Prepare(Recipe recipe, CancellationToken cancel = default)
    {
        if (World is { Rank: > 0 }) World.barrier();
        // Before the pre-training: what is wrong with the lists is found while nothing is lost.
        recipe = recipe with { Data = recipe.Data.Layout is not null ? Listed(recipe.Data, cancel) : Generated(recipe.Data, cancel) };
        if (World is { Rank: 0 }) World.barrier();
        if (recipe.Model.Pretraining is { } stage)
        {
            Check(recipe.Data);
            var name = FolderName($"{stage.Model.Preset}-{RecipeFile.NameOf(stage.Model.Attention)}", RecipeFile.ToYaml(stage));
            var folder = Path.GetFullPath(Path.Combine(work, "pretraining", name));
            RequireShared(folder);
            var prepared = Prepare(stage, cancel);
            // Of recipes that run side by side the first trains; the others find its result.
            using var held = World is { Rank: > 0 } ? null : FolderLock.Take(folder, Timeout.InfiniteTimeSpan, cancel);
            var trained = Train(prepared, Path.Combine(folder, "run"), cancel);
            if (trained.Interrupted) throw new OperationCanceledException(cancel);
            recipe = recipe with { Model = recipe.Model with { Pretraining = null, Pretrained = trained.Checkpoint } };
        }
        return recipe;
    }

    // The others read what the first has trained.
    private void RequireShared(string folder)
    {
        if (World is null) return;
        Directory.CreateDirectory(folder);
        var sign = Path.Combine(folder, $".{Encoding.UTF8.GetString(World.AllGather(Encoding.UTF8.GetBytes($"{Guid.NewGuid():N}"))[0])}");
        if (World.Rank == 0) File.WriteAllBytes(sign, []);
        World.barrier();
        bool isShared = World.AllGather([File.Exists(sign) ? (byte)1 : (byte)0]).All(seen => seen[0] == 1);
        if (World.Rank == 0) File.Delete(sign);
        if (isShared) return;
        throw new RecipeException(
            $"{folder}: not all processes see the same folder there, but all read what model.pretraining leaves in it; start them in a "
            + "folder that their machines share");
    }

    private static void Check(DataRecipe data)
    {
        var videos = VideoList.Read(data.Train, root: data.Root);
        if (data.Val.Length > 0) ClassMapping.Read(data.Val, videos.Classes, "the training list", data.Root);
    }

    private DataRecipe Generated(DataRecipe data, CancellationToken cancel)
    {
        if (data.Procedural is not { } wanted) return data;
        var folder = VideoFolder is null ? FolderFor($"{wanted.Family}", wanted.ToString()) : Path.GetFullPath(VideoFolder);
        ProceduralSet set = new(folder, wanted.Family, wanted.TrainPerClass, wanted.ValPerClass, wanted.Frames, wanted.Size, wanted.Seed);
        using var held = FolderLock.Take(folder, Timeout.InfiniteTimeSpan, cancel);
        WriteVideos(set.Count, progress => ProceduralVideos.Write(set, progress, cancel));
        return data with { Procedural = null, Train = Path.Combine(folder, "train.txt"), Val = Path.Combine(folder, "val.txt") };
    }

    private DataRecipe Listed(DataRecipe data, CancellationToken cancel)
    {
        var (layout, root) = (data.Layout!.Value, Path.GetFullPath(data.Root!));
        var folder = FolderFor($"{layout}-{data.Split}", root);
        using var held = FolderLock.Take(folder, Timeout.InfiniteTimeSpan, cancel);
        return data with
        {
            Layout = null,
            Root = null,
            Split = 1,
            Train = Write(DatasetPart.Train, "train.txt"),
            Val = Write(DatasetPart.Val, "val.txt"),
        };

        string Write(DatasetPart part, string name)
        {
            var (videos, path) = (DatasetLayouts.Read(layout, root, part, data.Split), Path.Combine(folder, name));
            foreach (var note in part is DatasetPart.Train ? videos.Notes : []) OnWarning?.Invoke(note);
            var classes = Path.Combine(folder, VideoList.ClassesName);
            // Other runs may be reading them.
            WholeFile.Write(classes, partial => File.WriteAllLines(partial, videos.Classes));
            VideoList.Write(path, videos.Items);
            return path;
        }
    }

    private string FolderFor(string kind, string description) =>
        Path.GetFullPath(Path.Combine(work, "videos", FolderName(kind, description)));

    // The kind, and eight digits that change with the description.
    private static string FolderName(string kind, string description) =>
        $"{kind}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(description)))[..8]}".ToLowerInvariant();
}
