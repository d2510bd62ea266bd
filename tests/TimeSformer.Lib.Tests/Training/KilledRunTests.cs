namespace TimeSformer.Tests.Training;

/// <summary>
/// Whenever a run is killed, resuming it completes the log of an uninterrupted run: every step and validation once, with the same numbers.
/// </summary>
public sealed class KilledRunTests : TrainingTests
{
    private readonly string[] whole;

    public KilledRunTests() : base(videosPerClass: 2) // two steps per epoch
    {
        Train(TwoEpochs, "whole");
        whole = Log("whole");
        Assert.Equal([(1, 0, false), (2, 0, false), (2, 0, true), (3, 1, false), (4, 1, false), (4, 1, true)], whole.Select(Entry));
    }

    private Recipe TwoEpochs => Recipe(new() { Epochs = 2, BatchSize = 8, LearningRate = 1e-3, CheckpointEverySteps = 1 }) with
    {
        Data = Data with { NumFrames = 2, NumWorkers = 0, RandomFlip = true, CacheMegabytes = 0 },
    };

    [Theory, InlineData(0), InlineData(1)]
    public void Killed_between_an_evaluation_and_its_checkpoint(int epoch)
    {
        KillAfterEvaluation(epoch);
        AssertResumesToWhole();
    }

    [Theory, InlineData(0), InlineData(1)]
    public void Killed_after_evaluating_an_epoch_that_was_interrupted_at_its_last_step(int epoch)
    {
        TrainUntil(2 * (epoch + 1), TwoEpochs, "run");
        for (int times = 0; times < 2; times++) KillAfterEvaluation(epoch);
        Assert.Equal(whole[..(3 * (epoch + 1))], Log("run"));
        AssertResumesToWhole();
    }

    [Fact]
    public void Killed_while_the_log_of_a_resumed_run_is_truncated()
    {
        KillAfterEvaluation(0);
        File.WriteAllText(folder.File("run/log.jsonl.partial"), whole[0][..10]);
        AssertResumesToWhole();
    }

    [Fact]
    public void Killed_while_the_checkpoint_of_an_epoch_replaces_that_of_its_last_step()
    {
        var interrupted = TrainUntil(2, TwoEpochs, "run").Checkpoint;
        KillAfterEvaluation(0);
        // The new checkpoint is written but not renamed yet; the old one has already been moved away.
        Directory.CreateDirectory(interrupted + ".partial");
        Directory.Move(interrupted, interrupted + ".replaced");
        Assert.Equal(2, Checkpoint.ReadResumePoint(folder.File("run")).Step);
        AssertResumesToWhole();
        var checkpoints = Directory.GetDirectories(folder.File("run")).Select(Path.GetFileName).Order();
        Assert.Equal(["checkpoint-00000003", "checkpoint-00000004"], checkpoints);
    }

    private void KillAfterEvaluation(int epoch) => Assert.Throws<InvalidOperationException>(() => new Trainer(TwoEpochs, folder.File("run"))
    {
        OnEpoch = (done, _) => { if (done == epoch) throw new InvalidOperationException("killed"); },
    }.Run());

    private void AssertResumesToWhole()
    {
        Train(TwoEpochs, "run");
        Assert.Equal(whole, Log("run"));
        Assert.Equal(LastWeights("whole"), LastWeights("run"));
    }

    private byte[] LastWeights(string run) => File.ReadAllBytes(folder.File($"{run}/checkpoint-00000004/model.safetensors"));

    private string[] Log(string run) => File.ReadAllLines(folder.File($"{run}/log.jsonl"));

    private static (int Step, int Epoch, bool Validation) Entry(string line)
    {
        var entry = JsonNode.Parse(line)!.AsObject();
        return ((int)entry["step"]!, (int)entry["epoch"]!, entry.ContainsKey("validation"));
    }
}
