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

    [Theory, InlineData("train.txt"), InlineData("val.txt")]
    public void A_list_none_of_whose_videos_exists_is_found_before_the_first_step(string name)
    {
        File.WriteAllText(folder.File($"data/{name}"), "none.mp4 0\n");
        var error = Assert.Throws<RecipeException>(() => new Trainer(Recipe(1), folder.File("run")) { OnStep = _ => Assert.Fail() }.Run());
        Assert.Contains("none.mp4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_of_the_epoch_is_there_when_its_evaluation_fails()
    {
        File.WriteAllText(folder.File("data/none.mp4"), "no video");
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
        Assert.DoesNotContain("count from", warning, StringComparison.Ordinal);
        Assert.Contains("no videos of 6 of 8 classes: moving right, moving down, growing", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { 1, 2 }, "no videos of 1 of 3 classes: 0; labels count from 0, and these seem to count from 1")]
    [InlineData(
        new[] { 0, 20 }, "no videos of 19 of 21 classes: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 9 more; labels count from 0, without gaps")]
    public void Labels_that_start_from_one_or_have_gaps_are_said_in_one_warning(int[] labels, string expected)
    {
        File.Delete(folder.File("data/classes.txt"));
        File.WriteAllLines(folder.File("data/train.txt"), labels.Select((label, k) => $"videos/train_{k:00000}.mp4 {label}"));
        List<string> warnings = [];
        var recipe = Recipe(1) with { Data = Recipe(1).Data with { Val = "" } };
        new Trainer(recipe, folder.File("run")) { OnWarning = warnings.Add }.Run();
        Assert.EndsWith(expected, Assert.Single(warnings));
    }

    [Fact]
    public void A_validation_list_of_the_same_classes_in_another_order_is_matched_by_name()
    {
        Directory.CreateDirectory(folder.File("other"));
        var names = File.ReadAllLines(folder.File("data/classes.txt"));
        File.WriteAllLines(folder.File("other/classes.txt"), names.Reverse());
        var items = VideoList.Read(folder.File("data/val.txt")).Items;
        VideoList.Write(folder.File("other/val.txt"), items.Select(item => item with { Label = names.Length - 1 - item.Label }));
        var recipe = Recipe(1) with { Data = Recipe(1).Data with { Val = folder.File("other/val.txt") } };
        List<string> said = [];
        var mapped = new Trainer(recipe, folder.File("mapped")) { OnWarning = said.Add }.Run().Validation!;
        Assert.Contains("in another order than the 8 of the training list", Assert.Single(said), StringComparison.Ordinal);
        Assert.Equal(new Trainer(Recipe(1), folder.File("own")).Run().Validation!.Loss, mapped.Loss);
    }

    [Fact]
    public void A_pretrained_head_of_the_same_classes_in_another_order_is_matched_by_name()
    {
        new Trainer(Recipe(1), folder.File("first")).Run();
        var names = File.ReadAllLines(folder.File("data/classes.txt"));
        File.WriteAllLines(folder.File("data/classes.txt"), names.Reverse());
        foreach (var list in new[] { "data/train.txt", "data/val.txt" })
        {
            var items = VideoList.Read(folder.File(list)).Items;
            VideoList.Write(folder.File(list), items.Select(item => item with { Label = names.Length - 1 - item.Label }));
        }
        var recipe = Recipe(1) with { Model = new() { Preset = "tiny", Pretrained = folder.File("first") } };
        recipe = recipe with { Training = recipe.Training with { LearningRate = 1e-30, WeightDecay = 0 } };
        List<string> said = [];
        new Trainer(recipe, folder.File("second")) { OnWarning = said.Add }.Run();
        Assert.Contains("its head is matched to them by name", Assert.Single(said), StringComparison.Ordinal);
        var (first, _) = Checkpoint.LoadModel(folder.File("first"));
        var (second, _) = Checkpoint.LoadModel(folder.File("second"));
        using (first)
        using (second)
        {
            Assert.True(first.state_dict()["head.weight"].flip(0).Equals(second.state_dict()["head.weight"]));
            Assert.True(first.state_dict()["head.bias"].flip(0).Equals(second.state_dict()["head.bias"]));
        }
    }

    [Theory, InlineData(0.0), InlineData(0.999)]
    public void A_disk_too_small_for_the_checkpoints_is_found_before_the_first_step(double ema)
    {
        var recipe = Recipe(1) with { Training = Recipe(1).Training with { EmaDecay = ema } };
        new Trainer(recipe, folder.File("done")).Run();
        long one = Directory.GetFiles(Checkpoint.Latest(folder.File("done"))!).Sum(file => new FileInfo(file).Length);
        var error = Assert.Throws<IOException>(() => new Trainer(recipe, folder.File("run"))
        {
            OnStep = _ => Assert.Fail(), FreeBytes = _ => (long)(2.7 * one),
        }.Run());
        Assert.Contains($"{folder.File("run")}: the run's checkpoints need ", error.Message, StringComparison.Ordinal);
        Assert.Contains(" MB are free", error.Message, StringComparison.Ordinal);
        new Trainer(recipe, folder.File("run")) { FreeBytes = _ => 3 * one }.Run();
    }

    [Theory, InlineData(0.0), InlineData(1.0)]
    public void Weights_that_give_no_numbers_end_the_run_and_never_replace_the_last_good_checkpoint(double clip)
    {
        new Trainer(Recipe(1), folder.File("run")).Run();
        var good = Checkpoint.Latest(folder.File("run"))!;
        var first = Recipe(1) with { Training = Recipe(1).Training with { CheckpointEverySteps = 1, ClipGradNorm = clip } };
        var wild = first with { Training = first.Training with { Epochs = 2, LearningRate = 1e30 } };
        File.WriteAllText(folder.File("run/recipe.yaml"), RecipeFile.ToYaml(first));
        var error = Assert.Throws<RecipeException>(() => new Trainer(wild, folder.File("run")) { Extend = true }.Run());
        Assert.Contains("at step 3; lower training.lr (1E+30)", error.Message, StringComparison.Ordinal);
        Assert.EndsWith($"the last good checkpoint is {good}", error.Message);
        Assert.Equal(good, Checkpoint.Latest(folder.File("run")));
    }

    [Fact]
    public void Lists_are_read_before_a_pretraining_begins()
    {
        File.AppendAllText(folder.File("data/val.txt"), "videos/val_00000.mp4 99\n");
        var stage = Recipe(1) with { Data = Recipe(1).Data with { Val = "" } };
        var recipe = Recipe(1) with { Model = new() { Preset = "tiny", Pretraining = stage } };
        var inputs = new RecipeInputs(folder.File("work")) { Train = (_, _, _) => throw new InvalidOperationException("trained") };
        Assert.Refused<InputException>("label 99", () => inputs.Prepare(recipe));
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
