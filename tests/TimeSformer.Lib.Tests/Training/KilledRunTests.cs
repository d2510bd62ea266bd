using System.Text.Json.Nodes;
using TimeSformer.Checkpoints;
using TimeSformer.Data;
using TimeSformer.Training;

namespace TimeSformer.Tests.Training;

/// <summary>Whenever a run is killed, gone on with it has the log of one that never was: each step and each validation once, the same numbers.</summary>
public sealed class KilledRunTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string[] whole;

    public KilledRunTests()
    {
        ProceduralVideos.Write(new(folder.File("data"), ProceduralFamily.Motion, TrainPerClass: 2, ValPerClass: 1));
        new Trainer(Recipe, folder.File("whole")).Run();
        whole = Log("whole");
        Assert.Equal([(1, 0, false), (2, 0, false), (2, 0, true), (3, 1, false), (4, 1, false), (4, 1, true)], whole.Select(Entry));
    }

    public void Dispose() => folder.Dispose();

    // Two steps an epoch.
    private Recipe Recipe => new()
    {
        Model = new() { Preset = "tiny", DropPathRate = 0.2, DropRate = 0.1 },
        Data = new() { Train = folder.File("data/train.txt"), Val = folder.File("data/val.txt"), NumFrames = 2, SamplingRate = 4, CropSize = 32, TrainJitterScales = [32, 40], NumWorkers = 0 },
        Training = new() { Epochs = 2, BatchSize = 8, LearningRate = 1e-3, Steps = [0], StepFactors = [1], CheckpointEverySteps = 1 },
    };

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void After_an_evaluation_before_its_checkpoint(int epoch)
    {
        KilledAfterEvaluation(epoch);
        AssertWhole();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void After_the_evaluation_of_an_epoch_that_was_interrupted_at_its_last_step(int epoch)
    {
        using var stop = new CancellationTokenSource();
        new Trainer(Recipe, folder.File("run")) { OnStep = progress => { if (progress.Step == 2 * (epoch + 1)) stop.Cancel(); } }.Run(stop.Token);
        for (int times = 0; times < 2; times++) KilledAfterEvaluation(epoch);
        Assert.Equal(whole[..(3 * (epoch + 1))], Log("run"));
        AssertWhole();
    }

    [Fact]
    public void While_the_log_of_a_run_that_goes_on_is_cut_back()
    {
        KilledAfterEvaluation(0);
        File.WriteAllText(folder.File("run/log.jsonl.partial"), whole[0][..10]);
        AssertWhole();
    }

    [Fact]
    public void While_the_checkpoint_of_an_epochs_end_takes_the_place_of_the_one_of_its_last_step()
    {
        using var stop = new CancellationTokenSource();
        var interrupted = new Trainer(Recipe, folder.File("run")) { OnStep = progress => { if (progress.Step == 2) stop.Cancel(); } }.Run(stop.Token).Checkpoint;
        KilledAfterEvaluation(0);
        // The new one is written but does not bear the name yet; the old one does not any more.
        Directory.CreateDirectory(interrupted + ".partial");
        Directory.Move(interrupted, interrupted + ".replaced");
        Assert.Equal(2, Checkpoint.ReadResumePoint(folder.File("run")).Step);
        AssertWhole();
        Assert.Equal(["checkpoint-00000003", "checkpoint-00000004"], Directory.GetDirectories(folder.File("run")).Select(Path.GetFileName).Order());
    }

    private void KilledAfterEvaluation(int epoch) => Assert.Throws<InvalidOperationException>(() => new Trainer(Recipe, folder.File("run"))
    {
        OnEpoch = (done, _) => { if (done == epoch) throw new InvalidOperationException("killed"); },
    }.Run());

    private void AssertWhole()
    {
        new Trainer(Recipe, folder.File("run")).Run();
        Assert.Equal(whole, Log("run"));
        Assert.Equal(File.ReadAllBytes(folder.File("whole/checkpoint-00000004/model.safetensors")), File.ReadAllBytes(folder.File("run/checkpoint-00000004/model.safetensors")));
    }

    private string[] Log(string run) => File.ReadAllLines(folder.File($"{run}/log.jsonl"));

    private static (int Step, int Epoch, bool Validation) Entry(string line)
    {
        var entry = JsonNode.Parse(line)!.AsObject();
        return ((int)entry["step"]!, (int)entry["epoch"]!, entry.ContainsKey("validation"));
    }
}
