using Spectre.Console;
using TimeSformer.Training;

namespace TimeSformer.Cli.Commands;

/// <summary>Shows a run on standard error: a bar with rate and time left where a person watches, else a line now and then.</summary>
internal static class TrainingDisplay
{
    private static readonly TimeSpan lineEvery = TimeSpan.FromSeconds(10);

    /// <summary>Runs `train` with a display of what it reports.</summary>
    public static TrainingResult Run(Func<Action<TrainingProgress>, Action<int, Evaluation>, TrainingResult> train) =>
        Terminal.IsWatched ? WithBar(train) : WithLines(train);

    private static TrainingResult WithBar(Func<Action<TrainingProgress>, Action<int, Evaluation>, TrainingResult> train) =>
        Terminal.Error.Progress()
            .AutoClear(false)
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .Start(context =>
            {
                var task = context.AddTask("starting");
                return train(
                    progress =>
                    {
                        task.MaxValue = progress.Steps;
                        task.Value = progress.Step;
                        task.Description = Markup.Escape(Describe(progress));
                    },
                    (epoch, evaluation) => Terminal.Error.MarkupLineInterpolated($"epoch {epoch + 1}: {Describe(evaluation)}"));
            });

    private static TrainingResult WithLines(Func<Action<TrainingProgress>, Action<int, Evaluation>, TrainingResult> train)
    {
        var last = DateTime.MinValue;
        return train(
            progress =>
            {
                if (DateTime.UtcNow - last < lineEvery && progress.Step < progress.Steps) return;
                last = DateTime.UtcNow;
                Console.Error.WriteLine(Describe(progress));
            },
            (epoch, evaluation) => Console.Error.WriteLine($"epoch {epoch + 1}: {Describe(evaluation)}"));
    }

    /// <summary>Accuracies as people read them.</summary>
    public static string Describe(Evaluation evaluation) =>
        FormattableString.Invariant($"validation accuracy@1 {evaluation.Top1:P1}, @5 {evaluation.Top5:P1}, loss {evaluation.Loss:0.000}, {evaluation.Clips} clips");

    private static string Describe(TrainingProgress progress) => FormattableString.Invariant(
        $"epoch {progress.Epoch + 1}/{progress.Epochs}  step {progress.Step}/{progress.Steps}  loss {progress.Loss:0.000}  {progress.ClipsPerSecond:0} clips/s  {(int)progress.Remaining.TotalHours}:{progress.Remaining:mm\\:ss} left  waiting for data {progress.WaitingForData:P0}");
}
