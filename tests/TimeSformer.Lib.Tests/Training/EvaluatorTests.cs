namespace TimeSformer.Tests.Training;

/// <summary>Loss and accuracy over views and crops.</summary>
public sealed class EvaluatorTests() : TrainingTests(videosPerClass: 2)
{
    private static readonly ClipFormat clip = new(4, 2, 32);

    private VideoList Videos => VideoList.Read(Data.Train);

    private static TimeSformerModel Model()
    {
        manual_seed(3);
        return new(((TimeSformerConfig)Preset.Find("tiny")!.Model) with { NumFrames = 4, NumClasses = 8 });
    }

    [Fact]
    public void A_model_that_knows_the_order_of_frames_scores_clips_played_backwards_differently()
    {
        using var model = Model();
        double Loss(bool backwards) => Evaluator.Run(model, Videos, clip, 4, 0, views: new() { Backwards = backwards }).Loss;
        Assert.NotEqual(Loss(false), Loss(true), 1e-4);
        Assert.Equal(Loss(true), Loss(true));
    }

    [Fact]
    public void Clips_that_fit_into_the_cache_are_decoded_once()
    {
        using var model = Model();
        using var kept = new VideoDataset(Videos, clip, cacheBytes: 10_000_000);
        using var half = new VideoDataset(Videos, clip, cacheBytes: 8 * 4 * 32 * 32 * 3);
        Evaluation Run(VideoDataset data) => Evaluator.Run(model, data, 4, 0, "cpu", Precision.Float32, null, null, default);
        var (first, other) = (Run(kept), Run(half));
        Directory.Delete(folder.File("data/videos"), recursive: true);
        var again = Run(kept);
        Assert.Equal((first.Loss, 16), (again.Loss, again.Clips));
        Assert.Equal(first.Videos, again.Videos);
        Assert.Equal((first.Loss, 8), (other.Loss, Run(half).Clips));
    }

    [Fact]
    public void A_video_that_could_not_be_read_once_is_tried_again()
    {
        using var model = Model();
        using var data = new VideoDataset(Videos, clip);
        Evaluation Run() => Evaluator.Run(model, data, 4, 0, "cpu", Precision.Float32, null, null, default);
        var (path, away) = (Videos.Items[3].Path, folder.File("away.mp4"));
        File.Move(path, away);
        var first = Run();
        Assert.Equal((15, path), (first.Clips, Assert.Single(first.Broken).Key));
        File.Move(away, path);
        var again = Run();
        Assert.Equal((16, 0), (again.Clips, again.Broken.Count));
    }

    [Fact]
    public void An_evaluation_tells_how_far_it_is()
    {
        using var model = Model();
        List<int> done = [];
        Evaluator.Run(model, Videos, clip, 6, 0, onVideos: done.Add);
        Assert.Equal([6, 12, 16], done);
    }

    [Fact]
    public void An_evaluation_ends_when_it_is_cancelled()
    {
        using var model = Model();
        Assert.Throws<OperationCanceledException>(() => Evaluator.Run(model, Videos, clip, 4, 0, cancel: new(canceled: true)));
    }

    [Fact]
    public void Backwards_the_last_frame_comes_first()
    {
        using var scope = NewDisposeScope();
        var frames = arange(2 * 3 * 4 * 4 * 3).remainder(251).to_type(ScalarType.Byte).view(6, 4, 4, 3); // two views of three frames
        var (clip, views) = (new ClipFormat(3, 1, 4), new TestViews(2));
        var (forwards, backwards) = (views.Crop(frames, clip), (views with { Backwards = true }).Crop(frames, clip));
        Assert.Equal([2, 3, 4, 4, 3], backwards.shape);
        foreach (var (view, time) in new[] { (0, 0), (0, 2), (1, 1) }) Assert.True(forwards[view, time].Equals(backwards[view, 2 - time]));
        Assert.False(forwards.Equals(backwards));
    }

