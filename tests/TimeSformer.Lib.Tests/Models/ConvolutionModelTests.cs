using System.Text.Json;
using TimeSformer.Models.Convolution;
using TorchSharp;

namespace TimeSformer.Tests.Models;

public sealed class ConvolutionModelTests : TensorTests
{
    private static readonly I3DConfig i3d = I3DConfig.Small with { NumClasses = 5, ImageSize = 32, Width = 8 };
    private static readonly SlowFastConfig slowFast = SlowFastConfig.Small with { NumClasses = 5, ImageSize = 32, Width = 8 };
    private static readonly CnnGruConfig cnnGru = CnnGruConfig.Small with { NumClasses = 5, ImageSize = 32, Width = 8 };

    private static readonly Dictionary<string, VideoModelConfig> small = new()
    {
        ["i3d"] = i3d, ["slowfast"] = slowFast, ["cnn-gru"] = cnnGru, ["cnn-gru 50"] = cnnGru with { Backbone = ImageBackbone.ResNet50 },
    };

    public static TheoryData<string> Small => [.. small.Keys];

    // facebookresearch/pytorchvideo, docs/source/model_zoo.md, Kinetics-400.
    [Fact]
    public void Models_have_the_published_parameter_counts_with_400_classes()
    {
        Assert.Equal(28.04, Millions(I3DConfig.Base), precision: 2);
        Assert.Equal(34.48, Millions(SlowFastConfig.FourFrames), precision: 2);
        Assert.Equal(34.57, Millions(SlowFastConfig.EightFrames), precision: 2);
    }

    // With a classifier of 1000 classes they are torchvision's 11,689,512 and 25,557,032.
    [Theory]
    [InlineData(ImageBackbone.ResNet18, 512, 11_689_512)]
    [InlineData(ImageBackbone.ResNet50, 2048, 25_557_032)]
    public void The_image_model_has_torchvisions_parameters(ImageBackbone backbone, int features, long published)
    {
        using var model = new CnnGru(CnnGruConfig.Base with { Backbone = backbone });
        long own = model.named_parameters().Where(named => named.name.StartsWith("backbone.")).Sum(named => named.parameter.numel());
        Assert.Equal(published, own + (features + 1) * 1000);
    }

    // The tutorial's model has 99,909 weights after features of 2048 numbers, for 5 classes.
    [Fact]
    public void The_recurrent_layers_have_the_tutorials_parameters()
    {
        using var model = new CnnGru(CnnGruConfig.Base with { Backbone = ImageBackbone.ResNet50, NumClasses = 5 });
        var added = model.named_parameters().Where(named => !named.name.StartsWith("backbone."));
        Assert.Equal(99_909, added.Sum(named => named.parameter.numel()));
    }

    [Theory, MemberData(nameof(Small))]
    public void Logits_have_a_row_per_clip_for_other_frame_counts_and_sizes(string name)
    {
        using var model = small[name].Create();
        model.eval();
        foreach (var shape in new[] { new long[] { 1, 3, 8, 32, 32 }, [2, 3, 4, 40, 72], [1, 3, 16, 20, 20] })
        {
            Assert.Equal([shape[0], 5], model.call(randn(shape)).shape);
        }
    }

    [Theory, MemberData(nameof(Small))]
    public void A_step_changes_every_weight_and_leaves_no_tensors(string name)
    {
        using var model = small[name].Create();
        using var clips = randn([2, 3, 8, 32, 32]);
        using var labels = tensor(new[] { 0L, 3 });
        Step(); // what is made once
        var missing = model.named_parameters().Where(named => named.parameter.grad is null).Select(named => named.name);
        Assert.Empty(missing);
        model.zero_grad();
        Step();
        model.zero_grad();
        long before = LiveTensors.Settled();
        Step();
        model.zero_grad();
        Assert.InRange(LiveTensors.Settled() - before, -1, 0);

        void Step()
        {
            using var recorded = enable_grad();
            using var scope = NewDisposeScope();
            nn.functional.cross_entropy(model.call(clips), labels).backward();
        }
    }

