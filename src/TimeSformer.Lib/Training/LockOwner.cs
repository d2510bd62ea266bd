using System.Text.Json;

namespace TimeSformer.Training;

/// <summary>A process that holds a lock.</summary>
/// <param name="Host">The name of its host.</param>
/// <param name="Process">Its number there.</param>
/// <param name="Renewed">When it last renewed the lock, by the clock of the file system.</param>
/// <param name="IsRunning">Whether it was seen running, on this host; of another's nothing is known between two renewals.</param>
public sealed record LockHolder(string Host, int Process, DateTime Renewed, bool IsRunning)
{
    /// <inheritdoc/>
    public override string ToString() => $"process {Process} on {Host}";
}

/// <summary>What a lock's file says of the process that made it.</summary>
/// <param name="Id">Of this lock, never the same again.</param>
/// <param name="Host">The host's name, for people.</param>
/// <param name="Process">The process.</param>
/// <param name="Started">When it started: another process may get its number.</param>
/// <param name="Space">Where the number means something: the start of a system, its processes that see each other, and a user.</param>
internal sealed record LockOwner(string Id, string Host, int Process, string? Started, string Space)
{
    private static readonly JsonSerializerOptions json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private static readonly string space = ThisSpace();

    /// <summary>This process, as the owner of a new lock.</summary>
    public static LockOwner New() =>
        new($"{Guid.NewGuid():N}", Environment.MachineName, Environment.ProcessId, StartOf(Environment.ProcessId), space);

    /// <summary>Whether its process is one that can be seen from here.</summary>
    public bool IsHere => Space == space;

    /// <summary>Whether its process, one of those that can be seen from here, still runs.</summary>
    public bool IsRunning => StartOf(Process) is { } started && started == Started;

    /// <summary>Reads what <see cref="ToBytes"/> wrote; null if it is something else, such as the beginning of it.</summary>
    public static LockOwner? Parse(ReadOnlySpan<byte> text)
    {
        try
        {
            return JsonSerializer.Deserialize<LockOwner>(text, json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A line of JSON.</summary>
    public byte[] ToBytes() => [.. JsonSerializer.SerializeToUtf8Bytes(this, json), (byte)'\n'];

    // Containers have process numbers of their own, and some systems show a user's processes to that user alone.
    private static string ThisSpace()
    {
        const string Boot = "/proc/sys/kernel/random/boot_id";
        var system = File.Exists(Boot)
            ? $"{File.ReadAllText(Boot).Trim()} {new FileInfo("/proc/self/ns/pid").LinkTarget}"
            : Environment.MachineName;
        return $"{system} {Environment.UserName}";
    }

    // Null if there is no such process.
    private static string? StartOf(int process)
    {
        try
        {
            if (!OperatingSystem.IsLinux()) return $"{System.Diagnostics.Process.GetProcessById(process).StartTime.ToUniversalTime():O}";
            // proc(5): after the name, in parentheses, come the state and, 19 fields on, the start in ticks since the system's own.
            var stat = File.ReadAllText($"/proc/{process}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : fields[19];
        }
        catch (Exception error) when (error is IOException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
