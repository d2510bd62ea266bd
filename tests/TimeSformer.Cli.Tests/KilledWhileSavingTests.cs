using TimeSformer.Checkpoints;
using TimeSformer.Checkpoints.Formats;

namespace TimeSformer.Tests;

/// <summary>Training that is killed, again and again, while it does little else than save checkpoints.</summary>
public sealed class KilledWhileSavingTests : FolderTests
{
    private const int Kills = 8;

    public KilledWhileSavingTests() => folder.Write("recipe.yaml", """
        model: {preset: tiny}
        data: {procedural: {train_per_class: 1, val_per_class: 1, frames: 2}, num_frames: 2, sampling_rate: 1, crop_size: 32,
          train_jitter_scales: [32, 36], num_workers: 0}
        training: {epochs: 1000, batch_size: 1, optimizer: adamw, lr: 0.00001, steps: [0], lrs: [1], checkpoint_every_steps: 1,
          keep_checkpoints: 1, eval_period: 1000}
        """);

    [Fact]
    public async Task A_checkpoint_can_be_loaded_whenever_training_was_killed()
    {
        var random = new Random(20260101);
        long step = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            using (var process = CommandLine.Start(folder.Path, null, "train", "recipe.yaml", "--output", "run"))
            {
                var said = process.StandardError.ReadToEndAsync();
                long Newest() => Checkpoint.Latest(folder.File("run")) is { } saved ? long.Parse(Path.GetFileName(saved)[11..19]) : 0;
                while (!process.HasExited && Newest() <= step) await Task.Delay(1);
                if (process.HasExited) Assert.Fail(await said);
                await Task.Delay(random.Next(200));
                process.Kill();
                await process.WaitForExitAsync();
                Assert.DoesNotContain("damaged", await said, StringComparison.Ordinal);
            }
            var run = folder.File("run");
            var (model, _) = Checkpoint.LoadModel(run);
            model.Dispose();
            using (var training = SafeTensorsFile.Open(Path.Combine(Checkpoint.Latest(run)!, "training.safetensors")))
            {
                foreach (var tensor in training.ReadAll().Values) tensor.Dispose();
            }
            long now = Checkpoint.ReadResumePoint(run).Step;
            Assert.True(now > step);
            step = now;
        }
        Assert.Equal(Enumerable.Range(1, (int)step), RunLog.Read(folder.File("run")).Take((int)step).Select(entry => (int)entry.Step));
    }
}
