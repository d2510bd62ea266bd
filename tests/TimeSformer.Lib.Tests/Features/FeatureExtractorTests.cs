using TimeSformer.Features;

namespace TimeSformer.Tests.Features;

public sealed class FeatureExtractorTests : TensorTests
{
    private static readonly ClipFormat clip = new(4, 2, 32);

    private readonly VideoList videos;
    private readonly VideoModel model = (TimeSformerConfig.Tiny with { NumFrames = 4, Depth = 1 }).Create();

    public FeatureExtractorTests()
    {
        ProceduralVideos.Write(new(folder.File("data"), ProceduralFamily.Motion, TrainPerClass: 1, ValPerClass: 1));
        videos = VideoList.Read(folder.File("data/train.txt"));
    }

    public override void Dispose()
    {
        model.Dispose();
        base.Dispose();
    }

    [Fact]
    public void Features_are_averages_over_parts_of_the_map_of_the_center_clip()
    {
        var seen = new List<int>();
        using var set = new FeatureExtractor(model, clip) { Parts = (2, 1, 2) }.Run(videos, new SynchronousProgress(seen.Add));
        Assert.Equal(videos.Items, set.Videos);
        Assert.Equal(videos.Classes, set.Classes);
        Assert.Equal([4, 8], seen);
        Assert.Equal((4, 2, 32, "2x1x2"), (set.Source.Frames, set.Source.SamplingRate, set.Source.CropSize, set.Source.Parts));
        var map = model.forward_map(clip.Normalization.Apply(VideoDataset.CenterClip(videos.Items[5].Path, clip).unsqueeze(0))); // (1, 4, 4, 4, D)
        var parts = map.view(2, 2, 4, 2, 2, 64).mean([1L, 2, 4]);                                     // (time, width, D)
        Assert.True(set.Values[5].allclose(parts.permute(2, 0, 1).flatten(), atol: 1e-5));
    }

    [Fact]
    public void Videos_that_cannot_be_decoded_are_left_out_and_named()
    {
        File.WriteAllText(videos.Items[2].Path, "no video");
        var broken = new List<string>();
        using var set = new FeatureExtractor(model, clip).Run(videos, broken: (path, cause) => broken.Add(path));
        Assert.Equal([videos.Items[2].Path], broken);
        Assert.Equal(videos.Items.Where((_, k) => k != 2), set.Videos);
        Assert.Equal([7, 64 * 36], set.Values.shape);
        var none = VideoList.Of("here", [videos.Items[2]], videos.Classes);
        Assert.Refused<InputException>("none of the 1 videos can be decoded", () => new FeatureExtractor(model, clip).Run(none));
    }

    [Fact]
    public void The_source_tells_weights_clips_and_parts_apart()
    {
        var source = new FeatureExtractor(model, clip).Source;
        Assert.Equal(source, new FeatureExtractor(model, clip).Source);
        var another = new ClipNormalization([0.5]);
        FeatureExtractor[] others =
        [
            new(model, clip with { Frames = 8 }), new(model, clip with { SamplingRate = 0 }), new(model, clip with { CropSize = 48 }),
            new(model, clip with { ShortSide = 40 }), new(model, clip with { Normalization = another }), new(model, clip) { Parts = (1, 1, 1) },
        ];
        Assert.Equal(7, others.Select(other => other.Source).Append(source).Distinct().Count());
        model.parameters().Last()[0] += 1e-3;
        Assert.NotEqual(source.Weights, new FeatureExtractor(model, clip).Source.Weights);
    }

    [Fact]
    public void Extraction_leaves_no_tensors_and_the_weights_as_they_were()
    {
        var extractor = new FeatureExtractor(model, clip);
        extractor.Run(videos).Dispose();
        long before = LiveTensors.Settled();
        extractor.Run(videos).Dispose();
        Assert.Equal(before, LiveTensors.Settled());
        Assert.Equal(extractor.Source, new FeatureExtractor(model, clip).Source);
    }

    [Fact]
    public void Cancelled_it_ends()
    {
        using var stop = new CancellationTokenSource();
        var progress = new SynchronousProgress(_ => stop.Cancel());
        Assert.Throws<OperationCanceledException>(() => new FeatureExtractor(model, clip).Run(videos, progress, cancel: stop.Token));
    }

    [Fact]
    public void An_image_models_clips_cover_the_whole_video_and_a_video_models_are_its_own()
    {
        ModelInfo own = new(TimeSformerConfig.Tiny, ["a"], 2);
        Assert.Equal((8, 2), (FeatureExtractor.ClipOf(own).Frames, FeatureExtractor.ClipOf(own).SamplingRate));
        SafeTensors.Write(folder.File("image.safetensors"), ImageModel());
        var image = FeatureExtractor.ClipOf(Checkpoint.Describe(folder.File("image.safetensors")));
        Assert.Equal((16, 0, 32), (image.Frames, image.SamplingRate, image.CropSize));
    }

    // The names of an image ViT's weights are those of a model without time.
    private static Dictionary<string, Tensor> ImageModel()
    {
        using var image = (TimeSformerConfig.Tiny with { Attention = AttentionScheme.SpaceOnly }).Create();
        return image.state_dict().ToDictionary(weight => weight.Key, weight => weight.Value.clone());
    }
}
