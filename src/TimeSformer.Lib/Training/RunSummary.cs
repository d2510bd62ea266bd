using TimeSformer.Checkpoints;

namespace TimeSformer.Training;

/// <summary>The state of a run.</summary>
public enum RunState
{
    /// <summary>All epochs are done, or all that its patience allowed.</summary>
    Finished,

    /// <summary>A process trains in its folder.</summary>
    Running,

    /// <summary>It was interrupted; the command that started it resumes it.</summary>
    Stopped,
}

/// <summary>A run as its folder describes it.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="State">Whether it is done.</param>
/// <param name="Recipe">Its recipe.</param>
/// <param name="Epochs">Epochs done, according to the newest checkpoint.</param>
/// <param name="Step">Steps done, according to the log.</param>
/// <param name="Loss">Of the last step; null before the first.</param>
/// <param name="Accuracy">After each evaluated epoch.</param>
/// <param name="Changed">When the log last changed, UTC.</param>
public sealed record RunSummary(
    string Folder, RunState State, Recipe Recipe, int Epochs, long Step, double? Loss, IReadOnlyList<EpochResult> Accuracy,
    DateTime Changed)
{
    /// <summary>All runs in a folder and below it, by name; folders whose recipe cannot be read are left out.</summary>
    public static IReadOnlyList<RunSummary> ReadAll(string root)
    {
        if (!Directory.Exists(root)) return [];
        var folders = Directory.EnumerateFiles(root, Trainer.RecipeName, SearchOption.AllDirectories).Select(Path.GetDirectoryName);
        return [.. folders.Order(StringComparer.Ordinal).Select(folder => Read(folder!)).OfType<RunSummary>()];
    }

    /// <summary>A run; null if the folder holds none.</summary>
    public static RunSummary? Read(string folder)
    {
        var path = Path.Combine(folder, Trainer.RecipeName);
        if (!File.Exists(path)) return null;
        Recipe recipe;
        try
        {
            recipe = RecipeFile.Parse(File.ReadAllText(path));
        }
        catch (RecipeException)
        {
            return null;
        }
        var (log, entries) = (Path.Combine(folder, RunLog.FileName), RunLog.Read(folder));
        var changed = File.GetLastWriteTimeUtc(File.Exists(log) ? log : path);
        int done = EpochOfCheckpoint(folder);
        var options = recipe.Training;
        bool isDone = done >= options.Epochs || (options.Patience > 0 && RunLog.SinceBest(entries) >= options.Patience);
        var state = FolderLock.Holder(folder) is not null ? RunState.Running : isDone ? RunState.Finished : RunState.Stopped;
        double? loss = entries.LastOrDefault(entry => entry.Loss is not null)?.Loss;
        return new(folder, state, recipe, done, entries is [.., var last] ? last.Step : 0, loss, RunLog.Epochs(entries), changed);
    }

    /// <summary>Keys of the recipes in which runs differ, with each run's value; "-" if a run has none.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Differences(IReadOnlyList<RunSummary> runs)
    {
        var settings = runs.Select(run => RecipeFile.Flatten(run.Recipe)).ToList();
        return settings.SelectMany(values => values.Keys).Distinct()
            .Select(key => (Key: key, Values: settings.Select(values => values.GetValueOrDefault(key, "-")).ToArray()))
            .Where(entry => entry.Values.Distinct().Count() > 1)
            .ToDictionary(entry => entry.Key, entry => (IReadOnlyList<string>)entry.Values);
    }

    private static int EpochOfCheckpoint(string folder)
    {
        try
        {
            return Checkpoint.Latest(folder) is { } saved ? Checkpoint.ReadResumePoint(saved).Epoch : 0;
        }
        catch (Exception error) when (error is InputException or IOException)
        {
            return 0; // damaged, or just replaced by a newer one
        }
    }
}
