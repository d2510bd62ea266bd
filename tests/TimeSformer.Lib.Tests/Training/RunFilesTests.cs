using System.Buffers.Binary;
using System.Numerics;
using Tensorboard;

namespace TimeSformer.Tests.Training;

/// <summary>What a run leaves for people to read: TensorBoard event files, and the list of runs.</summary>
public sealed class RunFilesTests() : TrainingTests(videosPerClass: 1)
{
    [Fact]
    public void TensorBoards_own_types_read_the_values_back()
    {
        var log = new TensorBoardLog(folder.Path);
        Assert.Empty(Directory.GetFiles(folder.Path)); // none before the first value
        log.Add("train/loss", 0.25, step: 5);
        log.Add("validation/top1", 0.5, step: 300);
        var events = Events(Directory.GetFiles(folder.Path).Single()).ToList();
        Assert.Equal("brain.Event:2", events[0].FileVersion);
        Assert.Equal([(5, "train/loss", 0.25f), (300, "validation/top1", 0.5f)], events.SelectMany(Scalars));
        double now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        Assert.All(events.Skip(1), one => Assert.InRange(one.WallTime, now - 200, now + 200));
    }

    [Fact]
    public void Repeated_steps_and_a_truncated_record_are_dropped()
    {
        var log = new TensorBoardLog(folder.Path);
        for (int step = 1; step <= 4; step++) log.Add("train/loss", step, step);
        var path = Directory.GetFiles(folder.Path).Single();
        File.AppendAllText(path, "half a record");
        log.Forget(after: 4);
        Assert.Equal([1, 2, 3, 4], Events(path).SelectMany(Scalars).Select(scalar => scalar.Step));
        log.Forget(after: 2);
        log.Add("train/loss", 9, step: 3);
        Assert.Equal([(1, "train/loss", 1f), (2, "train/loss", 2f), (3, "train/loss", 9f)], Events(path).SelectMany(Scalars));
    }

    [Fact]
    public void The_event_files_of_a_resumed_run_hold_every_step_and_runs_are_listed()
    {
        var recipe = Recipe(epochs: 2);
        using var stop = new CancellationTokenSource();
        RunState? during = null;
        void Stop(TrainingProgress progress)
        {
            if (progress.Step < 2) return;
            during = RunSummary.Read(folder.File("runs/a"))!.State;
            stop.Cancel();
        }
        new Trainer(recipe, folder.File("runs/a")) { OnStep = Stop }.Run(stop.Token);
        var stopped = RunSummary.Read(folder.File("runs/a"))!;
        Assert.Equal((RunState.Running, RunState.Stopped), (during, stopped.State));
        Assert.Equal((0, 2L), (stopped.Epochs, stopped.Step));

        var result = Train(recipe, "runs/a");
        var files = Directory.GetFiles(folder.File("runs/a"), "events.out.tfevents.*").Order(StringComparer.Ordinal).ToList();
        Assert.Equal(2, files.Count);
        var scalars = files.SelectMany(Events).SelectMany(Scalars).ToLookup(scalar => scalar.Tag);
        Assert.Equal([1, 2, 3, 4], scalars["train/loss"].Select(scalar => scalar.Step));
        Assert.Equal([2, 4], scalars["validation/top1"].Select(scalar => scalar.Step));
        Assert.Equal([4], scalars["speed/clips_per_second"].Where(scalar => scalar.Value > 0).Select(scalar => scalar.Step));
        Assert.Equal((float)result.WaitingForData, scalars["speed/waiting_for_data"].Last().Value);
        Assert.Equal((float)result.Validation!.Loss, scalars["validation/loss"].Last().Value);

        Train(Recipe(epochs: 1, rate: 0.5), "runs/deep/b");
        File.WriteAllText(folder.File("runs/recipe.yaml"), "no: recipe");
        var runs = RunSummary.ReadAll(folder.File("runs"));
        Assert.Equal(
            [("a", RunState.Finished, 2, 4L, 2), ("b", RunState.Finished, 1, 2L, 1)],
            runs.Select(run => (Path.GetFileName(run.Folder), run.State, run.Epochs, run.Step, run.Accuracy.Count)));
        Assert.Equal(result.Validation!.Top1, runs[0].Accuracy[^1].Top1);
        var differences = RunSummary.Differences(runs);
        Assert.Equal(["training.epochs", "training.lr"], differences.Keys.Order());
        Assert.Equal(["2", "1"], differences["training.epochs"]);

        // A run with a damaged checkpoint is still a run.
        File.WriteAllText(Path.Combine(Checkpoint.Latest(folder.File("runs/deep/b"))!, "checkpoint.json"), "{");
        Assert.True(RunSummary.Read(folder.File("runs/deep/b")) is { Epochs: 0, Step: 2 });
    }

    [Fact]
    public void A_folder_without_runs_lists_none()
    {
        Assert.Empty(RunSummary.ReadAll(folder.Path));
        Assert.Empty(RunSummary.ReadAll(folder.File("none")));
        Assert.Null(RunSummary.Read(folder.Path));
    }

    private Recipe Recipe(int epochs, double rate = 1e-3) =>
        base.Recipe(new() { Epochs = epochs, BatchSize = 4, LearningRate = rate }) with { Data = Data with { NumFrames = 2 } };

    private static IEnumerable<(long Step, string Tag, float Value)> Scalars(Event one) =>
        (one.Summary?.Value ?? []).Select(value => (one.Step, value.Tag, value.SimpleValue));

    // Reads records as the published format defines them, and verifies their checksums.
    private static IEnumerable<Event> Events(string path)
    {
        using var reader = new BinaryReader(File.OpenRead(path));
        while (reader.BaseStream.Position < reader.BaseStream.Length)
        {
            byte[] Checked(int length)
            {
                var bytes = reader.ReadBytes(length);
                Assert.Equal(MaskedCrc(bytes), reader.ReadUInt32());
                return bytes;
            }
            yield return Event.Parser.ParseFrom(Checked((int)BinaryPrimitives.ReadInt64LittleEndian(Checked(8))));
        }
    }

    private static uint MaskedCrc(byte[] bytes) =>
        BitOperations.RotateRight(~bytes.Aggregate(uint.MaxValue, BitOperations.Crc32C), 15) + 0xA282EAD8;
}
