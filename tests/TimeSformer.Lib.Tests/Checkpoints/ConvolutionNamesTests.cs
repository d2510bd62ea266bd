using System.Text.RegularExpressions;

namespace TimeSformer.Tests.Checkpoints;

/// <summary>Other publishers' names of convolutional models' weights, against the models' own.</summary>
public sealed partial class ConvolutionNamesTests : CheckpointTests
{
    private static readonly SlowFastConfig small = SlowFastConfig.Small with { Width = 8 };

    [Theory]
    [InlineData("conv1_w", "s1.pathway0_stem.conv.weight")]
    [InlineData("t_conv1_w", "s1.pathway1_stem.conv.weight")]
    [InlineData("res_conv1_bn_riv", "s1.pathway0_stem.bn.running_var")]
    [InlineData("t_res_conv1_bn_s", "s1.pathway1_stem.bn.weight")]
    [InlineData("t_pool1_subsample_w", "s1_fuse.conv_f2s.weight")]
    [InlineData("t_pool1_subsample_bn_b", "s1_fuse.bn.bias")]
    [InlineData("t_res4_5_branch2c_bn_subsample_w", "s4_fuse.conv_f2s.weight")]
    [InlineData("t_res2_2_branch2c_bn_subsample_bn_rm", "s2_fuse.bn.running_mean")]
    [InlineData("res4_0_branch1_w", "s4.pathway0_res0.branch1.weight")]
    [InlineData("t_res2_0_branch1_bn_b", "s2.pathway1_res0.branch1_bn.bias")]
    [InlineData("res4_22_branch2a_w", "s4.pathway0_res22.branch2.a.weight")]
    [InlineData("t_res5_2_branch2c_bn_rm", "s5.pathway1_res2.branch2.c_bn.running_mean")]
    [InlineData("pred_w", "head.projection.weight")]
    [InlineData("pred_b", "head.projection.bias")]
    public void Caffe2s_blobs_have_PySlowFasts_names(string blob, string name) => Assert.Equal(name, ConvolutionNames.OfCaffe2(blob));

    [Theory]
    [InlineData("conv1_w_momentum")]
    [InlineData("res2_0_branch2a_bn_s_momentum")]
    [InlineData("lr")]
    [InlineData("model_iter")]
    [InlineData("pool1_subsample_w")]
    [InlineData("res2_0_branch2d_w")]
    [InlineData("res2_0_branch1_riv")]
    [InlineData("nonlocal_conv3_1_theta_w")]
    [InlineData("conv1_w\n")]
    public void Other_blobs_have_none(string blob) => Assert.Null(ConvolutionNames.OfCaffe2(blob));

    [Fact]
    public void A_file_with_Caffe2s_names_fills_a_SlowFast()
    {
        manual_seed(4);
        using var source = new SlowFast(small with { NumClasses = 5 });
        foreach (var (name, weight) in source.state_dict())
        {
            if (!name.EndsWith("num_batches_tracked")) weight.uniform_(0.5, 1.5);
        }
        var weights = source.state_dict().Where(named => !named.Key.EndsWith("num_batches_tracked")).ToList();
        var blobs = weights
            .SelectMany(named => new[] { (Blob(named.Key), named.Value), ($"{Blob(named.Key)}_momentum", zeros(1)) }).ToList();
        using (var model = Loaded("lr", "model_iter"))
        {
            var state = model.state_dict();
            Assert.All(weights, weight => Assert.True(weight.Value.Equals(state[weight.Key]), weight.Key));
        }
        Assert.Refused<CheckpointException>(
            "it has nonlocal_conv3_1_theta_w, which the model does not", () => Loaded("nonlocal_conv3_1_theta_w"));

        VideoModel Loaded(params string[] others)
        {
            var all = blobs.Concat(others.Select(other => (other, zeros(1))));
            var path = folder.File("SLOWFAST.pkl");
            File.WriteAllBytes(path, PythonTwo.Blobs([.. all.Select(blob => (blob.Item1, PythonTwo.Array(blob.Item2)))]));
            return Checkpoint.LoadModel(path, new() { NumFrames = small.NumFrames, ImageSize = small.ImageSize }).Model;
        }
    }

    [Fact]
    public void PySlowFasts_and_torchvisions_anchors_are_in_their_models()
    {
        using var slowFast = new SlowFast(small);
        Assert.Subset(slowFast.state_dict().Keys.ToHashSet(), ConvolutionNames.PySlowFastAnchors.ToHashSet());
        using var cnnGru = new CnnGru(CnnGruConfig.Small);
        var names = ConvolutionNames.TorchVisionAnchors.Select(ConvolutionNames.OfTorchVision).ToHashSet();
        Assert.Subset(cnnGru.state_dict().Keys.ToHashSet<string?>(), names);
        Assert.Null(ConvolutionNames.OfTorchVision("fc.weight"));
    }

