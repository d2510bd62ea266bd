using System.Diagnostics;

namespace TimeSformer.Bench.Fuzz;

/// <summary>
/// Reads damaged files. A reader may throw documented exceptions alone, within a time and an amount of memory, and leaves no file behind.
/// </summary>
/// <param name="seed">With a target and a number, it determines an input.</param>
/// <param name="folder">Where inputs that fail are kept.</param>
internal sealed class Fuzzer(FuzzTarget target, int seed, string folder)
{
    /// <summary>What the managed code of a reader may allocate in total: an input has a megabyte at most.</summary>
    public const long MaxBytes = 256L << 20;

    private const int MaxFailures = 20;

    // A million files would wear out a disk.
    private static readonly string memory = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    private readonly Mutator mutator = new(target.Seeds, target.Words);
    private readonly List<FuzzFailure> failures = [];
    // An input that ends the process stays here until the next run.
    private readonly string working =
        Path.Combine(memory, "timesformer-fuzz", string.Join('_', folder.Split(Path.GetInvalidFileNameChars())), target.Name);

    private long accepted, refused, since;

    /// <summary>Reads the inputs from number 0 on until the time is over, or there are too many failures.</summary>
    public FuzzReport Run(long inputs, TimeSpan time, CancellationToken cancel)
    {
        var started = Stopwatch.StartNew();
        During(() =>
        {
            for (long k = 0; k < inputs && (time < TimeSpan.Zero || started.Elapsed < time) && failures.Count < MaxFailures; k++)
            {
                cancel.ThrowIfCancellationRequested();
                target.Write(Path.Combine(working, target.FileName), mutator.Next(RandomOf(k)));
                Try($"{target.Name}-{seed}-{k}-{target.FileName}");
            }
        });
        return new(target.Name, seed, accepted, refused, failures);
    }

    /// <summary>Reads one file.</summary>
    public FuzzReport Replay(string file)
    {
        During(() =>
        {
            File.Copy(file, Path.Combine(working, target.FileName), overwrite: true);
            Try(Path.GetFileName(file));
        });
        return new(target.Name, seed, accepted, refused, failures);
    }

    // The same in every process, unlike .NET's hash codes.
    private Random RandomOf(long input) =>
        new($"{target.Name} {seed} {input}".Aggregate(17, (hash, letter) => unchecked((hash * 31) + letter)));

    // Readers run on a thread that is left alone if one hangs, in an empty folder.
    private void During(Action read)
    {
        var before = Environment.CurrentDirectory;
        KeepLeftOver("an earlier process ended while it was read");
        Directory.CreateDirectory(working);
        foreach (var (name, content) in target.Beside) File.WriteAllBytes(Path.Combine(working, name), content);
        Environment.CurrentDirectory = working;
        Exception? failed = null;
        var thread = new Thread(Guarded) { IsBackground = true };
        try
        {
            thread.Start();
            while (!thread.Join(100))
            {
                long start = Volatile.Read(ref since);
                if (start == 0 || Environment.TickCount64 - start < target.Limit.TotalMilliseconds) continue;
                KeepLeftOver($"no end within {target.Limit.TotalSeconds} s; the inputs after it were not tried");
                return;
            }
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
        Clear();
        if (failed is not null) throw failed;

        void Guarded()
        {
            try
            {
                read();
            }
            catch (Exception error)
            {
                failed = error;
            }
        }
    }

    private void Try(string name)
    {
        var path = Path.Combine(working, target.FileName);
        var (isAccepted, cause) = (false, (string?)null);
        long allocated = GC.GetAllocatedBytesForCurrentThread(), start = Environment.TickCount64;
        Volatile.Write(ref since, start);
        try
        {
            target.Read(path);
            isAccepted = true;
        }
        catch (Exception error) when (target.MayThrow(error))
        {
        }
        catch (Exception error)
        {
            var place = error.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains(" in "));
            cause = $"{error.GetType().Name}: {error.Message}{place}";
        }
        Volatile.Write(ref since, 0);
        double seconds = (Environment.TickCount64 - start) / 1000.0;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        if (seconds > target.Limit.TotalSeconds) cause ??= $"it took {seconds:0} s";
        if (allocated > MaxBytes) cause ??= $"it allocated {allocated >> 20} MiB";
        foreach (var left in Directory.GetFileSystemEntries(working))
        {
            var file = Path.GetFileName(left);
            if (file == target.FileName || target.Beside.ContainsKey(file)) continue;
            cause ??= $"it left {file} behind";
            File.Delete(left);
        }
        if (cause is not null) failures.Add(new(cause.ReplaceLineEndings(" "), Keep(name)));
        else if (isAccepted) accepted++;
        else refused++;
    }

    private string Keep(string name)
    {
        Directory.CreateDirectory(folder);
        var kept = Path.Combine(folder, name);
        File.Copy(Path.Combine(working, target.FileName), kept, overwrite: true);
        return kept;
    }

    // An input that is still there ended an earlier process, or hangs.
    private void KeepLeftOver(string cause)
    {
        if (!File.Exists(Path.Combine(working, target.FileName))) return;
        failures.Add(new(cause, Keep($"{target.Name}-{Guid.NewGuid():N}-{target.FileName}")));
        Clear();
    }

    private void Clear()
    {
        Directory.Delete(working, recursive: true);
        var above = Path.GetDirectoryName(working)!;
        if (!Directory.EnumerateFileSystemEntries(above).Any()) Directory.Delete(above);
    }
}