    [Theory, MemberData(nameof(Small))]
    public void Statistics_stand_still_in_evaluation_and_follow_the_model_to_another_type(string name)
    {
        using var model = small[name].Create();
        model.eval();
        model.call(randn([2, 3, 8, 32, 32]));
        var statistics = model.named_buffers().ToList();
        Assert.NotEmpty(statistics);
        Assert.All(statistics, named =>
            Assert.Equal(named.name.EndsWith("running_var") ? 1 : 0, named.buffer.to(float64).mean().item<double>()));
        model.to(ScalarType.Float64);
        Assert.Equal(ScalarType.Float64, model.call(randn([1, 3, 8, 32, 32], ScalarType.Float64)).dtype);
    }

    [Theory, MemberData(nameof(Small))]
    public void Under_bfloat16_autocast_a_step_is_nearly_that_in_float32(string name)
    {
        using var model = small[name].Create();
        var clips = randn([2, 3, 8, 32, 32]);
        var (exact, near) = (Loss(Precision.Float32), Loss(Precision.Bfloat16));
        Assert.Equal(exact, near, exact * 0.05);
        Assert.All(model.named_parameters(), named => Assert.True(named.parameter.grad!.isfinite().all().item<bool>(), named.name));

        float Loss(Precision precision)
        {
            using var recorded = enable_grad();
            using var cast = Autocast.Begin(precision, CPU);
            manual_seed(2);
            var loss = nn.functional.cross_entropy(model.call(clips).to(float32), tensor(new[] { 0L, 3 }));
            loss.backward();
            return loss.item<float>();
        }
    }

    [Theory, InlineData(2, 3), InlineData(4, 5), InlineData(8, 5)]
    public void In_bfloat16_a_kernel_that_spans_more_frames_than_there_are_learns_as_in_float32(int frames, int kernel)
    {
        using var _ = enable_grad();
        using var layer = nn.Conv3d(64, 32, (kernel, 1, 1), padding: (kernel / 2, 0, 0), bias: false);
        var (x, down) = (randn([2, 64, frames, 4, 4]), randn([2, 32, frames, 4, 4]));
        var exact = Gradient();
        layer.to(ScalarType.BFloat16);
        (x, down) = (x.to(ScalarType.BFloat16), down.to(ScalarType.BFloat16));
        Assert.True((Gradient() - exact).abs().max().Number() < 0.02 * exact.abs().max().Number());

        Tensor Gradient() => autograd.grad([layer.Span(x)], [layer.weight!], [down])[0].to(ScalarType.Float32);
    }

    [Theory, MemberData(nameof(Small))]
    public void Layers_rise_from_the_stem_to_the_head(string name)
    {
        using var model = small[name].Create();
        var layers = model.named_parameters().Select(named => model.LayerOf(named.name)).ToList();
        Assert.Equal(Enumerable.Range(0, 6), layers.Distinct().Order());
        Assert.Equal(0, model.LayerOf(name.StartsWith("cnn") ? "backbone.bn1.weight" : "s1.pathway0_stem.bn.weight"));
        Assert.Equal(3, model.LayerOf(name.StartsWith("cnn") ? "backbone.layer3.0.conv1.weight" : "s4.pathway0_res0.branch2.a.weight"));
        Assert.Equal(5, model.LayerOf(name.StartsWith("cnn") ? "gru1.weight_ih_l0" : "head.projection.weight"));
        if (name == "slowfast") Assert.Equal(2, model.LayerOf("s3_fuse.conv_f2s.weight"));
    }

