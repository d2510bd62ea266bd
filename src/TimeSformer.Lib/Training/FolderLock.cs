using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace TimeSformer.Training;

/// <summary>A run that this process cannot do, because another does it. The message is one line.</summary>
public sealed class RunHeldException(string message) : IOException(message);

/// <summary>
/// A folder, or a part of it, in which one process works at a time, of all the hosts that share the folder. The lock is a file that is
/// created exclusively, which is atomic on network file systems, too, where flock is not reliable. Its owner renews it every five
/// seconds. A lock whose owner is gone is taken over: at once if that was on this host, else once it has not been renewed for
/// <see cref="LongestSilence"/>, by the clock of the file system, as the clocks of hosts differ.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    /// <summary>How long an owner on another host may be silent.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(2);

    private const string DefaultName = ".lock";
    private const int LongestOwner = 4096;
    private const int Exists = 17, WindowsExists = unchecked((int)0x80070050); // EEXIST, ERROR_FILE_EXISTS

    private static readonly TimeSpan renewal = TimeSpan.FromSeconds(5), interval = TimeSpan.FromMilliseconds(500);

    private readonly string path;
    private readonly LockOwner owner;
    private readonly CancellationTokenSource lost = new();
    private readonly Lock renewing = new();
    private readonly Timer timer;

    private FolderLock(string path, LockOwner owner)
    {
        (this.path, this.owner) = (path, owner);
        timer = new(_ => Renew(), null, renewal, renewal);
    }

    /// <summary>Cancelled if another host took the lock over, because this process was suspended or cut off for too long.</summary>
    public CancellationToken Lost => lost.Token;

    /// <summary>Throws if <see cref="Lost"/>.</summary>
    /// <param name="run">The run's name, for the message.</param>
    /// <exception cref="RunHeldException">Another process has the lock.</exception>
    public void RequireHeld(string run)
    {
        if (!lost.IsCancellationRequested) return;
        var silence = $"{LongestSilence.TotalMinutes:0} minutes";
        throw new RunHeldException($"{run}: another process took this run over, because this one was not heard of for {silence}");
    }

    /// <summary>Locks a folder.</summary>
    /// <inheritdoc cref="Take(string, string, TimeSpan, CancellationToken)"/>
    public static FolderLock? Take(string folder, TimeSpan atMost, CancellationToken cancel = default) =>
        Take(folder, DefaultName, atMost, cancel);

    /// <summary>Locks a part of a folder; waits while another process holds the lock.</summary>
    /// <param name="folder">The folder, which is created if it does not exist.</param>
    /// <param name="name">The lock's file.</param>
    /// <param name="atMost">How long to wait, possibly without end.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <returns>The lock, held until it is disposed; null if the time is over.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static FolderLock? Take(string folder, string name, TimeSpan atMost, CancellationToken cancel = default)
    {
        Directory.CreateDirectory(folder);
        var (path, owner, clock) = (Path.Combine(folder, name), LockOwner.New(), Stopwatch.StartNew());
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            if (TryCreate(path, owner)) return new(path, owner);
            if (State.Read(path) is { } held && held.IsAbandoned(path) && TryRemove(path, held)) continue;
            if (atMost != Timeout.InfiniteTimeSpan && clock.Elapsed >= atMost) return null;
            cancel.WaitHandle.WaitOne(interval);
        }
    }

    /// <summary>Who holds a lock; null if it is free or its owner is gone.</summary>
    public static LockHolder? Holder(string folder, string name = DefaultName)
    {
        var path = Path.Combine(folder, name);
        if (State.Read(path) is not { } held || IsAbandoned()) return null;
        var (owner, renewed) = held;
        return owner is null ? new("an unknown host", 0, renewed, false) : new(owner.Host, owner.Process, renewed, owner.IsHere);

        bool IsAbandoned()
        {
            try
            {
                return held.IsAbandoned(path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return DateTime.UtcNow - held.Renewed > LongestSilence; // who only looks may not be allowed to write there
            }
        }
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose()
    {
        lock (renewing)
        {
            timer.Dispose();
            if (State.Read(path)?.Owner == owner) File.Delete(path);
        }
    }

    private void Renew()
    {
        lock (renewing)
        {
            try
            {
                using var file = State.Open(path, FileAccess.ReadWrite);
                // Written over itself: readers always find it whole, and the file system notes its own time.
                if (file is not null && State.Of(file).Owner == owner) RandomAccess.Write(file, owner.ToBytes(), 0);
                else lost.Cancel();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Next time; if that is too late, another process's lock is found here.
            }
        }
    }

    private static bool TryCreate(string path, LockOwner owner)
    {
        SafeFileHandle file;
        try
        {
            file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, State.Share);
        }
        catch (IOException error) when (error.HResult is Exists or WindowsExists)
        {
            return false;
        }
        using (file)
        {
            try
            {
                RandomAccess.Write(file, owner.ToBytes(), 0);
                return true;
            }
            catch (IOException) // a full disk
            {
                File.Delete(path);
                throw;
            }
        }
    }

    // Of several that find a lock abandoned, the one that creates a second file removes it: else the next might remove its successor's.
    private static bool TryRemove(string path, State abandoned)
    {
        var removal = path + ".removal";
        if (!TryCreate(removal, LockOwner.New()))
        {
            if (State.Read(removal) is { } other && other.IsAbandoned(removal)) File.Delete(removal);
            return false;
        }
        try
        {
            if (State.Read(path) != abandoned) return false;
            File.Delete(path);
            return true;
        }
        finally
        {
            File.Delete(removal);
        }
    }

    // A lock's file as it was found. It has no owner between its creation and its first bytes.
    private sealed record State(LockOwner? Owner, DateTime Renewed)
    {
        public const FileShare Share = FileShare.ReadWrite | FileShare.Delete;

        // Null if there is none.
        public static State? Read(string path)
        {
            using var file = Open(path, FileAccess.Read);
            return file is null ? null : Of(file);
        }

        // Null if there is none. Opening it makes network file systems ask for its present time.
        public static SafeFileHandle? Open(string path, FileAccess access)
        {
            try
            {
                return File.OpenHandle(path, FileMode.Open, access, Share);
            }
            catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
            {
                return null;
            }
        }

        public static State Of(SafeFileHandle file)
        {
            Span<byte> text = stackalloc byte[LongestOwner];
            int count = RandomAccess.Read(file, text, 0);
            return new(LockOwner.Parse(text[..count]), File.GetLastWriteTimeUtc(file));
        }

        public bool IsAbandoned(string path) => Owner is { IsHere: true } ? !Owner.IsRunning : Now(path) - Renewed > LongestSilence;

        // The file system's clock, as the time of a file that is written now.
        private static DateTime Now(string path)
        {
            using var file = File.OpenHandle(
                $"{path}.{Guid.NewGuid():N}", FileMode.CreateNew, FileAccess.ReadWrite, options: FileOptions.DeleteOnClose);
            RandomAccess.Write(file, "now"u8, 0);
            return File.GetLastWriteTimeUtc(file);
        }
    }
}
