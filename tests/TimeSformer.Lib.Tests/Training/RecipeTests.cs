namespace TimeSformer.Tests.Training;

public sealed class RecipeTests
{
    [Fact]
    public void A_recipe_defaults_to_the_official_Kinetics_recipe()
    {
        var recipe = RecipeFile.Parse("data: {train: a.txt}");
        var training = recipe.Training;
        Assert.Equal((15, 8, 0.005), (training.Epochs, training.BatchSize, training.LearningRate));
        Assert.Equal((0.9, 1e-4), (training.Momentum, training.WeightDecay));
        Assert.Equal([0, 11, 14], training.Steps);
        Assert.Equal((8, 32, 224), Clip(recipe));
    }

    [Theory]
    [InlineData("tiny", 8, 2, 32, 37, 46)]
    [InlineData("small", 8, 4, 112, 128, 160)]
    [InlineData("base", 8, 32, 224, 256, 320)]
    [InlineData("hr", 16, 16, 448, 448, 512)]
    [InlineData("l", 96, 4, 224, 256, 320)]
    [InlineData("l-ssv2", 64, 0, 224, 256, 320)]
    public void A_preset_decides_what_a_recipe_leaves_out_of_its_clips(string preset, int frames, int rate, int crop, params int[] scales)
    {
        foreach (var data in new[] { "data: {train: a.txt}", "data: {procedural: {}}", "training: {epochs: 15}" })
        {
            var recipe = RecipeFile.Parse($"model: {{preset: {preset}}}\n{data}");
            Assert.Equal((frames, rate, crop), Clip(recipe));
            Assert.Equal(scales, recipe.Data.TrainJitterScales);
            Assert.Equal((frames, crop), (recipe.ModelConfig(9).NumFrames, recipe.ModelConfig(9).ImageSize));
            var keys = $"\n  num_frames: {frames}\n  sampling_rate: {rate}\n  crop_size: {crop}\n";
            var written = $"{keys}  train_jitter_scales:\n  - {scales[0]}\n  - {scales[1]}\n";
            Assert.Contains(written, RecipeFile.ToYaml(recipe));
        }
    }

    [Fact]
    public void A_pretraining_recipe_takes_the_clips_of_its_own_preset()
    {
        var recipe = RecipeFile.Parse("""
            model:
              preset: base
              pretraining: {model: {preset: small}, data: {procedural: {}}}
            data: {train: a.txt}
            """);
        Assert.Equal((224, 32), (recipe.Data.CropSize, recipe.Data.SamplingRate));
        Assert.Equal((112, 4), (recipe.Model.Pretraining!.Data.CropSize, recipe.Model.Pretraining.Data.SamplingRate));
    }

    [Fact]
    public void Explicit_clip_keys_override_the_preset_and_jitter_scales_follow_the_crop()
    {
        var recipe = RecipeFile.Parse("model: {preset: base}\ndata: {train: a.txt, num_frames: 4, sampling_rate: 8, crop_size: 112}");
        Assert.Equal((4, 8, 112), Clip(recipe));
        Assert.Equal([128, 160], recipe.Data.TrainJitterScales);
        var scaled = RecipeFile.Parse("model: {preset: base}\ndata: {train: a.txt, crop_size: 112, train_jitter_scales: [120, 130]}");
        Assert.Equal([120, 130], scaled.Data.TrainJitterScales);
    }

    [Fact]
    public void Colors_are_written_only_if_the_recipe_says_them()
    {
        var recipe = RecipeFile.Parse("data: {train: a.txt, mean: [0.485, 0.456, 0.406], std: [0.25]}");
        Assert.Equal(new([0.485, 0.456, 0.406], [0.25]), recipe.Data.Clip.Normalization);
        Assert.Equal(recipe.Data.Clip.Normalization, RecipeFile.Parse(RecipeFile.ToYaml(recipe)).Data.Clip.Normalization);
        var usual = RecipeFile.ToYaml(new Recipe());
        Assert.DoesNotContain("mean", usual);
        Assert.DoesNotContain("std:", usual.Replace("embedding_std:", ""));
        Assert.Refused<RecipeException>("data.mean is [0.5, 0.5]", () => RecipeFile.Parse("data: {train: a.txt, mean: [0.5, 0.5]}"));
        Assert.Refused<RecipeException>("data.std is [0]", () => RecipeFile.Parse("data: {train: a.txt, std: [0]}"));
    }

