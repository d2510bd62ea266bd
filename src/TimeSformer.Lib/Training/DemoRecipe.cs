using TimeSformer.Data;

namespace TimeSformer.Training;

/// <summary>What the demo makes and trains.</summary>
public static class DemoRecipe
{
    /// <summary>Videos of the eight motions.</summary>
    public static ProceduralSet Videos(string folder, int seed) => new(folder, ProceduralFamily.Motion, TrainPerClass: 60, ValPerClass: 15, Seed: seed);

    /// <summary>A tiny divided space-time model on the videos in a folder.</summary>
    public static Recipe Motion(string folder) => new()
    {
        Model = new() { Preset = "tiny" },
        Data = new()
        {
            Train = Path.GetFullPath(Path.Combine(folder, "train.txt")),
            Val = Path.GetFullPath(Path.Combine(folder, "val.txt")),
            Frames = 8,
            SamplingRate = 2,
            CropSize = 32,
            JitterScales = [32, 36],
            Flip = false,
            CacheMegabytes = 500,
        },
        Training = new()
        {
            Epochs = 36,
            BatchSize = 32,
            Optimizer = OptimizerKind.AdamW,
            LearningRate = 2e-3,
            WeightDecay = 0.01,
            Steps = [0, 26, 33],
            StepFactors = [1, 0.3, 0.1],
            ClipGradient = 1,
        },
    };
}
