namespace TimeSformer.Tests.Training;

/// <summary>Runs that end when the validation loss does not fall any more.</summary>
public sealed class PatienceTests() : TrainingTests(videosPerClass: 1)
{
    // Without augmentation, a rate at which a tiny model soon learns its few videos by heart.
    private Recipe Recipe(int patience, int epochs = 40) => base.Recipe(new()
    {
        Epochs = epochs, BatchSize = 8, LearningRate = 3e-3, Optimizer = OptimizerKind.AdamW, Patience = patience,
    });

    [Fact]
    public void A_run_ends_after_so_many_evaluations_without_a_lower_loss_and_its_result_is_the_lowest()
    {
        var result = Train(Recipe(patience: 2), "a");
        var losses = ValidationLosses("a");
        int best = losses.IndexOf(losses.Min());
        Assert.InRange(losses.Count, 3, 39);
        Assert.Equal(2, losses.Count - 1 - best);
        // It would not have ended before.
        for (int k = 1; k < losses.Count - 1; k++)
        {
            Assert.True(losses.Take(k + 1).Min() < losses.Take(k - 1).DefaultIfEmpty(double.MaxValue).Min());
        }

        Assert.Equal(Checkpoint.Best(folder.File("a")), result.Checkpoint);
        Assert.Equal(losses[best], result.Validation!.Loss, 1e-12);
        Assert.Equal(RunState.Finished, RunSummary.Read(folder.File("a"))!.State);
        Assert.Equal(losses[best], Loss(result.Checkpoint), 1e-4);
        // What others make of the run is its best, too; resuming goes on from the newest.
        Assert.Equal(losses[best], Loss(folder.File("a")), 1e-4);
        Assert.Equal(losses.Count, Checkpoint.ReadResumePoint(folder.File("a")).Epoch);
        int steps = 0;
        var again = new Trainer(Recipe(patience: 2), folder.File("a")) { OnStep = _ => steps++ }.Run();
        Assert.Equal((0, result.Checkpoint), (steps, again.Checkpoint));
    }

    [Fact]
    public void An_interrupted_run_ends_with_the_best_of_one_that_was_not()
    {
        var whole = Train(Recipe(patience: 2), "whole");
        int last = ValidationLosses("whole").Count;
        TrainUntil(last - 1, Recipe(patience: 2), "broken");
        var resumed = Train(Recipe(patience: 2), "broken");
        Assert.Equal(ValidationLosses("whole"), ValidationLosses("broken"));
        AssertSameFile(whole.Checkpoint, resumed.Checkpoint);
    }

    [Fact]
    public void A_best_that_a_kill_prevented_is_made_up_for()
    {
        Train(Recipe(patience: 2, epochs: 1), "b");
        var best = File.ReadAllBytes(Path.Combine(Checkpoint.Best(folder.File("b")), "model.safetensors"));
        Directory.Delete(folder.File("b/best"), recursive: true);
        var result = Train(Recipe(patience: 2, epochs: 1), "b");
        Assert.Equal(folder.File("b/best"), result.Checkpoint);
        Assert.Equal(best, File.ReadAllBytes(Path.Combine(result.Checkpoint, "model.safetensors")));
    }

    [Fact]
    public void Without_patience_a_run_goes_on_to_its_last_epoch_and_keeps_no_best()
    {
        var result = Train(Recipe(patience: 0, epochs: 5), "a");
        Assert.Equal(5, ValidationLosses("a").Count);
        Assert.Equal(Checkpoint.Latest(folder.File("a")), result.Checkpoint);
        Assert.Equal(result.Checkpoint, Checkpoint.Best(folder.File("a")));
        Assert.Refused<CheckpointException>("no checkpoint here", () => Checkpoint.Best(folder.File("none")));
    }

    private List<double> ValidationLosses(string run) => [.. RunLog.Epochs(RunLog.Read(folder.File(run))).Select(epoch => epoch.ValLoss)];

    private double Loss(string checkpoint)
    {
        var (model, info) = Checkpoint.LoadModel(checkpoint);
        using (model) return Evaluator.Run(model, VideoList.Read(Data.Val), info.Clip, batchSize: 8, workers: 1, "cpu").Loss;
    }

    private static void AssertSameFile(string a, string b) => Assert.Equal(
        File.ReadAllBytes(Path.Combine(a, "model.safetensors")), File.ReadAllBytes(Path.Combine(b, "model.safetensors")));
}