    [Fact]
    public void Where_videos_are_decoded_is_read_but_is_no_part_of_what_a_run_was()
    {
        var recipe = RecipeFile.Parse("{data: {isolate_decode: true}, model: {pretraining: {data: {isolate_decode: true}}}}");
        Assert.True(recipe.Data.Policy.Isolate);
        Assert.DoesNotContain("isolate", RecipeFile.ToYaml(recipe), StringComparison.Ordinal);
    }

    [Fact]
    public void A_recipe_survives_writing_and_reading()
    {
        var recipe = RecipeFile.Parse("""
            model: {preset: small, attention_type: joint_space_time, drop_path_rate: 0.2}
            data: {train: a.txt, val: b.txt, crop_size: 112, train_jitter_scales: [128, 160], random_flip: false}
            training: {optimizer: adamw, lr: 1e-3, steps: [0, 2], lrs: [1, 0.5], label_smoothing: 0.1}
            """);
        Assert.Equal(AttentionScheme.JointSpaceTime, recipe.Model.Attention);
        Assert.Equal(OptimizerKind.AdamW, recipe.Training.Optimizer);
        Assert.Equal(RecipeFile.ToYaml(recipe), RecipeFile.ToYaml(RecipeFile.Parse(RecipeFile.ToYaml(recipe))));
    }