    [Fact]
    public void The_scores_of_a_video_are_the_mean_over_its_clips()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new float[,] { { 1, 0, 5 }, { 2, 0, 0 }, { 3, 3, 1 }, { 0, 1, 0 }, { 0, 0, 0 }, { 9, 2, 0 } });
        Assert.Equal([2, 1, 2, 3, 1, 0], Evaluator.Scores(logits, clips: 3).data<float>().ToArray());
        Assert.Equal(logits.data<float>().ToArray(), Evaluator.Scores(logits, clips: 1).data<float>().ToArray());
    }

    [Fact]
    public void A_single_view_and_crop_is_the_center_clip()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        var evaluation = Evaluator.Run(model, Videos, clip, batchSize: 16, workers: 1);
        using var _ = no_grad();
        model.eval();
        var clips = stack(Videos.Items.Select(item => VideoDataset.CenterClip(item.Path, clip)));
        var labels = tensor(Videos.Items.Select(item => (long)item.Label).ToArray());
        var logits = model.call(ClipNormalization.Default.Apply(clips));
        Assert.Equal(nn.functional.cross_entropy(logits, labels).item<float>(), evaluation.Loss, 1e-6);
        Assert.Equal((logits.argmax(1) == labels).sum().item<long>() / 16.0, evaluation.Top1);
    }

    [Fact]
    public void Views_and_crops_follow_the_official_code_and_their_logits_are_averaged()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        var views = new TestViews(2, 3);
        var evaluation = Evaluator.Run(model, Videos, clip, batchSize: 5, workers: 1, views: views);
        using var _ = no_grad();
        model.eval();
        double loss = 0;
        foreach (var item in Videos.Items)
        {
            using var reader = VideoReader.Open(item.Path);
            var total = zeros(new long[] { 1, 8 });
            for (int view = 0; view < 2; view++)
            {
                var frames = reader.ReadFrames(video => ClipSampler.View(video, clip, view, 2));
                for (int crop = 0; crop < 3; crop++)
                {
                    var cropped = ClipTransform.Uniform(32, crop).Apply(frames).unsqueeze(0);
                    total += model.call(ClipNormalization.Default.Apply(cropped));
                }
            }
            loss += nn.functional.cross_entropy(total / 6, tensor(new long[] { item.Label })).item<float>();
        }
        Assert.Equal(loss / Videos.Items.Count, evaluation.Loss, 1e-5);
        Assert.Equal(Videos.Items.Count, evaluation.Clips);
    }

    [Fact]
    public void Clips_are_ordered_by_view_and_within_a_view_by_crop()
    {
        using var scope = NewDisposeScope();
        var frames = zeros(new long[] { 4, 32, 48, 3 }, ScalarType.Byte); // two views of two frames
        for (int t = 0; t < 4; t++)
        {
            for (int x = 0; x < 48; x++) frames[t, .., x] = tensor((byte)((50 * t) + x));
        }
        var clips = new TestViews(2, 3).Crop(frames, new(2, 1, 32));
        Assert.Equal([6, 2, 32, 32, 3], clips.shape);
        var first = clips[.., .., 0, 0, 0].data<byte>().ToArray();
        Assert.Equal([0, 50, 8, 58, 16, 66, 100, 150, 108, 158, 116, 166], first);
    }

    [Fact]
    public void A_clip_of_the_whole_video_allows_one_view_and_accepts_short_videos()
    {
        var whole = new ClipFormat(32, 0, 32); // the videos have 18 frames
        Assert.Equal([32, 32, 32, 3], VideoDataset.CenterClip(Videos.Items[0].Path, whole).shape);
        Assert.Equal(ClipSampler.Segments(18, 32, null), ClipSampler.Center(new(48, 48, 30, 18), whole));
        using var data = new VideoDataset(Videos, whole, new(32, 40, Flip: false));
        using var drawn = data.GetTensor(0)!;
        Assert.Equal([32, 32, 32, 3], drawn.Frames.shape);
        using var model = Model();
        void Refused(string said, TestViews views) => Assert.Refused<InputException>(
            said, () => Evaluator.Run(model, Videos, whole, batchSize: 4, workers: 1, views: views));

        Refused("take 1 view", new(2));
        Refused("2 crops", new(1, 2));
    }

    [Fact]
    public void A_run_ends_with_a_test_over_all_views()
    {
        var data = Data with { NumEnsembleViews = 2, NumSpatialCrops = 3 };
        Train(Recipe(new() { Epochs = 2 }) with { Data = data }, "run");
        var log = File.ReadLines(folder.File("run/log.jsonl")).Select(line => JsonNode.Parse(line)!);
        var validations = log.Select(line => line["validation"]).OfType<JsonNode>();
        Assert.Equal([(1, 1), (2, 3)], validations.Select(line => ((int)line["views"]!, (int)line["crops"]!)));
    }
}
