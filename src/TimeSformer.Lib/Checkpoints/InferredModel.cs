using TimeSformer.Checkpoints.Formats;
using TimeSformer.Models;
using TimeSformer.Video;

namespace TimeSformer.Checkpoints;

/// <summary>
/// Describes a model that no description of this program goes with: by the files that its publisher puts beside the weights or in them, by
/// the shapes of the weights, and by what is usual for such models; what is then assumed is listed.
/// </summary>
internal static class InferredModel
{
    /// <summary>The description.</summary>
    /// <param name="given">Goes before all that files say.</param>
    /// <exception cref="CheckpointException">The file is not a whole model, or what is beside it contradicts it.</exception>
    public static ModelInfo Of(TensorFile file, NamedWeights weights, ModelFacts given)
    {
        var (model, found) = Found(file, weights, given);
        var facts = given.Or(found);
        var usual = given.Preset is { } preset && preset.Model.GetType() == model.GetType() ? preset : Preset.Of(model);
        List<Assumption> assumed = [];
        T Or<T>(T? stated, T otherwise, string name, string option)
            where T : struct
        {
            if (stated is null) assumed.Add(new($"{name} {otherwise}", option));
            return stated ?? otherwise;
        }

        IReadOnlyList<double> Colors(IReadOnlyList<double>? stated, IReadOnlyList<double> otherwise, string name)
        {
            if (stated is null) assumed.Add(new($"{name} {ClipNormalization.Text(otherwise)}", $"--{name}"));
            return stated ?? otherwise;
        }

        if (model is TransformerConfig sizes) model = sizes with { NumHeads = Or(facts.NumHeads, sizes.NumHeads, "heads", "--heads") };
        int? told = model is TimeSformerConfig { HasTimeEmbedding: true } or ViViTConfig ? model.NumFrames : null;
        int usualFrames = model is TimeSformerConfig ? model.NumFrames : usual.Model.NumFrames;
        model = model with
        {
            NumFrames = Or(facts.NumFrames ?? told, usualFrames, "frames", "--frames"),
            ImageSize = facts.ImageSize ?? model.ImageSize,
        };
        int rate = Or(facts.SamplingRate, usual.RateFor(model.NumFrames), "sampling rate", "--sampling-rate");
        ClipNormalization normalization = new(Colors(facts.Mean, usual.Mean, "mean"), Colors(facts.Std, usual.Std, "std"));
        var names = Enumerable.Range(0, model.NumClasses).Select(facts.Classes.GetValueOrDefault).ToList();
        if (names.Contains(null)) assumed.Add(new("class names that are only numbers", "--labels"));
        assumed.AddRange(facts.Notes.Select(note => new Assumption(note)));
        return new(model, [.. names.Select((name, label) => name ?? $"class {label}")], rate)
        {
            Normalization = normalization,
            ShortSide = facts.ShortSide ?? (facts.ImageSize is null ? usual.ShortSide : null),
            Assumed = assumed,
        };
    }

    // The sizes of the weights, and what is said beside them.
    private static (VideoModelConfig Sizes, ModelFacts Facts) Found(TensorFile file, NamedWeights weights, ModelFacts given)
    {
        var config = ModelInfo.Beside(file, HuggingFaceConfig.FileName);
        var preprocessor = ModelInfo.Beside(file, HuggingFacePreprocessor.FileName);
        bool isHuggingFace = weights.Family.IsHuggingFace;
        var (sizes, facts) = !isHuggingFace || !File.Exists(config) ? OfWeights() : TubeletWeights.Are(weights) ? OfRival() : OfViT();
        if (given.Preset?.Model is VisionTransformerConfig && sizes is TimeSformerConfig image) sizes = AsImageModel(file.Path, image);
        if (isHuggingFace && File.Exists(preprocessor)) facts = facts.Or(HuggingFacePreprocessor.Read(preprocessor));
        return (sizes, facts);

        (VideoModelConfig, ModelFacts) OfWeights()
        {
            if (TubeletWeights.Are(weights)) return (TubeletWeights.Infer(weights, given), new());
            var text = OfficialConfig.TextIn(file);
            if (PathwayWeights.Are(weights))
            {
                var pathways = PathwayWeights.Infer(weights);
                return text is null ? (pathways, new()) : OfficialConfig.ReadPathways(text, pathways);
            }
            var inferred = TimeSformerWeights.Infer(weights, given.NumHeads);
            return (inferred, text is null ? new() : OfficialConfig.Read(text, inferred));
        }

        (VideoModelConfig, ModelFacts) OfViT()
        {
            var theirs = HuggingFaceViT.Read(config, isVideo: weights.Family == Naming.HuggingFaceTimeSformer);
            return (theirs.Complete(TimeSformerWeights.Infer(weights, given.NumHeads ?? theirs.NumHeads), config), new()
            {
                NumHeads = theirs.NumHeads, NumFrames = theirs.NumFrames, SamplingRate = theirs.SamplingRate, Classes = theirs.Labels,
            });
        }

        (VideoModelConfig, ModelFacts) OfRival()
        {
            var theirs = HuggingFaceRival.Read(config);
            // A classifier can have the sizes of a pre-training, whose weights have no head.
            ModelInfo.RequireSizes(weights, (VideoModelConfig?)theirs.Pretraining ?? theirs.Model);
            return (theirs.Model, new()
            {
                NumHeads = theirs.Model.NumHeads, NumFrames = theirs.Model.NumFrames, SamplingRate = theirs.SamplingRate,
                Classes = theirs.Labels,
            });
        }
    }

    private static VisionTransformerConfig AsImageModel(string path, TimeSformerConfig sizes) =>
        sizes.Attention is Models.Attention.AttentionScheme.SpaceOnly
            ? new()
            {
                NumClasses = sizes.NumClasses, ImageSize = sizes.ImageSize, InChannels = sizes.InChannels, PatchSize = sizes.PatchSize,
                EmbedDim = sizes.EmbedDim, Depth = sizes.Depth, NumHeads = sizes.NumHeads, MlpRatio = sizes.MlpRatio,
                QkvBias = sizes.QkvBias, LayerNormEps = sizes.LayerNormEps,
            }
            : throw new CheckpointException(path, $"its weights are of a model with {sizes.Attention}, not of an image model");
}
