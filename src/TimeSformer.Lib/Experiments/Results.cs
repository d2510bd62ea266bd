using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using TimeSformer.Costs;
using TimeSformer.Training;
using TorchSharp;

namespace TimeSformer.Experiments;

/// <summary>The result of one training run of a study, in a JSON file of its own.</summary>
/// <param name="Study">The study's name.</param>
/// <param name="Scale">The size.</param>
/// <param name="Point">The value's name on each axis.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Hash">Of the recipe, <see cref="StudyRun.Hash"/>.</param>
/// <param name="Top1">Accuracy@1 on the validation videos after the last epoch or, with patience, the best, 0 to 1.</param>
/// <param name="Top5">Accuracy@5, 0 to 1.</param>
/// <param name="Parameters">Parameters of the model.</param>
/// <param name="MultiplyAdds">Of one view, forward.</param>
/// <param name="TrainingSeconds">Wall time of training and evaluation, over all the times that it was interrupted.</param>
/// <param name="Recipe">The recipe, YAML.</param>
/// <param name="Epochs">Metrics after each epoch.</param>
/// <param name="Provenance">Code, library and machine.</param>
public sealed record RunResult(
    string Study, string Scale, IReadOnlyDictionary<string, string> Point, int Seed, string Hash, double Top1, double Top5,
    long Parameters, long MultiplyAdds, double TrainingSeconds, string Recipe, IReadOnlyList<EpochResult> Epochs, Provenance Provenance)
{
    /// <summary>
    /// Energy that processors and GPUs took meanwhile, whatever else ran on them; null where the machine does not tell.
    /// </summary>
    public double? Joules { get; init; }

    /// <summary>Fraction of the last session's time, 0 to 1, in which training waited for clips; null if it was not measured.</summary>
    public double? WaitingForData { get; init; }

    /// <summary>The speed of training in the last session, without evaluations; null if it was not measured.</summary>
    public double? ClipsPerSecond { get; init; }

    /// <summary>The last evaluation in full; null in results that did not keep it.</summary>
    public TestResult? Test { get; init; }

    /// <summary>Further tests of the same weights, by name (<see cref="Experiments.Study.Tests"/>).</summary>
    public IReadOnlyDictionary<string, TestResult> Tests { get; init; } = new Dictionary<string, TestResult>();

    /// <summary>Reads a result; null if the file is not one.</summary>
    public static RunResult? Read(string path) => ResultFile.Read<RunResult>(path);

    /// <summary>All results in a folder, in the order of their names.</summary>
    public static IReadOnlyList<RunResult> ReadAll(string folder) => ResultFile.ReadAll<RunResult>(folder);

    /// <summary>Writes the result; the file gets its name only when it is complete.</summary>
    public void Write(string path) => ResultFile.Write(path, this);
}

/// <summary>The measured cost of one model of a study, in a JSON file of its own.</summary>
/// <param name="Study">The study's name.</param>
/// <param name="Scale">The size.</param>
/// <param name="Point">The value's name on each axis.</param>
/// <param name="Hash">Of the recipe, <see cref="StudyRun.Hash"/>.</param>
/// <param name="Parameters">Parameters of the model.</param>
/// <param name="Patches">Patches of a clip, N·T.</param>
/// <param name="MultiplyAdds">Of one clip, forward; computed.</param>
/// <param name="Batch">Clips of a pass.</param>
/// <param name="ForwardSeconds">Median time of a forward pass without gradients; null if the model does not fit in memory.</param>
/// <param name="TrainingSeconds">Median time of a forward and backward pass; null if the model does not fit in memory.</param>
/// <param name="ForwardBytes">Peak memory of a forward pass, above the weights and the clips.</param>
/// <param name="TrainingBytes">Peak memory of a forward and backward pass, with gradients, above the weights and the clips.</param>
/// <param name="PredictedTrainingBytes">The prediction of <see cref="ModelCost.TrainingMemory"/>.</param>
/// <param name="Recipe">The recipe, YAML.</param>
/// <param name="Provenance">Code, library and machine.</param>
public sealed record CostResult(
    string Study, string Scale, IReadOnlyDictionary<string, string> Point, string Hash, long Parameters, long Patches, long MultiplyAdds,
    int Batch, double? ForwardSeconds, double? TrainingSeconds, long? ForwardBytes, long? TrainingBytes, long PredictedTrainingBytes,
    string Recipe, Provenance Provenance)
{
    /// <summary>How the model's steps were computed; results that do not say were composed.</summary>
    public Computation Computation { get; init; }

    /// <summary>All results in a folder, in the order of their names.</summary>
    public static IReadOnlyList<CostResult> ReadAll(string folder) => ResultFile.ReadAll<CostResult>(folder);
}

