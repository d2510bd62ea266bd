using System.Diagnostics;

namespace TimeSformer.Tests.Training;

/// <summary>One process at a time, of all hosts that share a folder; what a process leaves that dies is taken over.</summary>
public sealed class FolderLockTests : FolderTests
{
    private static readonly TimeSpan silence = FolderLock.LongestSilence, second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_folder_is_locked_by_one_at_a_time()
    {
        using (var held = Take())
        {
            Assert.NotNull(held);
            Assert.Null(FolderLock.Take(folder.Path, TimeSpan.FromMilliseconds(300)));
            using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
            Assert.Throws<OperationCanceledException>(() => FolderLock.Take(folder.Path, Timeout.InfiniteTimeSpan, stop.Token));
            var holder = FolderLock.Holder(folder.Path)!;
            Assert.Equal((Environment.MachineName, Environment.ProcessId, true), (holder.Host, holder.Process, holder.IsRunning));
        }
        Assert.Null(FolderLock.Holder(folder.Path));
        using var again = Take();
        Assert.NotNull(again);
    }

    [Fact]
    public void Parts_of_a_folder_are_locked_apart_and_leave_no_files()
    {
        using (var one = FolderLock.Take(folder.Path, "one.lock", TimeSpan.Zero))
        using (var two = FolderLock.Take(folder.Path, "two.lock", TimeSpan.Zero))
        {
            Assert.True(one is not null && two is not null);
            Assert.Null(FolderLock.Take(folder.Path, "two.lock", TimeSpan.Zero));
        }
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Of_many_that_ask_at_once_one_gets_the_lock_even_if_its_owner_is_dead()
    {
        for (int round = 0; round < 20; round++)
        {
            Write(Dead());
            using var start = new Barrier(8);
            var locks = new FolderLock?[8];
            var threads = Enumerable.Range(0, 8).Select(k => new Thread(() =>
            {
                start.SignalAndWait();
                locks[k] = Take();
            })).ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());
            // None may get it at once: the one that removes the dead one's is still at it when the others ask.
            Assert.InRange(locks.Count(held => held is not null), 0, 1);
            using var last = locks.SingleOrDefault(held => held is not null) ?? Take();
            Assert.NotNull(last);
        }
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void The_lock_of_a_dead_process_of_this_host_is_taken_over_at_once()
    {
        Write(Dead());
        Assert.Null(FolderLock.Holder(folder.Path));
        using var held = Take();
        Assert.NotNull(held);
    }

    [Fact]
    public void A_process_that_got_a_dead_ones_number_does_not_hold_its_lock()
    {
        Write(LockOwner.New() with { Started = "1" });
        using var held = Take();
        Assert.NotNull(held);
    }

    [Fact]
    public void A_process_of_this_host_that_runs_keeps_its_lock_however_long_it_is_silent()
    {
        Write(LockOwner.New(), age: 10 * silence);
        Assert.Null(Take());
    }

    // The number is that of a process here; there, it is another's.
    [Theory, InlineData(true), InlineData(false)]
    public void A_lock_of_another_host_is_taken_over_only_once_it_is_stale(bool runsHere)
    {
        var foreign = (runsHere ? LockOwner.New() : Dead()) with { Host = "elsewhere", Space = "elsewhere" };
        Write(foreign, age: silence - (10 * second));
        Assert.Null(Take());
        var holder = FolderLock.Holder(folder.Path)!;
        Assert.Equal(("elsewhere", false), (holder.Host, holder.IsRunning));

        Write(foreign, age: silence + second);
        Assert.Null(FolderLock.Holder(folder.Path));
        using var held = Take();
        Assert.NotNull(held);
    }

    [Fact]
    public void A_file_whose_writer_died_before_its_first_byte_is_a_lock_until_it_is_stale()
    {
        folder.Write(".lock", "");
        Assert.Null(Take());
        Assert.Equal("an unknown host", FolderLock.Holder(folder.Path)!.Host);
        File.SetLastWriteTimeUtc(folder.File(".lock"), DateTime.UtcNow - silence - second);
        using var held = Take();
        Assert.NotNull(held);
    }

    [Fact]
    public void A_takeover_that_was_killed_in_the_middle_does_not_stop_the_next()
    {
        Write(Dead());
        File.WriteAllBytes(folder.File(".lock.removal"), Dead().ToBytes());
        using var held = FolderLock.Take(folder.Path, 5 * second);
        Assert.NotNull(held);
    }

    [Fact]
    public void A_lock_is_renewed_while_it_is_held()
    {
        using var held = Take();
        File.SetLastWriteTimeUtc(folder.File(".lock"), DateTime.UtcNow - (10 * silence));
        Assert.True(SpinWait.SpinUntil(() => FolderLock.Holder(folder.Path)!.Renewed > DateTime.UtcNow - silence, 20 * second));
        Assert.False(held!.Lost.IsCancellationRequested);
    }

    [Fact]
    public void A_trainer_whose_run_was_taken_over_ends_when_it_learns_of_it()
    {
        ProceduralVideos.Write(new(folder.File("data"), ProceduralFamily.Motion, TrainPerClass: 1, ValPerClass: 1));
        var recipe = new Recipe
        {
            Model = new() { Preset = "tiny" },
            Data = new() { Train = folder.File("data/train.txt"), NumFrames = 2, CropSize = 32, TrainJitterScales = [32, 36] },
            Training = new() { Epochs = 100_000, BatchSize = 8, CheckpointEverySteps = 0, KeepCheckpoints = 1 },
        };
        var run = folder.File("run");
        var other = LockOwner.New() with { Host = "elsewhere", Space = "elsewhere" };
        var trainer = new Trainer(recipe, run)
        {
            OnStep = progress =>
            {
                if (progress.Step == 2) File.WriteAllBytes(Path.Combine(run, ".lock"), other.ToBytes());
            },
        };
        Assert.Contains("another process took this run over", Assert.Throws<RunHeldException>(() => trainer.Run()).Message);
        Assert.Equal("elsewhere", FolderLock.Holder(run)!.Host);
    }

    [Fact]
    public void An_owner_whose_lock_was_taken_over_learns_of_it_and_leaves_the_new_one_alone()
    {
        var held = Take()!;
        Write(LockOwner.New() with { Host = "elsewhere", Space = "elsewhere" });
        var now = File.ReadAllBytes(folder.File(".lock"));
        Assert.True(held.Lost.WaitHandle.WaitOne(20 * second));
        held.Dispose();
        Assert.Equal(now, File.ReadAllBytes(folder.File(".lock")));
    }

    private FolderLock? Take() => FolderLock.Take(folder.Path, TimeSpan.Zero);

    private void Write(LockOwner owner, TimeSpan age = default)
    {
        File.WriteAllBytes(folder.File(".lock"), owner.ToBytes());
        File.SetLastWriteTimeUtc(folder.File(".lock"), DateTime.UtcNow - age);
    }

    // A process of this host that has ended.
    private static LockOwner Dead()
    {
        using var process = Process.Start("true");
        process.WaitForExit();
        return LockOwner.New() with { Process = process.Id };
    }
}
