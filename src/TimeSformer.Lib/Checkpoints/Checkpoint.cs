using System.Text;
using System.Text.Json.Serialization;
using TimeSformer.Checkpoints.Formats;
using TimeSformer.Models;
using TimeSformer.Torch;
using static TorchSharp.torch;

namespace TimeSformer.Checkpoints;

/// <summary>Where training resumes: after `Step` steps and `Epoch` epochs, with `LossScale`, which is null except in float16.</summary>
public sealed record ResumePoint(
    long Step, int Epoch, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] GradScaler? LossScale = null);

/// <summary>A folder with model.safetensors (official names), checkpoint.json and, to resume training, training.safetensors.</summary>
public static class Checkpoint
{
    internal const string WeightsName = "model.safetensors";

    private const string TrainingName = "training.safetensors", RandomStateName = "random_state.cpu", TrainedPrefix = "weights.";
    private const string BestName = "best", Prefix = "checkpoint-", PartialEnding = ".partial", ReplacedEnding = ".replaced";

    // Of these the first that a folder has.
    private static readonly string[] weightsNames =
    [
        WeightsName, WeightsName + ShardedFile.IndexEnding, "pytorch_model.bin", "pytorch_model.bin" + ShardedFile.IndexEnding,
    ];

    /// <summary>
    /// Writes a checkpoint into a run's folder, then removes all but the two newest. It is written under another name and renamed once
    /// complete, so that a crash or a full disk leaves earlier checkpoints intact, even one of the same step.
    /// </summary>
    /// <param name="average">A moving average, saved as the weights, with the model's own weights as training state; or null.</param>
    /// <returns>The checkpoint's folder.</returns>
    /// <exception cref="IOException">The checkpoint could not be written; earlier ones are intact.</exception>
    public static string Save(
        string run, ModelInfo info, ResumePoint point, VideoModel model, Optimizer optimizer, VideoModel? average = null)
    {
        var folder = Path.Combine(run, $"{Prefix}{point.Step:D8}");
        var (partial, replaced) = (folder + PartialEnding, folder + ReplacedEnding);
        if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
        Directory.CreateDirectory(partial);
        try
        {
            using var scope = NewDisposeScope();
            SafeTensors.Write(Path.Combine(partial, WeightsName), (average ?? model).state_dict());
            var training = optimizer.state_dict(model.named_parameters());
            training[RandomStateName] = get_rng_state();
            var trained = average is null ? [] : model.state_dict();
            foreach (var (name, weight) in trained) training[$"{TrainedPrefix}{name}"] = weight;
            SafeTensors.Write(Path.Combine(partial, TrainingName), training);
            var description = Encoding.UTF8.GetBytes(info.ToJson(point));
            TensorFile.WriteWhole(Path.Combine(partial, ModelInfo.FileName), description.Length, stream => stream.Write(description));
            if (Directory.Exists(folder))
            {
                if (Directory.Exists(replaced)) Directory.Delete(replaced, recursive: true);
                Directory.Move(folder, replaced);
            }
            Directory.Move(partial, folder);
        }
        catch
        {
            Directory.Delete(partial, recursive: true);
            throw;
        }
        if (Directory.Exists(replaced)) Directory.Delete(replaced, recursive: true);
        foreach (var old in Complete(run).SkipLast(2)) Directory.Delete(old, recursive: true);
        return folder;
    }

    /// <summary>Keeps a checkpoint of a run as its best, without what resumes training, whatever checkpoints follow.</summary>
    /// <exception cref="IOException">The checkpoint could not be copied; an earlier best is intact.</exception>
    internal static void Keep(string run, string checkpoint)
    {
        var (folder, partial) = (Path.Combine(run, BestName), Path.Combine(run, BestName + PartialEnding));
        if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
        Directory.CreateDirectory(partial);
        foreach (var name in new[] { WeightsName, ModelInfo.FileName })
        {
            File.Copy(Path.Combine(checkpoint, name), Path.Combine(partial, name));
        }
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.Move(partial, folder);
    }

    /// <summary>The checkpoint that a run kept as its best or, if it kept none, its newest.</summary>
    /// <exception cref="CheckpointException">There is none.</exception>
    public static string Best(string run) => Kept(run) ?? Latest(run) ?? throw new CheckpointException(run, "no checkpoint here");

    /// <summary>The checkpoint that was kept as a run's best, or null.</summary>
    internal static string? Kept(string run) => Path.Combine(run, BestName) is var folder && Directory.Exists(folder) ? folder : null;

    /// <summary>The sizes of the model in a file, a checkpoint, a run or a Hugging Face folder.</summary>
    /// <exception cref="CheckpointException">There is no whole model, or its file is damaged.</exception>
    public static ModelInfo Describe(string path, ModelFacts? given = null)
    {
        using var file = OpenWeights(path);
        return ModelInfo.Of(file, NamedWeights.Of(file), given ?? new());
    }