    [Fact]
    public void Earlier_names_of_keys_are_still_read()
    {
        var recipe = RecipeFile.Parse("""
            model: {attention: axial}
            data: {train: a.txt, frames: 4, jitter_scales: [224, 256], flip: false, workers: 1, train_share: 0.5}
            training: {learning_rate: 0.1, schedule: cosine, final_learning_rate: 0.01, clip_gradient: 2}
            """);
        var (data, training) = (recipe.Data, recipe.Training);
        Assert.Equal(AttentionScheme.Axial, recipe.Model.Attention);
        Assert.Equal((4, false, 1, 0.5), (data.NumFrames, data.RandomFlip, data.NumWorkers, data.TrainFraction));
        Assert.Equal((0.1, 0.01, 2), (training.LearningRate, training.FinalLearningRate, training.ClipGradNorm));
        Assert.Equal(LearningRatePolicy.Cosine, training.Policy);
        Assert.Contains("  num_frames: 4\n", RecipeFile.ToYaml(recipe), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("training: {epochs: 0}", "training.epochs is 0")]
    [InlineData("training: {eval_period: 0}", "training.eval_period is 0")]
    [InlineData("training: {label_smoothing: 1}", "training.label_smoothing")]
    [InlineData("training: {steps: [0, 5, 3], lrs: [1, 1, 1]}", "ascending")]
    [InlineData("training: {steps: [0, 5]}", "one for each of training.steps")]
    [InlineData("data: {train_jitter_scales: [100, 200]}", "at least data.crop_size")]
    [InlineData("training: {epochs: many}", "line 1")]
    [InlineData("training: [", "line")]
    [InlineData("training: {epochs: 1, epochs: 2}", "line 1")]
    [InlineData("", "empty")]
    [InlineData("model: {preset: bse}", "model.preset is 'bse'; the presets are tiny, small, base")]
    [InlineData("model:", "model is empty")]
    [InlineData("{model: {preset: base}, data: }", "data is empty")]
    [InlineData("training:", "training is empty")]
    [InlineData("training: {steps: }", "training.steps is empty")]
    [InlineData("data: {train: }", "data.train is empty")]
    [InlineData("model: {pretrained: ''}", "model.pretrained is empty")]
    [InlineData("training: {lr_policy: cosin}", "did you mean 'cosine'")]
    [InlineData("training: {warmup_epochs: 15}", "below training.epochs (15)")]
    [InlineData("training: {lr_policy: cosine, cosine_end_lr: 0.005}", "below training.lr (0.005)")]
    [InlineData("training: {batch_size: 4, micro_batch_size: 8}", "training.batch_size (4)")]
    [InlineData("training: {ema_decay: 1}", "in [0, 1)")]
    [InlineData("training: {layer_decay: 0}", "in (0, 1]")]
    [InlineData("training: {train_only: []}", "training.train_only is []")]
    [InlineData("training: {train_only: [head, ~]}", "training.train_only is ")]
    [InlineData("training: {beta2: 1}", "training.beta2 is 1")]
    [InlineData("training: {precision: bf16}", "Known here: bfloat16, bfloat16_weights, float16, float32")]
    [InlineData("training: {mixup_alpha: -1}", "training.mixup_alpha is -1")]
    [InlineData("training: {mixup_alpha: .inf}", "training.mixup_alpha is ")]
    [InlineData("data: {num_spatial_crops: 2}", "data.num_spatial_crops is 2")]
    [InlineData("data: {num_ensemble_views: 0}", "data.num_ensemble_views is 0")]
    [InlineData("data: {num_ensemble_views: 2, sampling_rate: 0}", "1 if data.sampling_rate is 0")]
    [InlineData("data: {rand_augment_num_ops: 15}", "data.rand_augment_num_ops is 15")]
    [InlineData("data: {rand_augment_magnitude: 11}", "data.rand_augment_magnitude is 11")]
    [InlineData("data: {re_prob: 2}", "data.re_prob is 2")]
    [InlineData("data: {layout: ucf102}", "did you mean 'ucf101'")]
    [InlineData("data: {layout: ucf101}", "data.root is absent")]
    [InlineData("data: {layout: ucf101, root: x, train: y}", "data.train is y")]
    [InlineData("data: {layout: ucf101, root: x, split: 4}", "data.split is 4; it must be 1 to 3")]
    [InlineData("data: {train: x, split: 2}", "data.split is 2; it must be 1 to 1")]
    [InlineData("training: {learing_rate: 1}", "did you mean 'lr'")]
    [InlineData("data: {train: a, crop: 8}", "did you mean 'crop_size'")]
    [InlineData("modle: {preset: tiny}", "did you mean 'model'")]
    [InlineData("model: {attention_type: divided}", "did you mean 'divided_space_time'")]
    [InlineData("training: {optimizer: sdg}", "did you mean 'sgd'")]
    [InlineData("training: !!System.IO.FileInfo {fileName: x}", "line 1")]
    [InlineData("...\na", "line 1: what follows is not YAML")]
    [InlineData("model: {pretraining: &a {model: {pretraining: *a}}}", "line 1: the alias *a stands for something unknown or around it")]
    public void A_wrong_recipe_is_refused_in_one_line(string yaml, string said) =>
        Assert.DoesNotContain('\n', Assert.Refused<RecipeException>(said, () => RecipeFile.Parse(yaml)));

    [Fact]
    public void A_missing_file_is_named() => Assert.Refused<RecipeException>("nowhere.yaml", () => RecipeFile.Load("nowhere.yaml"));

    [Theory, InlineData(0, 0.005), InlineData(10.99, 0.005), InlineData(11, 0.0005), InlineData(14.5, 0.00005)]
    public void The_learning_rate_falls_in_steps(double epoch, double rate) =>
        Assert.Equal(rate, LearningRateSchedule.At(new OptimizationRecipe(), epoch), precision: 12);

    private static (int Frames, int Rate, int Crop) Clip(Recipe recipe) =>
        (recipe.Data.NumFrames, recipe.Data.SamplingRate, recipe.Data.CropSize);
}
