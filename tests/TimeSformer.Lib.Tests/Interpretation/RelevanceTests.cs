using TimeSformer.Interpretation;

namespace TimeSformer.Tests.Interpretation;

public sealed class RelevanceTests : TensorTests
{
    private const int Planted = 6;                                                                    // row 1, column 2 of 4x4 patches

    [Theory]
    [InlineData(AttentionScheme.SpaceOnly)]
    [InlineData(AttentionScheme.JointSpaceTime)]
    [InlineData(AttentionScheme.DividedSpaceTime)]
    public void A_model_made_to_look_at_one_patch_is_seen_to_by_every_method(AttentionScheme scheme)
    {
        using var model = LookingAt(Planted, scheme);
        var clip = rand(new long[] { 1, 3, 4, 32, 32 });
        foreach (var method in Enum.GetValues<RelevanceMethod>())
        {
            var map = Relevance.Map(model, clip, label: 1, method);                                   // (T, H, W)
            Assert.Equal([4, 4, 4], map.shape);
            float share = map.sum([0L]).flatten()[Planted].item<float>();
            Assert.True(share > 0.99, $"{method}: {share}");
        }
    }

    // In rows and lattices without the patch, the class token has to attend to something else.
    [Theory, InlineData(AttentionScheme.Axial), InlineData(AttentionScheme.SparseLocalGlobal)]
    public void The_patch_stands_out_where_other_groups_have_to_be_attended_to_as_well(AttentionScheme scheme)
    {
        using var model = LookingAt(Planted, scheme);
        var clip = rand(new long[] { 1, 3, 4, 32, 32 });
        var map = Relevance.Map(model, clip, 1, RelevanceMethod.Rollout);
        Assert.Equal(Planted, map.sum([0L]).flatten().argmax().item<long>());
    }

    [Theory, Each<AttentionScheme>]
    public void Every_head_of_a_planted_model_attends_to_the_patch(AttentionScheme scheme)
    {
        using var model = LookingAt(Planted, scheme);
        using var record = AttentionRecorder.Record(model, rand(new long[] { 1, 3, 4, 32, 32 }));
        var last = record.Maps[^1].Dense()[0];                                                        // (A, S, S)
        int frames = (int)record.Grid.Frames, first = record.ClassTokens + (Planted * frames);
        Assert.True(last[.., 0, first..(first + frames)].sum([1L]).min().item<float>() > 0.1);
    }

    [Theory, InlineData("i3d-small"), InlineData("slowfast-small"), InlineData("cnn-gru-small")]
    public void Convolutional_networks_are_explained_by_gradients_and_by_occlusion(string preset)
    {
        manual_seed(4);
        using var model = Preset.Find(preset)!.Model.Create();
        model.eval();
        var clip = randn(new long[] { 1, 3, 8, 64, 64 });
        int label = (int)model.call(clip).argmax().item<long>();
        Assert.Equal(RelevanceMethod.Gradient, Relevance.MethodFor(model));
        foreach (var method in new[] { RelevanceMethod.Gradient, RelevanceMethod.Occlusion })
        {
            var map = Relevance.Map(model, clip, label, method);
            Assert.Equal(3, map.dim());
            Assert.True(map.min().item<float>() >= 0);
            Assert.Equal(1, map.sum().item<float>(), 4);
        }
        Assert.Refused<InputException>("has no attention", () => Relevance.Map(model, clip, 3, RelevanceMethod.Rollout));
    }

    [Fact]
    public void Grad_cam_is_the_classs_evidence_in_the_last_maps()
    {
        // The head is linear on the maps' average: the sum over places of the weighted maps is the score without its bias.
        manual_seed(5);
        using var model = (I3DConfig.Small with { NumClasses = 4 }).Create();
        model.eval();
        var clip = randn(new long[] { 1, 3, 8, 64, 64 });
        var maps = model.forward_map(clip);                                                           // (1, T', H', W', K)
        var weight = model.get_parameter("head.projection.weight")![2];                               // (K)
        var evidence = maps.matmul(weight).relu();                                                    // (1, T', H', W')
        var expected = evidence / evidence.sum();
        Assert.True(GradCam.Of(model, clip, tensor(new[] { 2L })).allclose(expected, rtol: 1e-3, atol: 1e-6));
    }

    [Fact]
    public void Frozen_models_are_explained_too()
    {
        using var model = Transformers.Create("DividedSpaceTime");
        var clip = randn(new long[] { 1, 3, 4, 24, 16 });
        var learning = Relevance.Map(model, clip, 1, RelevanceMethod.Gradient);
        foreach (var parameter in model.parameters()) parameter.requires_grad = false;
        Assert.True(Relevance.Map(model, clip, 1, RelevanceMethod.Gradient).allclose(learning, rtol: 1e-4, atol: 1e-7));
    }

