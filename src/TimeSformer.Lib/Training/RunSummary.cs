using System.Text.Json;
using TimeSformer.Checkpoints;

namespace TimeSformer.Training;

/// <summary>Whether a run goes on.</summary>
public enum RunState
{
    /// <summary>All epochs are done.</summary>
    Finished,

    /// <summary>Its log was written to in the last minute.</summary>
    Running,

    /// <summary>It was interrupted; the command that began it goes on with it.</summary>
    Stopped,
}

/// <summary>An evaluation in a run's log.</summary>
/// <param name="Epoch">After which, from 0.</param>
/// <param name="Top1">Accuracy@1, 0 to 1.</param>
/// <param name="Top5">Accuracy@5, 0 to 1.</param>
/// <param name="Loss">Mean cross entropy.</param>
public sealed record EpochAccuracy(int Epoch, double Top1, double Top5, double Loss);

/// <summary>What a run's folder says of it.</summary>
/// <param name="Folder">Where it is.</param>
/// <param name="State">Whether it goes on.</param>
/// <param name="Recipe">What is trained.</param>
/// <param name="Epochs">Epochs done, as logged.</param>
/// <param name="Step">Steps done, as logged.</param>
/// <param name="Loss">Of the last step; null before the first.</param>
/// <param name="Accuracy">After each evaluated epoch.</param>
/// <param name="Changed">When the log was last written to, UTC.</param>
public sealed record RunSummary(string Folder, RunState State, Recipe Recipe, int Epochs, long Step, double? Loss, IReadOnlyList<EpochAccuracy> Accuracy, DateTime Changed)
{
    private static readonly TimeSpan recently = TimeSpan.FromMinutes(1);

    private static readonly JsonSerializerOptions json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>All runs in a folder and below it, by name; folders with a recipe that cannot be read are left out.</summary>
    public static IReadOnlyList<RunSummary> ReadAll(string root) => Directory.Exists(root)
        ? [.. Directory.EnumerateFiles(root, Trainer.RecipeName, SearchOption.AllDirectories).Select(path => Path.GetDirectoryName(path)!).Order(StringComparer.Ordinal).Select(Read).OfType<RunSummary>()]
        : [];

    /// <summary>A run; null where the folder holds none.</summary>
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
        var log = Path.Combine(folder, RunLog.FileName);
        Line last = new(0, 0, null, null);
        double? loss = null;
        var accuracy = new SortedDictionary<int, EpochAccuracy>();
        foreach (var line in File.Exists(log) ? File.ReadLines(log).Select(Parse).OfType<Line>() : [])
        {
            last = line;
            loss = line.Loss ?? loss;
            if (line.Validation is { } validation) accuracy[line.Epoch] = validation with { Epoch = line.Epoch };
        }
        var changed = File.GetLastWriteTimeUtc(File.Exists(log) ? log : path);
        int done = EpochOfCheckpoint(folder);
        var state = done >= recipe.Training.Epochs ? RunState.Finished : DateTime.UtcNow - changed < recently ? RunState.Running : RunState.Stopped;
        return new(folder, state, recipe, done, last.Step, loss, [.. accuracy.Values], changed);
    }

    /// <summary>Keys of the recipes in which runs differ, each with the value in every run; "-" where a run has none.</summary>
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
            return Checkpoint.Latest(folder) is { } saved ? Checkpoint.Open(saved).Info.Epoch : 0;
        }
        catch (Exception error) when (error is CheckpointException or IOException)
        {
            return 0; // damaged, or replaced by a newer one while we looked
        }
    }

    // Null for a line that is being written, or that a crash cut short.
    private static Line? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Line>(text, json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Line(long Step, int Epoch, double? Loss, EpochAccuracy? Validation);
}
