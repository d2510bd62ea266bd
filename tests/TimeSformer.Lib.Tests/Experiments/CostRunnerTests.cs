using TimeSformer.Costs;
using TimeSformer.Experiments;

namespace TimeSformer.Tests.Experiments;

public sealed class CostRunnerTests : FolderTests
{
    private const string Tiny = """
        measures: cost
        axes:
          - name: attention
            values: {joint: {model.attention_type: joint_space_time}, divided: {model.attention_type: divided_space_time}}
          - name: clip
            values: {2 x 32: {data.num_frames: 2, data.crop_size: 32}, 8 x 64: {data.num_frames: 8, data.crop_size: 64}}
        scales:
          small: {changes: {model.preset: tiny, data.train_jitter_scales: [64, 64], training.batch_size: 2}}
        """;

    [Fact]
    public void Each_model_is_measured_and_its_memory_is_close_to_the_prediction()
    {
        var (study, runner) = Load(Tiny);
        var runs = study.Runs("small");
        var progress = new List<int>();
        runner.Measure(runs, new SynchronousProgress(progress.Add));
        Assert.Equal(Enumerable.Range(1, CostRunner.Rounds * 4), progress);
        Assert.Equal([Computation.Composed, Computation.FusedSteps], runner.Computations);
        foreach (var (run, computation) in runs.SelectMany(_ => runner.Computations, ValueTuple.Create))
        {
            var result = runner.Find(run, computation)!;
            Assert.Equal(computation, result.Computation);
            Assert.True(result.ForwardSeconds > 0 && result.TrainingSeconds > 0, result.ToString());
            // What the prediction leaves out (masks, statistics, the loss) weighs more with smaller clips.
            double ratio = (double)result.TrainingBytes!.Value / result.PredictedTrainingBytes;
            if (result.Point["clip"] == "8 x 64") Assert.InRange(ratio, 0.9, 1.1);
            Assert.True(result.TrainingBytes <= runner.Find(run, Computation.Composed)!.TrainingBytes);
            Assert.True(result.ForwardBytes < result.TrainingBytes);
            Assert.Equal(result.Point["clip"] == "2 x 32" ? 2 * 4 * 4 : 8 * 8 * 8, result.Patches);
        }
        Assert.Equal(8, CostResult.ReadAll(runner.Folder).Count);
        var (_, other) = Load(Tiny.Replace("batch_size: 2", "batch_size: 3"));
        Assert.Null(other.Find(runs[0] with { Source = "other" }, Computation.Composed));
    }

    [Fact]
    public void A_model_that_does_not_fit_in_memory_is_not_run_and_has_no_times()
    {
        var (study, runner) = Load(Tiny.Replace("batch_size: 2", "batch_size: 100000000"));
        runner.Measure([study.Runs("small")[0]]);
        var result = runner.Find(study.Runs("small")[0], Computation.FusedSteps)!;
        Assert.Null(result.TrainingSeconds);
        Assert.True(result.PredictedTrainingBytes > 1_000_000_000_000 && result.MultiplyAdds > 0);
    }

    [Fact]
    public void A_result_that_does_not_say_how_it_was_computed_was_composed()
    {
        var (study, runner) = Load(Tiny.Replace("batch_size: 2", "batch_size: 100000000"));
        var run = study.Runs("small")[0];
        runner.Measure([run]);
        var file = Directory.GetFiles(runner.Folder).Single(file => !file.Contains("fused", StringComparison.Ordinal));
        var text = File.ReadAllText(file);
        Assert.Contains("\"computation\": \"composed\"", text, StringComparison.Ordinal);
        File.WriteAllText(file, text.Replace("\"computation\": \"composed\"", "\"ignored\": 0", StringComparison.Ordinal));
        Assert.Equal(Computation.Composed, runner.Find(run, Computation.Composed)!.Computation);
    }

    private (Study Study, CostRunner Runner) Load(string yaml)
    {
        File.WriteAllText(folder.File("cost.yaml"), yaml);
        var study = Study.Load(folder.File("cost.yaml"));
        return (study, new(study, "small", folder.File("results")));
    }
}
