using System.Diagnostics;
using TimeSformer.Experiments;

namespace TimeSformer.Cli.Commands;

/// <summary>The runs that the jobs of a host may still do, while those of other hosts do some of them.</summary>
internal sealed class StudyQueue(StudyRunner runner, IEnumerable<StudyRun> runs)
{
    private static readonly TimeSpan interval = TimeSpan.FromSeconds(1);

    // Enough for the jobs of a study that was just killed to save their checkpoints and end.
    private static readonly TimeSpan watch = TimeSpan.FromSeconds(10);

    private readonly List<StudyRun> waiting = [.. runs];

    /// <summary>
    /// The next run that is neither done nor held by another process; null if there is none, or on cancellation. If all are held, their
    /// holders are watched until each of them has given a sign of life: the runs of those that end or are dead become free.
    /// </summary>
    public StudyRun? Next(CancellationToken cancel)
    {
        var (seen, clock) = (new Dictionary<string, LockHolder>(), Stopwatch.StartNew());
        while (!cancel.IsCancellationRequested)
        {
            lock (waiting)
            {
                waiting.RemoveAll(run => runner.Find(run) is not null);
                var free = waiting.FirstOrDefault(run => runner.Holder(run) is null);
                if (free is null && waiting.TrueForAll(IsAlive)) return null;
                if (free is not null && waiting.Remove(free)) return free;
            }
            cancel.WaitHandle.WaitOne(interval);
        }
        return null;

        bool IsAlive(StudyRun run) => runner.Holder(run) is { } holder && clock.Elapsed >= watch
            && (holder.IsRunning || (!seen.TryAdd(run.Name, holder) && seen[run.Name].Renewed != holder.Renewed));
    }

    /// <summary>Puts back a run that another process began at the same moment.</summary>
    public void Return(StudyRun run)
    {
        lock (waiting) waiting.Add(run);
    }
}
