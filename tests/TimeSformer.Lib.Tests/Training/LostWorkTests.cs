namespace TimeSformer.Tests.Training;

/// <summary>Nothing is found late, and nothing is lost.</summary>
public sealed class LostWorkTests : FolderTests
{
    public LostWorkTests() =>
        ProceduralVideos.Write(new(folder.File("data"), ProceduralFamily.Motion, TrainPerClass: 1, ValPerClass: 1));

    [Fact]
    public void A_wrong_validation_label_is_found_before_the_first_step()
    {
        File.AppendAllText(folder.File("data/val.txt"), "videos/val_00000.mp4 99\n");
        var error = Assert.Throws<InputException>(() => new Trainer(Recipe(1), folder.File("run")) { OnStep = _ => Assert.Fail() }.Run());
        Assert.Contains("label 99", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_of_the_epoch_is_there_when_its_evaluation_fails()
    {
        File.WriteAllText(folder.File("data/val.txt"), "none.mp4 0\n");
        var error = Assert.Throws<InputException>(() => new Trainer(Recipe(1), folder.File("run")).Run());
        Assert.Contains("none of the 1 videos can be decoded", error.Message, StringComparison.Ordinal);
        Assert.Contains("none.mp4", error.Message, StringComparison.Ordinal);
        Assert.Equal((2, 0), (Checkpoint.ReadResumePoint(folder.File("run")).Step, Checkpoint.ReadResumePoint(folder.File("run")).Epoch));

        // Once the list is right, the run continues with the evaluation.
        File.WriteAllText(folder.File("data/val.txt"), "videos/val_00000.mp4 0\n");
        var result = new Trainer(Recipe(1), folder.File("run")) { OnStep = _ => Assert.Fail() }.Run();
        Assert.Equal(1, result.Validation!.Clips);
        Assert.Equal(1, Checkpoint.ReadResumePoint(folder.File("run")).Epoch);
    }

    [Fact]
    public void Classes_without_training_videos_are_named_in_one_warning()
    {
        File.WriteAllLines(folder.File("data/train.txt"), ["videos/train_00000.mp4 1", "videos/train_00001.mp4 3"]);
        List<string> warnings = [];
        new Trainer(Recipe(1), folder.File("run")) { OnWarning = warnings.Add }.Run();
        var warning = Assert.Single(warnings);
        Assert.Contains("no videos of 6 of 8 classes: moving right, moving down, growing", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_longer_recipe_continues_a_finished_run_if_asked_to()
    {
        new Trainer(Recipe(1), folder.File("run")).Run();
        var refused = Assert.Throws<RecipeException>(() => new Trainer(Recipe(2), folder.File("run")).Run());
        Assert.Contains("--extend continues it", refused.Message, StringComparison.Ordinal);
        new Trainer(Recipe(2), folder.File("run")) { Extend = true }.Run();
        Assert.Equal([1L, 2, 3, 4], RunLog.Read(folder.File("run")).Where(entry => entry.Loss is not null).Select(entry => entry.Step));

        var other = Recipe(3) with { Model = new() { Preset = "tiny", DropRate = 0.5 } };
        Assert.Throws<RecipeException>(() => new Trainer(other, folder.File("run")) { Extend = true }.Run());
    }

    private Recipe Recipe(int epochs) => new()
    {
        Model = new() { Preset = "tiny" },
        Data = new()
        {
            Train = folder.File("data/train.txt"), Val = folder.File("data/val.txt"), SamplingRate = 2, CropSize = 32,
            TrainJitterScales = [32, 36],
        },
        Training = new() { Epochs = epochs, BatchSize = 4, Optimizer = OptimizerKind.AdamW, Steps = [0], StepFactors = [1] },
    };
}
