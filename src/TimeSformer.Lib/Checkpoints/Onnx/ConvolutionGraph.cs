using TimeSformer.Models;
using TimeSformer.Models.Convolution;

namespace TimeSformer.Checkpoints.Onnx;

/// <summary>
/// The convolutional models of the zoo as graphs; each method mirrors a method of the model's. Clips (B, C, T, H, W) have the model's own
/// sizes.
/// </summary>
internal sealed class ConvolutionGraph(OnnxLayers layers)
{
    private readonly OnnxGraph graph = layers.Graph;

    /// <summary>Clips to features (B, 32 · Width).</summary>
    public string I3D(string clips)
    {
        var x = Stage(Stem(clips, 0), 2, 0);                                                          // (B, 4W, T, H/4, W/4)
        long[] pool = [Models.I3D.TimePool, 1, 1];
        x = graph.MaxPool(x, pool, pool, [0, 0, 0]);                                                  // (B, 4W, T/2, H/4, W/4)
        for (int stage = 3; stage <= 5; stage++) x = Stage(x, stage, 0);
        return graph.Mean(x, keepDimensions: false, 2, 3, 4);
    }

    /// <summary>Clips to features (B, 32 · (Width + FastWidth)).</summary>
    public string SlowFast(SlowFastConfig sizes, string clips)
    {
        using var frames = Models.SlowFast.SlowIndex(sizes.NumFrames, sizes.Alpha);
        var (slow, fast) = (Stem(graph.Gather(clips, 2, graph.Constant("slow_frames", frames)), 0), Stem(clips, 1));
        for (int stage = 2; stage <= 5; stage++)
        {
            var fused = Relu(Normalized(fast, $"s{stage - 1}_fuse.conv_f2s", $"s{stage - 1}_fuse.bn"));
            (slow, fast) = (Stage(graph.Concat(1, slow, fused), stage, 0), Stage(fast, stage, 1));
        }
        return graph.Concat(1, graph.Mean(slow, keepDimensions: false, 2, 3, 4), graph.Mean(fast, keepDimensions: false, 2, 3, 4));
    }

    /// <summary>Clips to what the classifier sees (B, DenseWidth).</summary>
    public string CnnGru(CnnGruConfig sizes, string clips)
    {
        var x = graph.Reshape(graph.Transpose(clips, 0, 2, 1, 3, 4), -1, sizes.InChannels, sizes.ImageSize, sizes.ImageSize);
        x = Images(x);                                                                                // (B·T, D)
        x = graph.Reshape(x, -1, sizes.NumFrames, layers.Layer<ResNet>("backbone").Features);
        x = layers.Gru(layers.Gru(graph.Transpose(x, 1, 0, 2), "gru1"), "gru2");                      // (T, B, SecondGru)
        return Relu(layers.Linear(graph.Select(x, 0, sizes.NumFrames - 1), "dense"));
    }

    // Images (B, C, H, W) to the last map's average (B, D).
    private string Images(string x)
    {
        x = Relu(Normalized(x, "backbone.conv1", "backbone.bn1"));
        x = graph.MaxPool(x, ResNet.PoolSize, ResNet.PoolStride, ResNet.PoolPadding);                 // (B, W, H/4, W/4)
        for (int stage = 1; stage <= 4; stage++)
        {
            for (int block = 0; layers.Has($"backbone.layer{stage}.{block}"); block++) x = ImageBlock(x, $"backbone.layer{stage}.{block}");
        }
        return graph.Mean(x, keepDimensions: false, 2, 3);
    }

    private string ImageBlock(string x, string name)
    {
        var branch = Normalized(x, $"{name}.conv1", $"{name}.bn1");
        for (int i = 2; layers.Has($"{name}.conv{i}"); i++) branch = Normalized(Relu(branch), $"{name}.conv{i}", $"{name}.bn{i}");
        var shortcut = layers.Has($"{name}.downsample") ? Normalized(x, $"{name}.downsample.0", $"{name}.downsample.1") : x;
        return Relu(graph.Plus(branch, shortcut));
    }

    private string Stem(string clips, int pathway)
    {
        var x = Relu(Normalized(clips, $"s1.pathway{pathway}_stem.conv", $"s1.pathway{pathway}_stem.bn"));
        return graph.MaxPool(x, Models.Convolution.Stem.PoolSize, Models.Convolution.Stem.PoolStride, Models.Convolution.Stem.PoolPadding);
    }

    private string Stage(string x, int stage, int pathway)
    {
        for (int block = 0; layers.Has($"s{stage}.pathway{pathway}_res{block}"); block++)
        {
            x = ResidualBlock(x, $"s{stage}.pathway{pathway}_res{block}");
        }
        return x;
    }

    private string ResidualBlock(string x, string name)
    {
        var shortcut = layers.Has($"{name}.branch1") ? Normalized(x, $"{name}.branch1", $"{name}.branch1_bn") : x;
        var branch = Relu(Normalized(x, $"{name}.branch2.a", $"{name}.branch2.a_bn"));
        branch = Relu(Normalized(branch, $"{name}.branch2.b", $"{name}.branch2.b_bn"));
        return Relu(graph.Plus(Normalized(branch, $"{name}.branch2.c", $"{name}.branch2.c_bn"), shortcut));
    }

    private string Normalized(string x, string convolution, string norm) => layers.BatchNorm(layers.Convolution(x, convolution), norm);

    private string Relu(string x) => graph.Node("Relu", [x]);
}
