using System.Reflection;
using TorchSharp;

namespace TimeSformer.Experiments;

/// <summary>An epoch of a run: the mean loss of its steps, and the accuracy after it.</summary>
public sealed record EpochResult(int Epoch, double TrainLoss, double Top1, double Top5, double ValLoss);

/// <summary>Where a result comes from.</summary>
/// <param name="Commit">Of this repository; ends in "modified" where the build had changes that are in no commit.</param>
/// <param name="Libtorch">Version of libtorch.</param>
/// <param name="Device">cpu or cuda, as asked for.</param>
/// <param name="Hardware">Processor, number of cores, and how many threads an operator uses: sums of floats depend on it in their last digits.</param>
/// <param name="Finished">When it was done, UTC.</param>
public sealed record Provenance(string Commit, string Libtorch, string Device, string Hardware, DateTime Finished)
{
    /// <summary>Of a run that ends now.</summary>
    public static Provenance Now(string device) => new(
        typeof(Provenance).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+') is [_, var commit] ? commit : "unknown",
        torch.__version__,
        device,
        $"{Processor()}, {Environment.ProcessorCount} cores, {torch.get_num_threads()} {(torch.get_num_threads() == 1 ? "thread" : "threads")}",
        DateTime.UtcNow);

    /// <summary>
    /// Which libtorch and machines made some results, in one sentence that says so where the libtorch was not one, or is not this one.
    /// </summary>
    public static string Summary(IEnumerable<Provenance> results)
    {
        var all = results.ToList();
        string[] versions = [.. all.Select(result => result.Libtorch).Distinct().Order()];
        var machines = string.Join("; ", all.Select(result => result.Hardware).Distinct().Order());
        var made = $"{all.Count} results, made with libtorch {string.Join(" and ", versions)} on {machines}";
        return versions.Length > 1 ? $"{made}: rows of different versions do not compare to the digit"
            : versions.Contains(torch.__version__) ? made
            : $"{made}; this is {torch.__version__}, under which they come out a little different";
    }

    private static string Processor() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown processor"
        : "unknown processor";
}

/// <summary>What one run of a study came to; one JSON file each.</summary>
/// <param name="Study">The study's name.</param>
/// <param name="Scale">The size.</param>
/// <param name="Point">The value's name on each axis.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Hash">Of the recipe, <see cref="StudyRun.Hash"/>.</param>
/// <param name="Top1">Accuracy@1 on the validation videos after the last epoch, 0 to 1.</param>
/// <param name="Top5">Accuracy@5 likewise.</param>
/// <param name="Parameters">Weights of the model.</param>
/// <param name="MultiplyAdds">Of one view, forward.</param>
/// <param name="TrainingSeconds">Wall time of training and evaluation, over all sessions but those that were killed.</param>
/// <param name="Recipe">The recipe, YAML.</param>
/// <param name="Epochs">Metrics after each epoch.</param>
/// <param name="Provenance">Code, library and machine.</param>
public sealed record RunResult(
    string Study, string Scale, IReadOnlyDictionary<string, string> Point, int Seed, string Hash, double Top1, double Top5,
    long Parameters, long MultiplyAdds, double TrainingSeconds, string Recipe, IReadOnlyList<EpochResult> Epochs, Provenance Provenance)
{
    /// <summary>Share of the time, 0 to 1, in which training waited for clips; of the last session. Null where it was not measured.</summary>
    public double? WaitingForData { get; init; }

    /// <summary>Reads a result; null where the file is not one.</summary>
    public static RunResult? Read(string path) => ResultFile.Read<RunResult>(path);

    /// <summary>All results in a folder, in the order of their names.</summary>
    public static IReadOnlyList<RunResult> ReadAll(string folder) => ResultFile.ReadAll<RunResult>(folder);

    /// <summary>Writes the result, under its name only when it is whole.</summary>
    public void Write(string path) => ResultFile.Write(path, this);
}
