using System.Text.Json;
using System.Text.Json.Nodes;
using TimeSformer.Torch;
using TimeSformer.Video;

namespace TimeSformer.Training;

/// <summary>
/// A run's history, one JSON object a line in <c>log.jsonl</c>: <c>{"step", "epoch", "loss", "learning_rate"}</c> for each step and
/// <c>{"step", "epoch", "validation": {"top1", "top5", "loss"}}</c> for each epoch. The same numbers go into files that TensorBoard reads.
/// </summary>
public sealed class RunLog : IDisposable
{
    /// <summary>The file's name in a run's folder.</summary>
    public const string FileName = "log.jsonl";

    private readonly StreamWriter writer;
    private readonly TensorBoardLog events;

    /// <summary>Opens the log of a run; what a crash left of later steps and evaluations, which are done again, is dropped.</summary>
    /// <param name="run">Its folder.</param>
    /// <param name="step">Steps done.</param>
    /// <param name="epoch">Epochs done: whose last step was done may yet have to be evaluated.</param>
    public RunLog(string run, long step, int epoch)
    {
        var path = Path.Combine(run, FileName);
        if (File.Exists(path))
        {
            var kept = File.ReadLines(path).Where(line => Parse(line) is JsonObject entry && (long?)entry["step"] <= step && (entry["validation"] is null || (int?)entry["epoch"] < epoch)).ToList();
            File.WriteAllLines(path + ".partial", kept);
            File.Move(path + ".partial", path, overwrite: true);
        }
        writer = new StreamWriter(path, append: true);
        events = new TensorBoardLog(run);
        events.Forget(after: step);
    }

    /// <summary>Appends the loss of a step, which is absent where it is not finite, and the scale that it was computed with, where there is one.</summary>
    public void Step(long step, int epoch, double loss, double learningRate, GradScaler? scale = null)
    {
        var line = new JsonObject { ["step"] = step, ["epoch"] = epoch };
        if (double.IsFinite(loss)) line["loss"] = loss;
        line["learning_rate"] = learningRate;
        if (scale is not null) line["loss_scale"] = scale.Scale;
        Write(line);
        events.Add("train/loss", loss, step);
        events.Add("train/learning_rate", learningRate, step);
    }

    /// <summary>How fast it goes, for TensorBoard alone: the log has only what is the same each time.</summary>
    public void Speed(TrainingProgress progress)
    {
        events.Add("speed/clips_per_second", progress.ClipsPerSecond, progress.Step);
        events.Add("speed/waiting_for_data", progress.WaitingForData, progress.Step);
    }

    /// <summary>Appends an evaluation.</summary>
    public void Validation(long step, int epoch, Evaluation evaluation, TestViews views)
    {
        Write(new JsonObject
        {
            ["step"] = step,
            ["epoch"] = epoch,
            ["validation"] = new JsonObject
            {
                ["top1"] = evaluation.Top1,
                ["top5"] = evaluation.Top5,
                ["loss"] = evaluation.Loss,
                ["clips"] = evaluation.Clips,
                ["broken"] = evaluation.Broken.Count,
                ["views"] = views.Views,
                ["crops"] = views.Crops,
            },
        });
        events.Add("validation/top1", evaluation.Top1, step);
        events.Add("validation/top5", evaluation.Top5, step);
        events.Add("validation/loss", evaluation.Loss, step);
    }

    /// <inheritdoc/>
    public void Dispose() => writer.Dispose();

    private void Write(JsonObject line)
    {
        writer.WriteLine(line.ToJsonString());
        writer.Flush();
    }

    // Null for a line that a crash cut short.
    private static JsonNode? Parse(string line)
    {
        try
        {
            return JsonNode.Parse(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