    [Fact]
    public void The_state_dicts_have_PySlowFasts_names()
    {
        using var model = new SlowFast(slowFast);
        var names = model.state_dict().Keys.ToHashSet();
        string[] norm = ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"];
        Assert.Superset(new HashSet<string>(
        [
            "s1.pathway0_stem.conv.weight", "s1.pathway1_stem.conv.weight", "s1_fuse.conv_f2s.weight", "s4_fuse.conv_f2s.weight",
            "s2.pathway0_res0.branch1.weight", "s2.pathway1_res1.branch2.a.weight", "s5.pathway1_res0.branch2.c.weight",
            "head.projection.weight", "head.projection.bias",
            .. norm.Select(part => $"s1.pathway1_stem.bn.{part}"), .. norm.Select(part => $"s3_fuse.bn.{part}"),
            .. norm.Select(part => $"s4.pathway0_res1.branch2.b_bn.{part}"), .. norm.Select(part => $"s2.pathway0_res0.branch1_bn.{part}"),
        ]), names);
        // 2 stems of 6, 4 fusions of 6, 2 x 8 blocks of 18, 2 x 4 shortcuts of 6, 2 of the head.
        Assert.Equal(12 + 24 + 288 + 48 + 2, names.Count);
        using var single = new I3D(i3d);
        Assert.DoesNotContain(single.state_dict().Keys, name => name.Contains("pathway1") || name.Contains("fuse"));
    }

    [Fact]
    public void The_image_model_has_torchvisions_names()
    {
        using var model = new CnnGru(cnnGru);
        var names = model.state_dict().Keys.ToHashSet();
        Assert.Superset(new HashSet<string>(
        [
            "backbone.conv1.weight", "backbone.bn1.running_var", "backbone.layer1.0.conv2.weight", "backbone.layer4.1.bn2.bias",
            "backbone.layer2.0.downsample.0.weight", "backbone.layer2.0.downsample.1.num_batches_tracked", "gru1.weight_ih_l0", "head.bias",
        ]), names);
        Assert.DoesNotContain(names, name => name.Contains("fc.") || name.Contains("layer1.0.downsample"));
    }

    [Theory, MemberData(nameof(Small))]
    public void Frozen_norms_keep_their_statistics(string name)
    {
        using var model = small[name].Create();
        var clips = randn([2, 3, 8, 32, 32]);
        model.train();
        model.call(clips); // statistics of some batch
        var before = Statistics();
        foreach (var (_, parameter) in model.named_parameters()) parameter.requires_grad = false;
        model.call(2 * clips);
        Assert.All(Statistics(), now => Assert.True(now.Value.Equals(before[now.Key]), now.Key));
        Assert.Contains(before, statistic => statistic.Key.EndsWith("running_var"));

        Dictionary<string, Tensor> Statistics() => model.named_buffers().ToDictionary(named => named.name, named => named.buffer.clone());
    }

    // PySlowFast's configurations: torch.linspace(0, 31, 32 / alpha).long().
    [Theory]
    [InlineData(8, new long[] { 0, 10, 20, 31 })]
    [InlineData(4, new long[] { 0, 4, 8, 13, 17, 22, 26, 31 })]
    public void The_slow_pathway_sees_frames_from_the_first_to_the_last(int alpha, long[] expected)
    {
        var clip = arange(32).view(1, 1, 32, 1, 1);
        Assert.Equal(expected, SlowFast.SlowFrames(clip, alpha).flatten().data<long>().ToArray());
    }

    // The paper's tables 1: which blocks span frames.
    [Fact]
    public void Temporal_kernels_are_the_papers()
    {
        using var model = new I3D(i3d with { Depths = new(3, 4, 6, 3) });
        Assert.Equal("5 333 3131 313131 131", Spans(model, "pathway0"));
        using var two = new SlowFast(slowFast with { Depths = new(3, 4, 6, 3) });
        Assert.Equal("1 111 1111 333333 333", Spans(two, "pathway0"));
        Assert.Equal("5 333 3333 333333 333", Spans(two, "pathway1"));
    }

