using System.Globalization;
using System.Text.RegularExpressions;

namespace TimeSformer.Checkpoints;

/// <summary>
/// How publishers name the weights of convolutional models. PySlowFast's own files need no renaming: their names are those of
/// <see cref="Models.I3D"/> and <see cref="Models.SlowFast"/>.
/// </summary>
internal static partial class ConvolutionNames
{
    /// <summary>Names that each PySlowFast file of a ResNet has and others do not.</summary>
    public static IReadOnlyList<string> PySlowFastAnchors { get; } = ["s1.pathway0_stem.conv.weight", "s2.pathway0_res0.branch2.a.weight"];

    /// <summary>Names that each file of PySlowFast's Caffe2 models has and others do not.</summary>
    public static IReadOnlyList<string> Caffe2Anchors { get; } = ["conv1_w", "res2_0_branch2a_w"];

    /// <summary>Names that each file of torchvision's ResNets has and others do not.</summary>
    public static IReadOnlyList<string> TorchVisionAnchors { get; } = ["conv1.weight", "layer1.0.conv1.weight"];

    /// <summary>PySlowFast, its Caffe2 models, PyTorchVideo, torchvision's ResNets, and CNN-GRU.</summary>
    public static IReadOnlyList<NamingFamily> Families { get; } =
    [
        new("PySlowFast", "", PySlowFastAnchors, [], name => name),
        new("PySlowFast Caffe2", "", Caffe2Anchors, [], OfCaffe2, IsCaffe2Training),
        new("PyTorchVideo SlowFast", "", ["blocks.0.multipathway_fusion.conv_fast_to_slow.weight"], [], OfPyTorchVideo),
        // Other ResNets there have no pooling as their third block, and the head instead of stages as their sixth.
        new("PyTorchVideo I3D", "",
            ["blocks.0.conv.weight", "blocks.1.res_blocks.0.branch2.conv_a.weight", "blocks.5.res_blocks.0.branch2.conv_a.weight"], [],
            OfPyTorchVideo),
        new("CNN-GRU", "", ["gru1.weight_hh_l0", "backbone.conv1.weight"], [], name => name),
        new("torchvision ResNet", "", TorchVisionAnchors, [], OfTorchVision),
    ];

    /// <summary>PySlowFast's name of one of its Caffe2 models' blobs; null for a blob that is none of the model's.</summary>
    /// <remarks>
    /// The facts are those of slowfast/utils/c2_model_loading.py: <c>t_</c> is the fast pathway, <c>res_conv1_bn</c> the stem's norm,
    /// <c>subsample</c> a fusion, <c>pred</c> the head; norms end with s, b, rm and riv.
    /// </remarks>
    public static string? OfCaffe2(string blob)
    {
        var match = Caffe2Blob().Match(blob);
        if (!match.Success) return null;
        string Part(string group) => match.Groups[group].Value;
        bool Has(string group) => match.Groups[group].Success;

        int pathway = Has("fast") ? 1 : 0;
        var layer = Has("head") ? "head.projection"
            : Has("fusion") ? $"s{(Has("stage") ? Part("stage") : "1")}_fuse.{(Has("norm") ? "bn" : "conv_f2s")}"
            : Has("stem") ? $"s1.pathway{pathway}_stem.{(Has("norm") ? "bn" : "conv")}"
            : $"s{Part("stage")}.pathway{pathway}_res{Part("block")}.branch{Branch(Part("branch"))}{(Has("norm") ? "_bn" : "")}";
        return Part("kind") switch
        {
            "w" or "s" => $"{layer}.weight",
            "b" => $"{layer}.bias",
            "rm" => $"{layer}.running_mean",
            _ => $"{layer}.running_var",
        };
    }

    /// <summary>Whether a blob of Caffe2 is its solver's: the rate, the iteration or a momentum; PySlowFast passes them over.</summary>
    public static bool IsCaffe2Training(string blob) =>
        blob is "lr" or "model_iter" || blob.EndsWith("_momentum", StringComparison.Ordinal);

    /// <summary>PySlowFast's name of a weight of PyTorchVideo's SlowFast or I3D; null for one that is none of the model's.</summary>
    /// <remarks>The facts are those of pytorchvideo/models/slowfast.py and resnet.py; I3D's block 2 pools.</remarks>
    public static string? OfPyTorchVideo(string name)
    {
        return name.Split('.') switch
        {
            ["blocks", "6", "proj", var kind] => $"head.projection.{kind}",
            ["blocks", "0", "multipathway_blocks", var pathway, var layer, var kind] => Stem(pathway, layer, kind),
            ["blocks", "0", var layer, var kind] => Stem("0", layer, kind),
            ["blocks", var block, "multipathway_fusion", var layer, var kind] =>
                $"s{Stage(block)}_fuse.{(layer == "norm" ? "bn" : "conv_f2s")}.{kind}",
            ["blocks", var block, "multipathway_blocks", var pathway, "res_blocks", var index, .. var layer] =>
                $"s{Stage(block)}.pathway{pathway}_res{index}.{Layer(layer)}",
            ["blocks", "1", "res_blocks", var index, .. var layer] => $"s2.pathway0_res{index}.{Layer(layer)}",
            ["blocks", ("3" or "4" or "5") and var stage, "res_blocks", var index, .. var layer] =>
                $"s{stage}.pathway0_res{index}.{Layer(layer)}",
            _ => null,
        };

        static string Stem(string pathway, string layer, string kind) =>
            $"s1.pathway{pathway}_stem.{(layer == "norm" ? "bn" : layer)}.{kind}";

        static string Stage(string block) => int.TryParse(block, CultureInfo.InvariantCulture, out int number) ? $"{number + 1}" : block;

        // branch1_conv.weight to branch1.weight; branch2.norm_a.bias to branch2.a_bn.bias
        static string Layer(string[] parts) => parts switch
        {
            ["branch1_conv", var kind] => $"branch1.{kind}",
            ["branch1_norm", var kind] => $"branch1_bn.{kind}",
            ["branch2", ['c', 'o', 'n', 'v', '_', var letter], var kind] => $"branch2.{letter}.{kind}",
            ["branch2", ['n', 'o', 'r', 'm', '_', var letter], var kind] => $"branch2.{letter}_bn.{kind}",
            _ => string.Join('.', parts),
        };
    }

    /// <summary>The name in <see cref="Models.CnnGru"/> of a weight of torchvision's ResNet; null for its classifier.</summary>
    public static string? OfTorchVision(string name) =>
        name.StartsWith("fc.", StringComparison.Ordinal) ? null : $"backbone.{name}";

    // 2a to 2.a
    private static string Branch(string branch) => branch.Insert(1, branch.Length == 1 ? "" : ".");

    // conv1_w; res_conv1_bn_s; pred_b; res3_1_branch2a_w; res3_0_branch1_bn_riv; t_pool1_subsample_w; t_res4_5_branch2c_bn_subsample_bn_s
    [GeneratedRegex(
        @"^(?:(?<head>pred)_(?<kind>[wb])"
        + @"|(?<fast>t_)?(?:(?<stem>conv1|res_conv1(?<norm>_bn))"
        + @"|(?<=^t_)(?<fusion>pool1_subsample|res(?<stage>[2-4])_\d{1,2}_branch2c_bn_subsample)(?<norm>_bn)?"
        + @"|res(?<stage>[2-5])_(?<block>\d{1,2})_branch(?<branch>1|2[abc])(?<norm>_bn)?)"
        + @"_(?<kind>(?(norm)(?:s|b|rm|riv)|w)))\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Caffe2Blob();
}
