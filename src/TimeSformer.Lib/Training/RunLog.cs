using System.Text.Json;
using System.Text.Json.Serialization;
using TimeSformer.Checkpoints.Formats;
using TimeSformer.Torch;
using TimeSformer.Video;

namespace TimeSformer.Training;

/// <summary>An evaluated epoch of a run, from 0: the mean loss of its steps, and the accuracy after it, 0 to 1.</summary>
public sealed record EpochResult(int Epoch, double? TrainLoss, double Top1, double Top5, double ValLoss);

/// <summary>An evaluation in a run's log.</summary>
/// <param name="Top1">Accuracy@1, 0 to 1.</param>
/// <param name="Top5">Accuracy@5, 0 to 1.</param>
/// <param name="Loss">Mean cross entropy.</param>
/// <param name="Clips">Videos evaluated.</param>
/// <param name="Broken">Videos that could not be decoded.</param>
/// <param name="Views">Temporal views of each video.</param>
/// <param name="Crops">Spatial crops of each view.</param>
public sealed record LoggedEvaluation(double Top1, double Top5, double Loss, int Clips, int Broken, int Views, int Crops);

/// <summary>A line of a run's log: a step or, with <see cref="Validation"/>, the evaluation after an epoch.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Epoch">The epoch, from 0.</param>
public sealed record LogEntry(long Step, int Epoch)
{
    /// <summary>The step's loss; null if it was not finite.</summary>
    public double? Loss { get; init; }

    /// <summary>The step's learning rate.</summary>
    public double? LearningRate { get; init; }

    /// <summary>The scale of the step's loss, in float16.</summary>
    public double? LossScale { get; init; }

    /// <summary>Null for a step.</summary>
    public LoggedEvaluation? Validation { get; init; }
}

/// <summary>
/// A run's history in <c>log.jsonl</c>, a <see cref="LogEntry"/> per line: <c>{"step", "epoch", "loss", "learning_rate"}</c> for each step
/// and <c>{"step", "epoch", "validation": {"top1", "top5", "loss", ...}}</c> for each evaluation. The same numbers go to TensorBoard files.
/// </summary>
public sealed class RunLog : IDisposable
{
    /// <summary>The file's name in a run's folder.</summary>
    public const string FileName = "log.jsonl";

    private static readonly JsonSerializerOptions json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectRequiredConstructorParameters = true,
    };

    private readonly StreamWriter writer;
    private readonly TensorBoardLog events;

    /// <summary>Opens the log of a run. What a crash left of later steps and evaluations is dropped, because they are done again.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="step">Steps done.</param>
    /// <param name="epoch">Epochs done; an epoch whose last step is done may still have to be evaluated.</param>
    public RunLog(string run, long step, int epoch)
    {
        var path = Path.Combine(run, FileName);
        if (File.Exists(path))
        {
            var kept = Read(run).Where(entry => entry.Step <= step && (entry.Validation is null || entry.Epoch < epoch));
            WholeFile.Write(path, partial => File.WriteAllLines(partial, kept.Select(ToJson)));
        }
        writer = new StreamWriter(path, append: true);
        events = new TensorBoardLog(run);
        events.Forget(after: step);
    }

    /// <summary>The log of a run; empty if it has none. Lines that are incomplete, because a crash cut them short, are left out.</summary>
    public static IReadOnlyList<LogEntry> Read(string run)
    {
        var path = Path.Combine(run, FileName);
        return File.Exists(path) ? [.. File.ReadLines(path).Select(Parse).OfType<LogEntry>()] : [];
    }

    /// <summary>Waits until the log of a run, if it has one, is on disk.</summary>
    /// <exception cref="IOException">The disk fails.</exception>
    internal static void Flush(string run)
    {
        var path = Path.Combine(run, FileName);
        if (File.Exists(path)) Disk.Flush(path);
    }

    /// <summary>The evaluated epochs of a log.</summary>
    public static IReadOnlyList<EpochResult> Epochs(IReadOnlyList<LogEntry> log)
    {
        var losses = log.ToLookup(entry => entry.Epoch, entry => entry.Loss);
        return
        [
            .. from entry in log
               let validation = entry.Validation
               where validation is not null
               select new EpochResult(entry.Epoch, losses[entry.Epoch].Average(), validation.Top1, validation.Top5, validation.Loss),
        ];
    }

    /// <summary>Evaluations of a log after the one of the lowest loss; 0 if there are none.</summary>
    public static int SinceBest(IReadOnlyList<LogEntry> log)
    {
        double[] losses = [.. log.Select(entry => entry.Validation?.Loss).OfType<double>()];
        return losses.Length == 0 ? 0 : losses.Length - 1 - losses.IndexOf(losses.Min());
    }

    /// <summary>Appends a step.</summary>
    public void Step(long step, int epoch, double loss, double learningRate, GradScaler? scaler = null)
    {
        Write(new(step, epoch) { Loss = double.IsFinite(loss) ? loss : null, LearningRate = learningRate, LossScale = scaler?.Scale });
        events.Add("train/loss", loss, step);
        events.Add("train/learning_rate", learningRate, step);
    }

    /// <summary>Notes the speed, for TensorBoard alone: the log holds only what is the same each time.</summary>
    public void Speed(TrainingProgress progress)
    {
        events.Add("speed/clips_per_second", progress.ClipsPerSecond, progress.Step);
        events.Add("speed/waiting_for_data", progress.WaitingForData, progress.Step);
    }

    /// <summary>Appends an evaluation.</summary>
    public void Validation(long step, int epoch, Evaluation evaluation, TestViews views)
    {
        var (top1, top5, loss, clips, broken) = evaluation;
        Write(new(step, epoch) { Validation = new(top1, top5, loss, clips, broken.Count, views.Views, views.Crops) });
        events.Add("validation/top1", top1, step);
        events.Add("validation/top5", top5, step);
        events.Add("validation/loss", loss, step);
    }

    /// <inheritdoc/>
    public void Dispose() => writer.Dispose();

    private void Write(LogEntry entry)
    {
        writer.WriteLine(ToJson(entry));
        writer.Flush();
    }

    private static string ToJson(LogEntry entry) => JsonSerializer.Serialize(entry, json);

    private static LogEntry? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<LogEntry>(line, json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