/// <summary>Where a result comes from.</summary>
/// <param name="Commit">Of this repository; "modified" at its end marks a build with uncommitted changes.</param>
/// <param name="Libtorch">Version of libtorch.</param>
/// <param name="Device">cpu or cuda.</param>
/// <param name="Hardware">Processor, cores, and the threads per operator, on which the last digits of sums depend.</param>
/// <param name="Finished">When it was done, UTC.</param>
public sealed record Provenance(string Commit, string Libtorch, string Device, string Hardware, DateTime Finished)
{
    /// <summary>The packages that compute and decode, with their versions; null in results that did not keep them.</summary>
    public string? Packages { get; init; }

    /// <summary>The provenance of a result that is finished now.</summary>
    public static Provenance Now(string device)
    {
        var version = typeof(Provenance).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        int threads = torch.get_num_threads();
        return new(
            version?.Split('+') is [_, var commit] ? commit : "unknown",
            torch.__version__,
            device,
            $"{Processor()}, {Environment.ProcessorCount} cores, {threads} {(threads == 1 ? "thread" : "threads")}",
            DateTime.UtcNow)
        {
            Packages = string.Join(", ", PackagesOf(typeof(torch), typeof(OpenCvSharp.Mat))),
        };
    }

    /// <summary>How some results were made: <c>made with libtorch 2.10.0 on PROCESSOR, 2 cores, 1 thread</c>.</summary>
    public static string Made(IEnumerable<Provenance> results)
    {
        string All(Func<Provenance, string> of, string separator) => string.Join(separator, results.Select(of).Distinct().Order());
        return $"made with libtorch {All(result => result.Libtorch, " and ")} on {All(result => result.Hardware, "; ")}";
    }

    /// <summary>The libtorch and machines of some results in one sentence, which also says if the versions of libtorch differ.</summary>
    public static string Summary(IEnumerable<Provenance> results)
    {
        var all = results.ToList();
        string[] versions = [.. all.Select(result => result.Libtorch).Distinct()];
        var made = $"{all.Count} results, {Made(all)}";
        return versions.Length > 1 ? $"{made}: rows of different versions do not compare to the last digit"
            : versions.Contains(torch.__version__) ? made
            : $"{made}; this is {torch.__version__}, whose results differ slightly";
    }

    private static IEnumerable<string> PackagesOf(params Type[] types) =>
        types.Select(type => type.Assembly.GetName()).Select(name => $"{name.Name} {name.Version}");

    private static string Processor()
    {
        const string CpuInfo = "/proc/cpuinfo";
        var line = File.Exists(CpuInfo)
            ? File.ReadLines(CpuInfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?.Split(':', 2)[1].Trim() ?? "unknown processor";
    }
}

/// <summary>Results as JSON files.</summary>
internal static class ResultFile
{
    private static readonly JsonSerializerOptions json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n",
        RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Reads a result; null if the file is not one.</summary>
    public static T? Read<T>(string path)
        where T : class
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), json) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>All results in a folder, in the order of their names.</summary>
    public static IReadOnlyList<T> ReadAll<T>(string folder)
        where T : class =>
        Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(Read<T>).OfType<T>()] : [];

    /// <summary>Writes a result; the file gets its name only when it is complete.</summary>
    public static void Write<T>(string path, T result)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        WholeFile.Write(path, partial => File.WriteAllBytes(partial, [.. JsonSerializer.SerializeToUtf8Bytes(result, json), (byte)'\n']));
    }
}
