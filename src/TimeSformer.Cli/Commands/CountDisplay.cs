using Spectre.Console;

namespace TimeSformer.Cli.Commands;

/// <summary>Shows on standard error how many of a known number of things are done: a bar where a person watches, else a line now and then.</summary>
internal static class CountDisplay
{
    private static readonly TimeSpan lineEvery = TimeSpan.FromSeconds(10);

    /// <summary>Does `work`, which reports the number done so far, from any thread.</summary>
    public static void Run(string what, int total, Action<IProgress<int>> work)
    {
        if (!Terminal.IsWatched)
        {
            var last = DateTime.UtcNow;
            work(new Progress(count =>
            {
                if (DateTime.UtcNow - last < lineEvery) return;
                last = DateTime.UtcNow;
                Console.Error.WriteLine($"{count}/{total} {what}");
            }));
            return;
        }
        Terminal.Error.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).Start(context =>
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
