using System.Runtime.InteropServices;
using TimeSformer.Checkpoints;
using TimeSformer.Costs;
using TimeSformer.Data;
using TimeSformer.Models;
using TimeSformer.Training;
using TimeSformer.Video;
using static TorchSharp.torch;

namespace TimeSformer.Notebooks.Explain;

/// <summary>
/// One HTML page in which trained models run by themselves: they classify the motion of a shape that the reader drags, and the page shows
/// what their tokens attend to. It loads nothing from anywhere.
/// </summary>
/// <remarks>Its parts are the files beside this one; <c>model.js</c> is the forward pass.</remarks>
public static class ExplainPage
{
    // Of weights, before they are written as text.
    private const long MostBytes = 3_000_000;

    private static readonly IReadOnlyList<string> motions = ProceduralVideos.ClassNames(ProceduralFamily.Motion);

    /// <summary>The page of some trained models, each of another attention scheme; it opens with the first.</summary>
    /// <param name="checkpoints">
    /// What <see cref="Checkpoint.LoadModel"/> takes. One model's weights are written as float32 if they fit, several models' as float16.
    /// </param>
    /// <exception cref="InputException">
    /// A model is no TimeSformer that tells the eight procedural motions apart, two have the same scheme or differ in their sizes, or the
    /// weights are too many for a page.
    /// </exception>
    /// <exception cref="Checkpoints.Formats.CheckpointException">There is no model, or its file is damaged.</exception>
    public static string Html(IReadOnlyList<string> checkpoints)
    {
        var models = checkpoints.Select(path => (Path: path, Info: Checkpoint.Describe(path))).ToList();
        var sizes = models.ConvertAll(model => Sizes(model.Path, model.Info));
        RequireAlike(models, sizes);
        bool isHalf = IsHalf(checkpoints, sizes);
        var data = new
        {
            Classes = motions, Hidden = (int)(sizes[0].EmbedDim * sizes[0].MlpRatio),
            Provenance = $"The weights are those of training{(isHalf ? ", rounded to 16 bits" : "")}.",
            Models = checkpoints.Select(path => Describe(path, isHalf)),
        };
        return EmbeddedPage.Html("Explain", "Divided space-time attention, live", data);
    }

    private static TimeSformerConfig Sizes(string path, ModelInfo info)
    {
        if (info.Model is not TimeSformerConfig sizes)
        {
            throw new InputException($"{path}: the page explains TimeSformer, this model is another ({info.Model.Summary})");
        }
        if (!info.Classes.SequenceEqual(motions))
        {
            var some = string.Join(", ", info.Classes.Take(3)) + (info.Classes.Count > 3 ? ", ..." : "");
            throw new InputException($"{path}: the page draws clips of the demo's eight motions, this model's classes are {some}; "
                + "name one that was trained on those motions");
        }
        return sizes;
    }

    private static void RequireAlike(List<(string Path, ModelInfo Info)> models, List<TimeSformerConfig> sizes)
    {
        for (int k = 1; k < models.Count; k++)
        {
            var scheme = RecipeFile.NameOf(sizes[k].Attention);
            int same = sizes.FindIndex(other => other.Attention == sizes[k].Attention);
            if (same < k) throw new InputException($"{models[same].Path} and {models[k].Path} are both {scheme}; name one of them");
            if (Shape(k) != Shape(0))
            {
                throw new InputException($"{models[0].Path} and {models[k].Path} differ in their sizes or the clips that they take "
                    + $"({Shape(0)}; {Shape(k)}); the page needs models that differ in their attention alone");
            }
        }

        string Shape(int k)
        {
            var (size, colors) = (sizes[k], models[k].Info.Normalization);
            return $"{size.NumFrames}x{size.ImageSize}x{size.ImageSize} in patches of {size.PatchSize}, {size.Depth} blocks of width "
                + $"{size.EmbedDim} and {size.EmbedDim * size.MlpRatio}, {size.NumHeads} heads, "
                + $"mean {ClipNormalization.Text(colors.Mean)}, std {ClipNormalization.Text(colors.Std)}";
        }
    }

    private static bool IsHalf(IReadOnlyList<string> checkpoints, List<TimeSformerConfig> sizes)
    {
        long weights = sizes.Sum(each => CostModel.Of(each).Parameters);
        if (checkpoints.Count == 1 && sizeof(float) * weights <= MostBytes) return false;
        long bytes = weights * Marshal.SizeOf<Half>();
        if (bytes <= MostBytes) return true;
        throw new InputException($"{string.Join(", ", checkpoints)}: {bytes / 1e6:0.0} MB of weights in float16 are too many for a page, "
            + $"which holds {MostBytes / 1e6:0} MB; it is made for models of the tiny preset");
    }

    private static object Describe(string path, bool isHalf)
    {
        var (model, info) = Checkpoint.LoadModel(path);
        using var owned = model;
        using var scope = NewDisposeScope();
        var sizes = (TimeSformerConfig)info.Model;
        using var bytes = new MemoryStream();
        List<object[]> weights = [];
        foreach (var (name, weight) in model.state_dict())
        {
            weights.Add([name, weight.numel()]);
            bytes.Write(weight.to_type(isHalf ? ScalarType.Float16 : ScalarType.Float32).contiguous().bytes);
        }
        return new
        {
            Scheme = RecipeFile.NameOf(sizes.Attention), Frames = sizes.NumFrames, sizes.ImageSize, sizes.PatchSize,
            Width = sizes.EmbedDim, sizes.Depth, Heads = sizes.NumHeads, Eps = sizes.LayerNormEps,
            info.Normalization.Mean, info.Normalization.Std, Half = isHalf, Weights = weights,
            Data = Convert.ToBase64String(bytes.GetBuffer(), 0, (int)bytes.Length),
        };
    }
}
