using TimeSformer.Checkpoints;
using TimeSformer.Data;
using TimeSformer.Models;
using TimeSformer.Models.Attention;
using TimeSformer.Video;

namespace TimeSformer.Training;

/// <summary>Which weights are trained.</summary>
public enum TrainedPart
{
    /// <summary>All; those near the input change least (layer-wise learning rates).</summary>
    All,

    /// <summary>The head alone.</summary>
    Head,

    /// <summary>The head and what an image model lacks: attention over time and time embeddings.</summary>
    Temporal,
}

/// <summary>
/// A recipe that fits pretrained weights to classes of one's own, with defaults for 5 to 500 videos a class. An image model becomes a
/// divided space-time model.
/// </summary>
/// <param name="Weights">Any weights that <see cref="Pretrained"/> reads.</param>
/// <param name="Part">Which of them are trained.</param>
/// <param name="Attention">The scheme that an image model gets, divided if null; a model of videos has one already.</param>
public sealed record Finetuning(string Weights, TrainedPart Part = TrainedPart.All, AttentionScheme? Attention = null)
{
    /// <summary>
    /// Videos of a class from which on some recordings are held out, to stop training in time; with fewer, all are learned from.
    /// </summary>
    public const int HeldOutFrom = 20;

    private const int Frames = 8, MostCpuPixels = 112, ClipsOfTraining = 1000, LeastEpochs = 6, MostEpochs = 20, FewVideos = 200;
    private const double ShareOfVideo = 0.6, WholeVideoSeconds = 1;

    /// <summary>Height and width of a clip in pixels; if null, the weights' or, on the CPU, at most 112.</summary>
    public int? ImageSize { get; init; }

    /// <summary>Epochs; if null, so many that about a thousand clips are learned from, at least 6 and at most 20.</summary>
    public int? Epochs { get; init; }

    /// <summary>The head's learning rate before a range test.</summary>
    public double UsualRate => Part is TrainedPart.Head ? 1e-2 : 1e-3;

    /// <summary>The recipe.</summary>
    /// <param name="train">The list to learn from.</param>
    /// <param name="val">The list to stop by or to test on; empty for none.</param>
    /// <param name="stops">Whether training stops when the loss on `val` does not fall any more.</param>
    /// <param name="seconds">The videos' median duration.</param>
    /// <param name="count">The number of videos to learn from.</param>
    /// <param name="onCpu">Whether training is on the CPU.</param>
    /// <param name="rate">The head's learning rate.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="InputException">
    /// The weights cannot be read, are of another attention scheme than asked for, or have no layers over time to train alone.
    /// </exception>
    public Recipe Recipe(string train, string val, bool stops, double seconds, int count, bool onCpu, double rate, int seed = 0)
    {
        var info = Checkpoint.Describe(Weights);
        bool isImageModel = info.Model is TimeSformerConfig { Attention: AttentionScheme.SpaceOnly };
        var own = isImageModel ? null : (info.Model as TimeSformerConfig)?.Attention;
        if (!isImageModel && Attention is not null && Attention != own)
        {
            throw new InputException(
                $"{Weights}: these weights are of {info.Model.Summary}; an attention scheme can be chosen for an image model's "
                + "weights alone");
        }
        var scheme = own ?? Attention ?? AttentionScheme.DividedSpaceTime;
        bool hasTemporalLayers = info.Model is TimeSformerConfig && scheme is AttentionScheme.DividedSpaceTime or AttentionScheme.Axial;
        if (Part is TrainedPart.Temporal && !hasTemporalLayers)
        {
            throw new InputException($"{Weights}: such a model has no layers over time of its own; train all, or the head alone");
        }
        bool knowsItsClips = !isImageModel && info.Assumed.All(assumption => assumption.Option != "--sampling-rate");
        int frames = isImageModel ? Frames : info.Model.NumFrames;
        int rateOfClips = knowsItsClips ? info.SamplingRate
            : seconds <= WholeVideoSeconds ? 0
            : Math.Max(1, (int)Math.Round(ShareOfVideo * seconds * ClipSampler.TargetFramesPerSecond / frames));
        int size = ImageSize ?? (isImageModel && onCpu ? Math.Min(info.Model.ImageSize, MostCpuPixels) : info.Model.ImageSize);
        int epochs = Epochs ?? Math.Clamp(ClipsOfTraining / Math.Max(1, count), LeastEpochs, MostEpochs);
        return new()
        {
            Model = new()
            {
                Preset = ModelRecipe.PretrainedSizes, Pretrained = Path.GetFullPath(Weights), Attention = scheme,
            },
            Data = new()
            {
                Train = Path.GetFullPath(train), Val = val.Length > 0 ? Path.GetFullPath(val) : "", NumFrames = frames,
                SamplingRate = rateOfClips, CropSize = size, TrainJitterScales = [size, size * 5 / 4],
                Mean = info.Normalization.Mean, Std = info.Normalization.Std, CacheMegabytes = 1500,
            },
            Training = new()
            {
                Epochs = epochs, BatchSize = count < FewVideos ? 4 : 8, Optimizer = OptimizerKind.AdamW, LearningRate = rate,
                LayerDecay = Part is TrainedPart.All ? 0.75 : 1, WeightDecay = 0.05, Policy = LearningRatePolicy.Cosine,
                WarmupEpochs = Math.Min(2, epochs / 4.0), Seed = seed, EvalPeriod = stops ? 1 : epochs,
                Patience = stops ? Math.Max(3, epochs / 3) : 0,
                TrainOnly = Part switch
                {
                    TrainedPart.Head => ["head"],
                    TrainedPart.Temporal => ["temporal", "time_embed", "head"],
                    _ => null,
                },
            },
        };
    }

    /// <summary>
    /// Divides videos for training: whole recordings, about a fifth of the videos, are held out to stop training in time; none that would
    /// leave a class with fewer than 10. None at all are if some class has fewer than <see cref="HeldOutFrom"/>.
    /// </summary>
    /// <param name="videos">The videos.</param>
    /// <param name="recordings">The number of each video's recording.</param>
    public static (IReadOnlyList<VideoItem> Train, IReadOnlyList<VideoItem> HeldOut) Divide(
        IReadOnlyList<VideoItem> videos, IReadOnlyList<int> recordings)
    {
        if (videos.CountBy(video => video.Label).Min(label => label.Value) < HeldOutFrom) return (videos, []);
        var groups = videos.Zip(recordings).GroupBy(pair => pair.Second, pair => pair.First).Select(group => group.ToList()).ToArray();
        new Random(0).Shuffle(groups);
        var left = videos.CountBy(video => video.Label).ToDictionary();
        List<VideoItem> heldOut = [];
        foreach (var group in groups)
        {
            if (heldOut.Count + group.Count > videos.Count * 3 / 10) continue;
            if (heldOut.Count >= videos.Count / 5) break;
            var counts = group.CountBy(video => video.Label).ToList();
            if (counts.Exists(label => left[label.Key] - label.Value < HeldOutFrom / 2)) continue;
            foreach (var (label, count) in counts) left[label] -= count;
            heldOut.AddRange(group);
        }
        var chosen = heldOut.ToHashSet();
        return ([.. videos.Where(video => !chosen.Contains(video))], heldOut);
    }
}