    [Fact]
    public void Blocks_begin_as_the_identity_if_so_configured()
    {
        manual_seed(3);
        using var zero = new I3D(i3d);
        using var one = new I3D(i3d with { ZeroLastNorm = false });
        static bool IsZero(I3D model, string norm) =>
            model.get_parameter($"s4.pathway0_res1.branch2.{norm}.weight")!.abs().sum().item<float>() == 0;
        Assert.True(IsZero(zero, "c_bn"));
        Assert.False(IsZero(zero, "b_bn"));
        Assert.False(IsZero(one, "c_bn"));
    }

    // He et al. 2015 with the outputs as fan: 3 x 3 x 128 values depend on one input.
    [Fact]
    public void Convolutions_and_the_head_begin_with_the_official_deviations()
    {
        manual_seed(3);
        using var model = new I3D(I3DConfig.Small);
        var weight = model.get_parameter("s5.pathway0_res1.branch2.b.weight")!;
        Assert.Equal(Math.Sqrt(2.0 / (9 * 128)), weight.std().item<float>(), 0.001);
        Assert.Equal(0.01, model.get_parameter("head.projection.weight")!.std().item<float>(), 0.0002);
        Assert.Equal(0, model.get_parameter("head.projection.bias")!.abs().sum().item<float>());
    }

    [Fact]
    public void Sizes_are_the_same_after_a_round_trip_through_JSON()
    {
        Same(i3d with { Depths = new(1, 2, 3, 4), DropRate = 0.25 });
        Same(SlowFastConfig.EightFrames with { Width = 32, BetaInverse = 4 });
        Same(cnnGru with { Backbone = ImageBackbone.ResNet50, SecondGru = 5 });

        static void Same<T>(T config) => Assert.Equal(config, JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(config)));
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused()
    {
        Assert.Refused<InputException>("NumFrames 7 is not a multiple of Alpha 4", (slowFast with { NumFrames = 7 }).Validate);
        Assert.Refused<InputException>("Width 20 is not a multiple of BetaInverse 8", (slowFast with { Width = 20 }).Validate);
        Assert.Refused<InputException>("FusionKernel is 4; it must be odd", (slowFast with { FusionKernel = 4 }).Validate);
        Assert.Refused<InputException>("Res4 is 0", () => (i3d with { Depths = new(1, 1, 0, 1) }).Create());
        Assert.Refused<InputException>("NumFrames is 1", () => (i3d with { NumFrames = 1 }).Create());
        Assert.Refused<InputException>("DropRate is NaN", () => (cnnGru with { DropRate = double.NaN }).Create());
    }

    [Fact]
    public void Clips_that_do_not_fit_are_refused()
    {
        using var model = new SlowFast(slowFast);
        Assert.Refused<ArgumentException>("a multiple of 4 frames", () => model.call(zeros([1, 3, 6, 32, 32])));
        Assert.Refused<ArgumentException>("5 dimensions", () => model.call(zeros([3, 8, 32, 32])));
        using var single = new I3D(i3d);
        Assert.Refused<ArgumentException>("2 frames or more", () => single.call(zeros([1, 3, 1, 32, 32])));
        using var recurrent = new CnnGru(cnnGru);
        Assert.Refused<ArgumentException>("3 channels", () => recurrent.call(zeros([1, 1, 8, 32, 32])));
    }

    private static double Millions(VideoModelConfig config)
    {
        using var model = config.Create(initialize: false);
        return model.parameters().Sum(parameter => parameter.numel()) / 1e6;
    }

    private static string Spans(PathwayModel model, string pathway) => string.Join(' ', model.named_parameters()
        .Where(named => named.name.Contains(pathway))
        .Where(named => named.name.EndsWith("stem.conv.weight") || named.name.EndsWith("branch2.a.weight"))
        .GroupBy(named => named.name[..2], named => named.parameter.shape[2])
        .OrderBy(stage => stage.Key)
        .Select(stage => string.Concat(stage)));
}
