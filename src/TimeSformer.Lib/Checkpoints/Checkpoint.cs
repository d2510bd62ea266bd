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
    private const string DamagedEnding = ".damaged";

    // Of these the first that a folder has.
    private static readonly string[] weightsNames =
    [
        WeightsName, WeightsName + ShardedFile.IndexEnding, "pytorch_model.bin", "pytorch_model.bin" + ShardedFile.IndexEnding,
    ];

    /// <summary>
    /// Writes a checkpoint into a run's folder, then removes all but the newest. It is written under another name and renamed once it is
    /// complete and on disk, so that a crash, a power failure or a full disk leaves earlier checkpoints intact, even one of the same step.
    /// </summary>
    /// <param name="average">A moving average, saved as the weights, with the model's own weights as training state; or null.</param>
    /// <param name="keep">How many of the newest stay, this one included.</param>
    /// <returns>The checkpoint's folder.</returns>
    /// <exception cref="IOException">The checkpoint could not be written; earlier ones are intact.</exception>
    public static string Save(
        string run, ModelInfo info, ResumePoint point, VideoModel model, Optimizer optimizer, VideoModel? average = null, int keep = 2)
    {
        var folder = Path.Combine(run, $"{Prefix}{point.Step:D8}");
        WriteWhole(folder, partial =>
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
        });
        foreach (var old in All(run).Skip(keep)) Directory.Delete(old, recursive: true);
        return folder;
    }

    /// <summary>Keeps a checkpoint of a run as its best, without what resumes training, whatever checkpoints follow.</summary>
    /// <exception cref="IOException">The checkpoint could not be copied; an earlier best is intact.</exception>
    internal static void Keep(string run, string checkpoint) => WriteWhole(Path.Combine(run, BestName), partial =>
    {
        foreach (var name in new[] { WeightsName, ModelInfo.FileName })
        {
            using var source = File.OpenRead(Path.Combine(checkpoint, name));
            TensorFile.WriteWhole(Path.Combine(partial, name), source.Length, source.CopyTo);
        }
    });

    /// <summary>Renames a damaged checkpoint, so that it no longer counts as one.</summary>
    /// <returns>Its new name.</returns>
    /// <exception cref="IOException">It cannot be renamed.</exception>
    internal static string SetAside(string checkpoint)
    {
        var damaged = checkpoint + DamagedEnding;
        if (Directory.Exists(damaged)) Directory.Delete(damaged, recursive: true);
        Directory.Move(checkpoint, damaged);
        return damaged;
    }

    /// <summary>The checkpoint that a run kept as its best or, if it kept none, its newest.</summary>
    /// <exception cref="CheckpointException">There is none.</exception>
    public static string Best(string run) => Kept(run) ?? Latest(run) ?? throw new CheckpointException(run, "no checkpoint here");

    /// <summary>The checkpoint that was kept as a run's best, or null.</summary>
    internal static string? Kept(string run)
    {
        var best = Path.Combine(run, BestName);
        // The second if a crash came while another was to take its place.
        return new[] { best, best + ReplacedEnding }.FirstOrDefault(Directory.Exists);
    }

    /// <summary>The sizes of the model in a file, a checkpoint, a run or a Hugging Face folder.</summary>
    /// <exception cref="CheckpointException">There is no whole model, or its file is damaged.</exception>
    public static ModelInfo Describe(string path, ModelFacts? given = null)
    {
        using var file = OpenWeights(path);
        return ModelInfo.Of(file, NamedWeights.Of(file), given ?? new());
    }

    /// <summary>The newest complete checkpoint of a run, or null.</summary>
    public static string? Latest(string run) => All(run) is [var newest, ..] ? newest : null;

    /// <summary>The complete checkpoints of a run, the newest first; the best, which is kept besides, is not among them.</summary>
    internal static IReadOnlyList<string> All(string run)
    {
        if (!Directory.Exists(run)) return [];
        // Others, such as Hugging Face's Trainer, write steps without zeros before them: more digits are more steps.
        return [.. Directory.GetDirectories(run, Prefix + "*").Where(IsComplete)
            .OrderByDescending(folder => Path.GetFileNameWithoutExtension(folder).Length)
            .ThenByDescending(folder => folder, StringComparer.Ordinal)];

        static bool IsComplete(string folder) => Path.GetExtension(folder) switch
        {
            "" => true,
            // It counts only if a crash came before its successor got its name.
            ReplacedEnding => !Directory.Exists(folder[..^ReplacedEnding.Length]),
            _ => false,
        };
    }

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
        if (weights.Has("encoder_to_decoder.weight"))
        {
            throw new CheckpointException(
                path, "it is a pre-training's, which knows no classes; name it in model.pretrained to train a classifier");
        }
        var info = ModelInfo.Of(file, weights, given ?? new());
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
        // A folder's own weights first: Hugging Face's Trainer leaves those of earlier steps beside them.
        if (WeightsIn(path) is { } own) return TensorFile.Open(own);
        var checkpoint = Kept(path) ?? Latest(path)
            ?? throw new CheckpointException(path, $"no checkpoint here: neither {string.Join(", ", weightsNames)} nor {Prefix}STEP");
        return TensorFile.Open(WeightsIn(checkpoint) ?? Path.Combine(checkpoint, WeightsName));

        static string? WeightsIn(string folder) =>
            weightsNames.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    // A checkpoint itself, or the newest of a run.
    private static string? Find(string folder) => File.Exists(Path.Combine(folder, ModelInfo.FileName)) ? folder : Latest(folder);

    // Fills a folder under another name, which it exchanges for its own once all is on disk; until then the folder that it replaces stays.
    private static void WriteWhole(string folder, Action<string> fill)
    {
        var (run, partial, replaced) = (Path.GetDirectoryName(folder)!, folder + PartialEnding, folder + ReplacedEnding);
        Directory.CreateDirectory(run);
        // What processes left that were killed here.
        foreach (var rest in Directory.GetDirectories(run, $"*{PartialEnding}")) Directory.Delete(rest, recursive: true);
        Directory.CreateDirectory(partial);
        try
        {
            fill(partial);
            Disk.Flush(partial);
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
        Disk.Flush(run);
        if (Directory.Exists(replaced)) Directory.Delete(replaced, recursive: true);
    }
}
