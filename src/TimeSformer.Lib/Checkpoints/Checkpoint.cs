using TimeSformer.Checkpoints.Naming;
using TimeSformer.Models;
using TimeSformer.Torch;
using static TorchSharp.torch;

namespace TimeSformer.Checkpoints;

/// <summary>
/// A folder with <c>model.safetensors</c> (weights under the official names), <c>checkpoint.json</c> and, to go on training,
/// <c>training.safetensors</c> (optimiser state and random state). A folder that bears its final name is complete.
/// </summary>
public static class Checkpoint
{
    private const string Weights = "model.safetensors";
    private const string Training = "training.safetensors";
    internal const string InfoName = "checkpoint.json";
    private const string Prefix = "checkpoint-";
    private const string PartialEnding = ".partial";
    private const string ReplacedEnding = ".replaced";
    private const string RandomStateName = "random_state.cpu";
    private const string TrainedPrefix = "weights.";

    /// <summary>
    /// Writes a checkpoint into the run's folder and then removes all but the two newest. It is written under another name and
    /// renamed when it is whole, so that a crash or a full disk leaves the earlier ones as they were, one of the same step too.
    /// </summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="info">What is said besides tensors.</param>
    /// <param name="model">The model that is trained.</param>
    /// <param name="optimizer">Its optimiser.</param>
    /// <param name="average">A model with a moving average of the weights: then these are the checkpoint's weights, and those that are trained are part of the training state.</param>
    /// <returns>The checkpoint's folder.</returns>
    /// <exception cref="IOException">It could not be written; earlier checkpoints are untouched.</exception>
    public static string Save(string run, CheckpointInfo info, TimeSformerModel model, Optimizer optimizer, TimeSformerModel? average = null)
    {
        var folder = Path.Combine(run, $"{Prefix}{info.Step:D8}");
        var (partial, replaced) = (folder + PartialEnding, folder + ReplacedEnding);
        if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
        Directory.CreateDirectory(partial);
        try
        {
            using var scope = NewDisposeScope();
            SafeTensors.Write(Path.Combine(partial, Weights), (average ?? model).state_dict(), metadata: null);
            SafeTensors.Write(Path.Combine(partial, Training), TrainingState(model, optimizer, trainedWeights: average is not null), metadata: null);
            WriteDurably(Path.Combine(partial, InfoName), info.ToJson());
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

    /// <summary>The newest complete checkpoint of a run; null if there is none.</summary>
    public static string? Latest(string run) => Complete(run).LastOrDefault();

    /// <summary>Reads what a checkpoint says; `folder` is a checkpoint's or a run's, of which the newest is taken.</summary>
    /// <exception cref="CheckpointException">There is no checkpoint, or it is damaged.</exception>
    public static (string Folder, CheckpointInfo Info) Open(string folder)
    {
        if (!Directory.Exists(folder)) throw new CheckpointException(folder, "there is no such folder");
        if (!File.Exists(Path.Combine(folder, InfoName)))
        {
            folder = Latest(folder) ?? throw new CheckpointException(folder, $"no checkpoint here: neither {InfoName} nor folders {Prefix}STEP");
        }
        var path = Path.Combine(folder, InfoName);
        return (folder, CheckpointInfo.Parse(path, File.ReadAllBytes(path)));
    }

    /// <summary>
    /// Builds a model and loads its weights; in evaluation mode, on the CPU. It is a checkpoint's or a run's folder, a folder of Hugging
    /// Face's, or any file of a whole model that <see cref="Pretrained"/> reads; sizes that are not written down are read off the weights.
    /// </summary>
    /// <param name="heads">The number of heads, where nothing else tells it and they are not 64 wide.</param>
    /// <exception cref="CheckpointException">There is no model, it is damaged, or its weights are not exactly those of the model.</exception>
    public static (TimeSformerModel Model, CheckpointInfo Info) LoadModel(string path, int? heads = null)
    {
        using var file = TensorFile.Open(WeightsFile.Find(path));
        var weights = NamedWeights.Of(file);
        var info = ModelDescription.Of(path, file, weights, heads);
        var model = new TimeSformerModel(info.Model, initialize: false);
        try
        {
            model.eval();
            Pretrained.Load(model, file, weights, EmbeddingResize.Nearest).RequireAllMatched();
            return (model, info);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Brings a model, its optimiser, its average where there is one, and the random state back to where <see cref="Save"/> left them.</summary>
    public static void Restore(string folder, TimeSformerModel model, Optimizer optimizer, TimeSformerModel? average = null)
    {
        Pretrained.Load(average ?? model, folder, EmbeddingResize.Nearest).RequireAllMatched();
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using var file = SafeTensorsFile.Open(Path.Combine(folder, Training));
        try
        {
            foreach (var (name, weight) in average is null ? [] : model.state_dict()) StateDict.Copy(name, file.Read($"{TrainedPrefix}{name}"), weight);
            optimizer.load_state_dict(model.named_parameters(), file.Read);
            RandomState.set_rng_state(file.Read(RandomStateName));
        }
        catch (ArgumentException error)
        {
            throw new CheckpointException(file.Path, error.Message, error);
        }
    }

    private static Dictionary<string, Tensor> TrainingState(TimeSformerModel model, Optimizer optimizer, bool trainedWeights)
    {
        var tensors = optimizer.state_dict(model.named_parameters());
        tensors[RandomStateName] = get_rng_state();
        if (trainedWeights)
        {
            foreach (var (name, weight) in model.state_dict()) tensors[$"{TrainedPrefix}{name}"] = weight;
        }
        return tensors;
    }

    // In the order of steps. One that was to be replaced counts where the new one did not get its name any more.
    private static IEnumerable<string> Complete(string run) => Directory.Exists(run)
        ? Directory.GetDirectories(run, Prefix + "*")
            .Where(folder => !folder.EndsWith(PartialEnding, StringComparison.Ordinal) && !(folder.EndsWith(ReplacedEnding, StringComparison.Ordinal) && Directory.Exists(folder[..^ReplacedEnding.Length])))
            .Order(StringComparer.Ordinal)
        : [];

    private static void WriteDurably(string path, byte[] bytes)
    {
        using var stream = new FileStream(path, FileMode.CreateNew);
        stream.Write(bytes);
        stream.Flush(flushToDisk: true);
    }
}