    /// <summary>The newest complete checkpoint of a run, or null.</summary>
    public static string? Latest(string run) => Complete(run).LastOrDefault();

    /// <summary>Restores a model, its optimizer, its average (if any) and the random state to what <see cref="Save"/> saved.</summary>
    /// <returns>Where training resumes.</returns>
    /// <exception cref="CheckpointException">The checkpoint is damaged or does not fit the model or the optimizer.</exception>
    public static ResumePoint Restore(string folder, VideoModel model, Optimizer optimizer, VideoModel? average = null)
    {
        var point = ReadResumePoint(folder);
        Pretrained.Load(average ?? model, folder, EmbeddingResize.Nearest).RequireAllMatched();
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using var file = SafeTensorsFile.Open(Path.Combine(folder, TrainingName));
        try
        {
            var trained = average is null ? [] : model.state_dict();
            foreach (var (name, weight) in trained) StateDict.Copy(name, file.Read($"{TrainedPrefix}{name}"), weight);
            optimizer.load_state_dict(model.named_parameters(), file.Read);
            RandomState.set_rng_state(file.Read(RandomStateName));
            return point;
        }
        catch (ArgumentException error)
        {
            throw new CheckpointException(file.Path, error.Message, error);
        }
    }

    /// <summary>Where training resumes from a checkpoint or, given a run's folder, from its newest one.</summary>
    /// <exception cref="CheckpointException">There is no checkpoint, it is damaged, or it is not one of a run.</exception>
    public static ResumePoint ReadResumePoint(string folder)
    {
        var checkpoint = Find(folder)
            ?? throw new CheckpointException(folder, $"no checkpoint here: neither {ModelInfo.FileName} nor folders {Prefix}STEP");
        var path = Path.Combine(checkpoint, ModelInfo.FileName);
        return ModelInfo.Parse<ResumePoint>(path, File.ReadAllBytes(path));
    }

    /// <summary>
    /// Builds a model and loads its weights; in evaluation mode, on the CPU. `path` is a checkpoint, a run (for its best checkpoint, if it
    /// keeps one, or its newest), a Hugging Face folder, or any file of a whole model that <see cref="Pretrained"/> reads. Unstated sizes
    /// are inferred from the weights.
    /// </summary>
    /// <param name="given">What goes before all that files say, such as another number of frames; embeddings are then resized.</param>
    /// <exception cref="CheckpointException">There is no whole model, its file is damaged, or a weight is not finite.</exception>
    public static (VideoModel Model, ModelInfo Info) LoadModel(string path, ModelFacts? given = null)
    {
        using var file = OpenWeights(path);
        var weights = NamedWeights.Of(file);
        var info = ModelInfo.Of(file, weights, given ?? new());
        if (info.Model is VideoMaePretrainingConfig)
        {
            throw new CheckpointException(
                path, "it is a pre-training's, which knows no classes; name it in model.pretrained to train a classifier");
        }
        // As the model itself does for clips of another size.
        bool isNearest = info.Model is TimeSformerConfig { EmbeddingInterpolation: InterpolationMode.Nearest };
        var resize = isNearest ? EmbeddingResize.Nearest : EmbeddingResize.Bicubic;
        return info.Model.Create(initialize: false).OrDispose(model =>
        {
            model.eval();
            Pretrained.Load(model, file, weights, resize).RequireAllMatched(resized: true);
            return (model, info);
        });
    }

    /// <summary>Opens the weights of a file, a checkpoint, a run or a Hugging Face folder.</summary>
    /// <exception cref="CheckpointException">There are none, or they are damaged.</exception>
    internal static TensorFile OpenWeights(string path)
    {
        if (File.Exists(path)) return TensorFile.Open(path);
        if (!Directory.Exists(path)) throw new CheckpointException(path, "file or folder not found");
        if ((Kept(path) ?? Find(path)) is { } checkpoint) return TensorFile.Open(Path.Combine(checkpoint, WeightsName));
        var weights = weightsNames.Select(name => Path.Combine(path, name)).FirstOrDefault(File.Exists);
        return TensorFile.Open(weights ?? throw new CheckpointException(
            path, $"no checkpoint here: neither {ModelInfo.FileName}, {Prefix}STEP nor {string.Join(", ", weightsNames)}"));
    }

    // A checkpoint itself, or the newest of a run.
    private static string? Find(string folder) => File.Exists(Path.Combine(folder, ModelInfo.FileName)) ? folder : Latest(folder);

    // In the order of steps. A replaced checkpoint counts only if the crash came before its successor got its name.
    private static IEnumerable<string> Complete(string run)
    {
        if (!Directory.Exists(run)) return [];
        return Directory.GetDirectories(run, Prefix + "*").Order(StringComparer.Ordinal).Where(folder =>
            !folder.EndsWith(PartialEnding, StringComparison.Ordinal)
            && !(folder.EndsWith(ReplacedEnding, StringComparison.Ordinal) && Directory.Exists(folder[..^ReplacedEnding.Length])));
    }
}
