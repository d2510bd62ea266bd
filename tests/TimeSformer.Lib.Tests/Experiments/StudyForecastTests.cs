using TimeSformer.Experiments;

namespace TimeSformer.Tests.Experiments;

public sealed class StudyForecastTests : FolderTests
{
    private const string Text = """
        axes:
          - name: epochs
            values:
              one: {training.epochs: 1}
              forty: {training.epochs: 40}
        scales:
          small:
            changes: {
              model.preset: tiny, data.procedural: {train_per_class: 1000, val_per_class: 1}, data.num_frames: 2, data.sampling_rate: 2,
              data.crop_size: 32, data.train_jitter_scales: [32, 36], data.cache_megabytes: 100, training.batch_size: 4}
        """;

    [Fact]
    public void What_runs_start_from_counts_once()
    {
        File.WriteAllText(folder.File("start.yaml"), """
            model: {preset: tiny, attention_type: space_only}
            data: {procedural: {family: stills, train_per_class: 100}, num_frames: 1, crop_size: 32, train_jitter_scales: [32, 36]}
            training: {epochs: 1000}
            """);
        var study = Load(Text.Replace("model.preset: tiny,", "model.preset: tiny, model.pretraining: start.yaml,")
            .Replace("train_per_class: 1000", "train_per_class: 1"));
        var runner = new StudyRunner(study, "small", folder.File("results"), folder.File("runs"));
        var run = study.Runs("small")[0];
        TimeSpan Of(params StudyRun[] chosen) => StudyForecast.Of(runner, chosen, jobs: 1, "cpu", CancellationToken.None).Time;
        Of(run); // compiles
        // 150,000 steps before the first of ten runs of a few.
        Assert.InRange(Of([.. Enumerable.Repeat(run, 10)]) / Of(run), 0, 5);
    }

    [Fact]
    public void The_time_grows_with_the_steps_and_disk_with_the_runs()
    {
        var study = Load(Text);
        var runner = new StudyRunner(study, "small", folder.File("results"), folder.File("runs"));
        var runs = study.Runs("small");
        StudyForecast Of(params StudyRun[] chosen) => StudyForecast.Of(runner, chosen, jobs: 1, "cpu", CancellationToken.None);
        var (one, both) = (Of(runs[0]), Of(runs[0], runs[1]));
        // 2,000 steps at no less than 50 microseconds; 41 times as many in both.
        Assert.InRange(one.Time.TotalSeconds, 0.1, 3600);
        Assert.InRange(both.Time.TotalSeconds, 4.1, 41 * 3600);
        Assert.Equal(2 * one.Disk, both.Disk);
        Assert.Equal(one.Memory, both.Memory);
        Assert.True(one.Memory > 100_000_000, "the cache counts");
        Assert.Equal(new(TimeSpan.Zero, 0, 0), Of());
        Assert.False(Directory.Exists(folder.File("runs")));
    }

    private Study Load(string text)
    {
        File.WriteAllText(folder.File("study.yaml"), text);
        return Study.Load(folder.File("study.yaml"));
    }
}