    [Theory]
    [InlineData("blocks.0.multipathway_blocks.1.conv.weight", "s1.pathway1_stem.conv.weight")]
    [InlineData("blocks.0.multipathway_blocks.0.norm.running_var", "s1.pathway0_stem.bn.running_var")]
    [InlineData("blocks.0.multipathway_fusion.conv_fast_to_slow.weight", "s1_fuse.conv_f2s.weight")]
    [InlineData("blocks.3.multipathway_fusion.norm.bias", "s4_fuse.bn.bias")]
    [InlineData("blocks.1.multipathway_blocks.0.res_blocks.0.branch1_conv.weight", "s2.pathway0_res0.branch1.weight")]
    [InlineData("blocks.4.multipathway_blocks.1.res_blocks.2.branch2.norm_c.weight", "s5.pathway1_res2.branch2.c_bn.weight")]
    [InlineData("blocks.6.proj.bias", "head.projection.bias")]
    [InlineData("blocks.0.norm.weight", "s1.pathway0_stem.bn.weight")]
    [InlineData("blocks.1.res_blocks.2.branch2.conv_b.weight", "s2.pathway0_res2.branch2.b.weight")]
    [InlineData("blocks.3.res_blocks.0.branch1_norm.running_mean", "s3.pathway0_res0.branch1_bn.running_mean")]
    [InlineData("blocks.5.res_blocks.1.branch2.conv_a.weight", "s5.pathway0_res1.branch2.a.weight")]
    [InlineData("blocks.2.res_blocks.1.branch2.conv_a.weight", null)]   // a ResNet's that pools nowhere
    [InlineData("blocks.5.proj.weight", null)]
    public void PyTorchVideos_weights_have_PySlowFasts_names(string theirs, string? name) =>
        Assert.Equal(name, ConvolutionNames.OfPyTorchVideo(theirs));

    [Theory, InlineData(true), InlineData(false)]
    public void A_file_of_PyTorchVideo_is_a_whole_model(bool isSlowFast)
    {
        manual_seed(4);
        VideoModelConfig config = isSlowFast ? small : I3DConfig.Small;
        using var source = (config with { NumClasses = 5 }).Create();
        foreach (var (name, weight) in source.state_dict())
        {
            if (!name.EndsWith("num_batches_tracked")) weight.uniform_(0.5, 1.5);
        }
        var weights = source.state_dict()
            .ToDictionary(weight => PyTorchVideo(weight.Key, isSlowFast), weight => (object?)weight.Value);
        TorchWriter.Write(folder.File("a.pyth"), new OrderedDictionary<string, object?>([new("model_state", weights)]));

        var sizes = source.Config;
        var (model, _) = Checkpoint.LoadModel(folder.File("a.pyth"), new() { NumFrames = sizes.NumFrames, ImageSize = sizes.ImageSize });
        using var held = model;
        Assert.Equal(source.GetType(), model.GetType());
        Assert.Equal(source.state_dict().Keys.Order(), model.state_dict().Keys.Order());
        AssertSameWeights(source.state_dict(), model);
    }

    // PyTorchVideo's name of a weight, step by step in the other direction.
    private static string PyTorchVideo(string name, bool isSlowFast)
    {
        var stage = Regex.Match(name, @"^s(\d)").Groups[1].Value;
        int block = stage.Length == 0 ? 6 : int.Parse(stage) is var number && (isSlowFast || number < 3) ? number - 1 : number;
        name = Regex.Replace(name, @"^s\d_fuse\.", "multipathway_fusion.").Replace("conv_f2s", "conv_fast_to_slow");
        name = Regex.Replace(name, @"^s\d\.pathway(\d)_", isSlowFast ? "multipathway_blocks.$1." : "");
        name = Regex.Replace(name, @"(?<=^|\.)res(\d+)\.", "res_blocks.$1.").Replace("stem.", "").Replace("head.projection", "proj");
        name = name.Replace("branch1_bn.", "branch1_norm.").Replace("branch1.", "branch1_conv.");
        name = Regex.Replace(Regex.Replace(name, @"branch2\.([abc])_bn", "branch2.norm_$1"), @"branch2\.([abc])\.", "branch2.conv_$1.");
        return $"blocks.{block}.{Regex.Replace(name, @"(?<=^|\.)bn\.", "norm.")}";
    }

    // Caffe2's name of a weight, step by step in the other direction.
    private static string Blob(string name)
    {
        if (name.StartsWith("head.projection.")) return $"pred_{name[16]}";
        var kind = name.EndsWith("running_mean") ? "rm" : name.EndsWith("running_var") ? "riv" : name.EndsWith("bias") ? "b"
            : name.Contains("bn.") ? "s" : "w";
        var bn = name.Contains("bn.") ? "_bn" : "";
        var fast = name.Contains("pathway1") ? "t_" : "";
        int stage = name[1] - '0';
        if (name.Contains("_fuse"))
        {
            return stage == 1 ? $"t_pool1_subsample{bn}_{kind}" : $"t_res{stage}_{small.Depths.Res2 - 1}_branch2c_bn_subsample{bn}_{kind}";
        }
        if (stage == 1) return bn.Length > 0 ? $"{fast}res_conv1{bn}_{kind}" : $"{fast}conv1_{kind}";
        var (block, branch) = (Block().Match(name).Groups[1].Value, name.Contains("branch1") ? "1" : $"2{name.Split('.')[3][0]}");
        return $"{fast}res{stage}_{block}_branch{branch}{bn}_{kind}";
    }

    [GeneratedRegex(@"_res(\d+)\.")]
    private static partial Regex Block();
}
