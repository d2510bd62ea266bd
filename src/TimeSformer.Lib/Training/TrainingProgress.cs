using System.Diagnostics;

namespace TimeSformer.Training;

/// <summary>The state of a run after a step.</summary>
/// <param name="Epoch">The current epoch, from 0.</param>
/// <param name="Epochs">Epochs of the whole run.</param>
/// <param name="Step">Steps done in the whole run.</param>
/// <param name="Steps">Steps of the whole run.</param>
/// <param name="Loss">Of the step's batch: the mean cross entropy or, in masked pre-training, the mean squared error.</param>
/// <param name="LearningRate">The step's learning rate.</param>
/// <param name="ClipsPerSecond">Rate since this process started or resumed the run, without the time of evaluations.</param>
/// <param name="Remaining">Estimated time to the end of the run.</param>
/// <param name="WaitingForData">Fraction of the time so far, 0 to 1, in which the loop waited for clips.</param>
public sealed record TrainingProgress(
    int Epoch, int Epochs, long Step, long Steps, double Loss, double LearningRate, double ClipsPerSecond, TimeSpan Remaining,
    double WaitingForData);

/// <summary>The outcome of a run.</summary>
/// <param name="Checkpoint">Folder of the last checkpoint or, with patience, of the best.</param>
/// <param name="Validation">
/// Of the last epoch or, with patience, of the epoch that <paramref name="Checkpoint"/> is of; null without a validation list, or if that
/// evaluation was made before the run was resumed.
/// </param>
/// <param name="Interrupted">Whether it was cancelled; the checkpoint then holds its state.</param>
/// <param name="Broken">Training videos that could not be decoded, with the cause.</param>
/// <param name="WaitingForData">As of the last step, see <see cref="TrainingProgress"/>; 0 if none was left to do.</param>
/// <param name="ClipsPerSecond">As of the last step; null if none was left to do.</param>
public sealed record TrainingResult(
    string Checkpoint, Evaluation? Validation, bool Interrupted, IReadOnlyDictionary<string, string> Broken, double WaitingForData = 0,
    double? ClipsPerSecond = null);

/// <summary>Measures the time of a run's steps, and how much of it the loop waits for clips.</summary>
internal sealed class TrainingClock(OptimizationRecipe options, long stepsPerEpoch, long firstStep)
{
    private readonly Stopwatch total = Stopwatch.StartNew(), waiting = new();

    /// <summary>After the last step; null before the first.</summary>
    public TrainingProgress? Last { get; private set; }

    /// <summary>The batches, while the time that each takes to come is counted as waiting.</summary>
    public IEnumerable<T> Watch<T>(IEnumerable<T> batches)
    {
        using var coming = batches.GetEnumerator();
        while (true)
        {
            waiting.Start();
            bool more = coming.MoveNext();
            waiting.Stop();
            if (!more) yield break;
            yield return coming.Current;
        }
    }

    /// <summary>Works out the progress after a step and reports it.</summary>
    public void Report(PendingStep done, double loss, Action<TrainingProgress>? report)
    {
        long steps = options.Epochs * stepsPerEpoch;
        double perStep = total.Elapsed.TotalSeconds / (done.Step - firstStep);
        Last = new(
            done.Epoch, options.Epochs, done.Step, steps, loss, done.LearningRate, options.BatchSize / perStep,
            TimeSpan.FromSeconds(perStep * (steps - done.Step)), waiting.Elapsed / total.Elapsed);
        report?.Invoke(Last);
    }

    public void Pause() => total.Stop();

    public void Resume() => total.Start();
}
