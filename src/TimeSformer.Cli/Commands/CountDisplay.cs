namespace TimeSformer.Cli.Commands;

/// <summary>Shows the progress of counted work on standard error: a bar if a person watches, else a line every ten seconds.</summary>
internal static class CountDisplay
{
    private static readonly TimeSpan interval = TimeSpan.FromSeconds(10);

    /// <summary>Does `work`, which reports the number done so far, from any thread.</summary>
    public static void Run(string what, int total, Action<IProgress<int>> work)
    {
        if (!Terminal.IsWatched)
        {
            var last = DateTime.UtcNow;
            work(new Progress(count =>
            {
                if (DateTime.UtcNow - last < interval) return;
                last = DateTime.UtcNow;
                Console.Error.WriteLine($"{count}/{total} {what}");
            }));
            return;
        }
        Terminal.Error.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                var task = context.AddTask(what, maxValue: total);
                work(new Progress(count => task.Value = count));
            });
    }

    // System.Progress<T> reports on other threads, out of order.
    private sealed class Progress(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}