    [Fact]
    public void Occlusion_reports_progress_and_can_be_stopped()
    {
        using var model = Transformers.Create("ViViT");
        var clip = randn(new long[] { 1, 3, 4, 24, 16 });
        List<double> shares = [];
        using var stop = new CancellationTokenSource();
        Assert.Equal([2, 3, 2], Occlusion.Map(model, clip, 0, new Shares(shares.Add)).shape);
        Assert.Equal(1, shares[^1]);
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => Occlusion.Map(model, clip, 0, cancel: stop.Token));
    }

    [Fact]
    public void Deletion_falls_and_insertion_rises_faster_with_the_true_map_than_with_its_opposite()
    {
        using var model = LookingAt(Planted, AttentionScheme.JointSpaceTime);
        var clip = rand(new long[] { 1, 3, 4, 32, 32 });
        var logits = model.call(clip);
        int label = (int)logits.argmax().item<long>();
        var map = Relevance.Map(model, clip, label, RelevanceMethod.Rollout);
        Assert.True(Faithfulness.Deletion(model, clip, label, map).Area <= Faithfulness.Deletion(model, clip, label, map.neg()).Area);
        Assert.True(Faithfulness.Insertion(model, clip, label, map).Area >= Faithfulness.Insertion(model, clip, label, map.neg()).Area);
        var curve = Faithfulness.Deletion(model, clip, label, map, steps: 4);
        Assert.Equal(5, curve.Probabilities.Count);
        Assert.Equal(logits.softmax(1).max().item<float>(), curve.Probabilities[0], 5);
    }

    [Fact]
    public void Distances_are_zero_for_patches_that_attend_to_themselves_and_known_for_even_attention()
    {
        // Two frames of two patches side by side; token (w, t) is 1 + 2w + t.
        AttentionRecord Of(Tensor weights) => new(zeros(1, 1), new TokenGrid(1, 2, 1, 2), 1, 1,
            [new(0, "space-time", 5, [new(arange(5, ScalarType.Int64).view(1, 5), weights.expand(1, 1, 1, 5, 5))])]);
        Assert.Equal([new HeadDistance(0, "space-time", 0, 0, 0)], HeadDistance.Of(Of(eye(5))));
        Assert.Equal([new HeadDistance(0, "space-time", 0, 0.5, 0.5)], HeadDistance.Of(Of(full(5, 5, 0.2f))));
    }

    [Theory, MemberData(nameof(Transformers.Names), MemberType = typeof(Transformers))]
    public void Heads_look_no_farther_than_their_groups_reach(string name)
    {
        using var model = Transformers.Create(name);
        using var record = AttentionRecorder.Record(model, randn(new long[] { 1, 3, 4, 24, 16 }));
        foreach (var distance in HeadDistance.Of(record))
        {
            Assert.InRange(distance.Space, 0, distance.Step == "time" ? 0 : Math.Sqrt(5));
            Assert.InRange(distance.Time, 0, distance.Step is "space" or "width" or "height" ? 0 : record.Grid.Frames - 1);
            Assert.True(distance.Space + distance.Time > 0);
        }
    }

    // Keys and queries depend on a mark in the place's embedding only, so that every token attends to the marked patches of its group.
    private static TimeSformerModel LookingAt(int place, AttentionScheme scheme)
    {
        manual_seed(6);
        var config = TimeSformerConfig.Tiny with { Attention = scheme, Depth = 2, NumFrames = 4, NumClasses = 3, DropPathRate = 0 };
        var model = new TimeSformerModel(config);
        model.eval();
        var weights = model.state_dict();
        int dim = config.EmbedDim, head = dim / config.NumHeads;
        using var _ = no_grad();
        weights["pos_embed"].zero_();
        weights["pos_embed"][0, 1 + place, 0] = 100;
        foreach (var (name, weight) in weights)
        {
            if (name.EndsWith("qkv.weight"))
            {
                for (int k = 0; k < config.NumHeads; k++)
                {
                    weight[(k * head)..((k + 1) * head)] = 0;                                         // queries: the bias
                    weight[(dim + (k * head))..(dim + ((k + 1) * head))] = 0;
                    weight[dim + (k * head), 0] = 10;                                                 // keys: the mark
                }
            }
            if (name.EndsWith("qkv.bias")) for (int k = 0; k < config.NumHeads; k++) weight[k * head] = 10;
        }
        return model;
    }

    private sealed class Shares(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
