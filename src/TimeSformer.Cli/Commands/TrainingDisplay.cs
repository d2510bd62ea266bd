namespace TimeSformer.Cli.Commands;

/// <summary>Shows a training run on standard error: a bar if a person watches, else a line every ten seconds.</summary>
internal sealed class TrainingDisplay
{
    private static readonly TimeSpan interval = TimeSpan.FromSeconds(10);

    private readonly string prefix;
    private readonly ProgressTask? bar;
    private DateTime lastLine;

    private TrainingDisplay(string? name, ProgressTask? bar) => (prefix, this.bar) = (name is null ? "" : $"{name}: ", bar);

    /// <summary>Does work that receives a function to start the display of a run, under a name if there are several.</summary>
    public static T During<T>(Func<Func<string?, TrainingDisplay>, T> work)
    {
        if (!Terminal.IsWatched) return work(name => new(name, null));
        var description = new TaskDescriptionColumn { Alignment = Justify.Left };
        return Terminal.Error.Progress()
            .Columns(new SpinnerColumn(), description, new ProgressBarColumn(), new PercentageColumn())
            .Start(context => work(name => new(name, context.AddTask(Markup.Escape(name ?? "starting")))));
    }

    /// <summary>Shows the state after a step.</summary>
    public void Step(TrainingProgress progress)
    {
        var left = progress.Remaining;
        var text = $"epoch {progress.Epoch + 1}/{progress.Epochs}  step {progress.Step}/{progress.Steps}  loss {progress.Loss:0.000}  "
            + $"{progress.ClipsPerSecond:0} clips/s  {(int)left.TotalHours}:{left:mm\\:ss} left  "
            + $"waiting for data {progress.WaitingForData:P0}";
        if (bar is not null)
        {
            bar.MaxValue = progress.Steps;
            bar.Value = progress.Step;
        }
        Show(text, isLast: progress.Step == progress.Steps);
    }

    /// <summary>Shows how far an evaluation is.</summary>
    public void Evaluating(int done, int videos) => Show($"evaluating: {done}/{videos} videos", isLast: false);

    // Beside the bar or, from time to time, as a line.
    private void Show(string text, bool isLast)
    {
        if (bar is not null) bar.Description = Markup.Escape(prefix + text);
        else if (DateTime.UtcNow - lastLine >= interval || isLast)
        {
            lastLine = DateTime.UtcNow;
            Say(text);
        }
    }

    /// <summary>Shows the evaluation after an epoch, which counts from 0.</summary>
    public void Epoch(int epoch, Evaluation evaluation) => Say($"epoch {epoch + 1}: {Describe(evaluation)}");

    /// <summary>Shows a message, above the bars if there are any.</summary>
    public void Say(string message)
    {
        if (bar is null) Console.Error.WriteLine(prefix + message);
        else Terminal.Error.WriteLine(prefix + message);
    }

    /// <summary>An evaluation in one line.</summary>
    public static string Describe(Evaluation evaluation) =>
        $"validation accuracy@1 {evaluation.Top1:P1}, @5 {evaluation.Top5:P1}, loss {evaluation.Loss:0.000}, {evaluation.Clips} clips";
}
