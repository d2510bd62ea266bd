namespace TimeSformer.Training;

/// <summary>Where a run is, reported after each step.</summary>
/// <param name="Epoch">The epoch under way, from 0.</param>
/// <param name="Step">Steps done in the whole run.</param>
/// <param name="Steps">Steps that the whole run takes.</param>
/// <param name="Loss">Mean cross entropy of the step's batch.</param>
/// <param name="ClipsPerSecond">Rate since this process began or resumed the run, without the time of evaluations.</param>
/// <param name="Remaining">Estimated time to the end of the run.</param>
/// <param name="WaitingForData">Share of the time so far, 0 to 1, in which the loop waited for clips.</param>
public sealed record TrainingProgress(
    int Epoch, int Epochs, long Step, long Steps, double Loss, double LearningRate, double ClipsPerSecond, TimeSpan Remaining, double WaitingForData);

/// <summary>Shares of clips whose class was the highest, or among the five highest, scored.</summary>
/// <param name="Top1">Accuracy@1, 0 to 1.</param>
/// <param name="Top5">Accuracy@5, 0 to 1.</param>
/// <param name="Loss">Mean cross entropy.</param>
/// <param name="Clips">Videos evaluated.</param>
/// <param name="Broken">Videos that could not be decoded, with the cause; they count neither way.</param>
public sealed record Evaluation(double Top1, double Top5, double Loss, int Clips, IReadOnlyDictionary<string, string> Broken);

/// <summary>What a run came to.</summary>
/// <param name="Checkpoint">Folder of the last checkpoint.</param>
/// <param name="Validation">Of the last epoch; null without a validation list.</param>
/// <param name="Interrupted">Whether it was cancelled; the checkpoint then holds where it was.</param>
/// <param name="Broken">Training videos that could not be decoded, with the cause.</param>
/// <param name="WaitingForData">As of the last step, see <see cref="TrainingProgress"/>; 0 where none was left to do.</param>
public sealed record TrainingResult(string Checkpoint, Evaluation? Validation, bool Interrupted, IReadOnlyDictionary<string, string> Broken, double WaitingForData = 0);
