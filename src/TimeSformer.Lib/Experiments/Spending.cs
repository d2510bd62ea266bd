using System.Diagnostics;
using System.Text.Json;

namespace TimeSformer.Experiments;

/// <summary>Time and energy that a run has taken.</summary>
/// <param name="Seconds">Wall time.</param>
/// <param name="Joules">
/// Of the processor packages and GPUs, whatever else ran on them meanwhile; null where the machine does not tell.
/// </param>
public sealed record Spent(double Seconds, double? Joules);

/// <summary>
/// Measures what a run takes, over all the processes that work on it: noted in its folder every ten seconds, so that one that is killed
/// counts too.
/// </summary>
internal sealed class Spending : IDisposable
{
    private const string FileName = "spent.json";

    private static readonly TimeSpan interval = TimeSpan.FromSeconds(10);

    private readonly string path;
    private readonly Spent before;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly EnergyMeter energy = new();
    private readonly Lock measuring = new();
    private readonly Timer timer;

    public Spending(string run)
    {
        path = Path.Combine(run, FileName);
        before = Read() ?? new(0, 0);
        timer = new(_ => Note(), null, interval, interval);
    }

    /// <summary>All that was spent so far.</summary>
    public Spent Total
    {
        get
        {
            lock (measuring) return new(before.Seconds + clock.Elapsed.TotalSeconds, before.Joules + energy.Joules);
        }
    }

    public void Dispose()
    {
        timer.Dispose();
        Note();
    }

    private void Note()
    {
        lock (measuring)
        {
            if (!Directory.Exists(Path.GetDirectoryName(path))) return; // the run has not begun
            try
            {
                WholeFile.Write(path, partial => File.WriteAllText(partial, JsonSerializer.Serialize(Total)));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // The next note may succeed; a run does not end for its account.
            }
        }
    }

    private Spent? Read()
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<Spent>(File.ReadAllText(path)) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
