using System.IO.Compression;
using System.Text.Json;

namespace TimeSformer.Tests.Checkpoints;

/// <summary>DeiT-tiny, the image model that real videos start from, as a TimeSformer of one frame with attention in space alone.</summary>
public sealed class ImageModelTests : FolderTests
{
    private const int PhotographsOfKind = 50;
    private const double ClearProbability = 0.4;

    private static readonly TimeSformerConfig sizes = ((TimeSformerConfig)Preset.Find("small")!.Model) with
    {
        Attention = AttentionScheme.SpaceOnly,
        NumFrames = 1,
        ImageSize = 224,
        NumClasses = 1000,
    };

    // ImageNet-1K's classes of these kinds, from 0.
    private static readonly Dictionary<string, int[]> kinds = new()
    {
        ["cat"] = [.. Enumerable.Range(281, 13)],                                        // tabby to cheetah
        ["dog"] = [.. Enumerable.Range(151, 118)],                                       // chihuahua to Mexican hairless
        ["ship"] = [403, 484, 510, 554, 625, 628, 724, 780, 814, 833, 871, 913, 914],    // aircraft carrier to yawl
        ["truck"] = [407, 555, 569, 656, 675, 717, 734, 757, 829, 847, 864, 867],        // ambulance to trailer truck
    };

    [SkippableTheory, InlineData(false), InlineData(true)]
    public void Its_logits_are_those_of_an_independent_vision_transformer(bool isOnFrames)
    {
        using var scope = NewDisposeScope();
        using var model = isOnFrames
            ? Loaded(VisionTransformerConfig.Small with { NumFrames = 1, ImageSize = 224, NumClasses = 1000 })
            : Loaded(sizes);
        var (channel, row, column) = (arange(3).view(3, 1, 1), arange(224).view(1, 224, 1), arange(224).view(1, 1, 224));
        var picture = ((channel + 1) * row * 0.05 + column * 0.03).sin() + (column * 0.11 - row * 0.02).cos() * 0.5; // (3, 224, 224)
        var logits = model.call(picture.to_type(ScalarType.Float32).view(1, 3, 1, 224, 224));                        // (1, 1000)
        var path = Path.Combine(Repository.Root, "tests/TimeSformer.Lib.Tests/Fixtures/image_model.json");
        var expected = tensor(JsonSerializer.Deserialize<double[]>(File.ReadAllText(path))!);
        Assert.InRange((logits[0].to_type(ScalarType.Float64) - expected).abs().max().item<double>(), 0, 1e-4);
    }

    [SkippableFact]
    public void It_knows_what_photographs_show()
    {
        using var model = Loaded(sizes);
        string[] classes = [.. Enumerable.Range(0, 1000).Select(label => $"{label}")];
        var info = new ModelInfo(sizes, classes, 1) { Normalization = new([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]) };
        int clear = 0, right = 0;
        using var photographs = ZipFile.OpenRead(Shared.Require("data", "cifar10_jpeg.zip"));
        foreach (var (kind, labels) in kinds)
        {
            for (int index = 0; index < PhotographsOfKind; index++)
            {
                var path = folder.File($"{kind}{index}.jpg");
                photographs.GetEntry($"test/{kind}/{index:0000}.jpg")!.ExtractToFile(path);
                var best = Predictor.Run(model, info, path)[0];
                if (best.Probability < ClearProbability) continue;
                clear++;
                if (labels.Contains(best.Label)) right++;
            }
        }
        Assert.InRange(clear, 20, 4 * PhotographsOfKind);
        Assert.True(right >= 0.6 * clear, $"{right} of {clear} clear photographs are of the right kind");
    }

    private static VideoModel Loaded(VideoModelConfig sizes)
    {
        var model = sizes.Create();
        var report = Pretrained.Load(model, Shared.Require("data", "weights", "deit_tiny_patch16_224.safetensors"));
        report.RequireAllMatched();
        model.eval();
        return model;
    }
}
