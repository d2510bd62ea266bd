using TimeSformer.Checkpoints.Formats;
using TimeSformer.Checkpoints.Onnx;
using TimeSformer.Models;
using static TorchSharp.torch;

namespace TimeSformer.Checkpoints;

/// <summary>A format that a model can be written in.</summary>
public enum CheckpointFormat
{
    /// <summary>A folder with <c>model.safetensors</c> and <c>checkpoint.json</c>.</summary>
    Native,

    /// <summary>
    /// A PyTorch file with the weights under <c>model_state</c>. TimeSformer's official code reads its own, whose names begin with
    /// <c>model.</c>, and PySlowFast an I3D or a SlowFast; other models are for this program alone.
    /// </summary>
    Official,

    /// <summary>
    /// A folder with <c>model.safetensors</c> and <c>config.json</c> that TimesformerForVideoClassification reads, or those of ViViT or
    /// VideoMAE, and <c>preprocessor_config.json</c> for VideoMAEImageProcessor. VideoMAE there has no bias of keys, on which nothing
    /// depends, and adds 1e-5 to the variance in the norm of the mean.
    /// </summary>
    HuggingFace,

    /// <summary>
    /// An ONNX file, which other runtimes compute and this library does not read. Its metadata_props, described in
    /// <see cref="OnnxMetadata.Of"/>, say how clips are made and what the classes are.
    /// </summary>
    Onnx,
}

/// <summary>Converts models between formats.</summary>
public static class CheckpointConverter
{
    /// <summary>Reads a model in any format and writes it in another; float32 weights are preserved bit by bit.</summary>
    /// <param name="given">What goes before all that the input says.</param>
    /// <exception cref="CheckpointException">The input is not a whole model, or the output already exists.</exception>
    /// <exception cref="InputException">The format cannot store such a model.</exception>
    public static ModelInfo Convert(string input, string output, CheckpointFormat format, ModelFacts? given = null)
    {
        var (model, info) = Checkpoint.LoadModel(input, given);
        using (model) Write(output, format, model, info);
        return info;
    }

    /// <summary>Writes a model; the output appears under its name only once it is complete.</summary>
    /// <exception cref="CheckpointException">The output already exists.</exception>
    /// <exception cref="InputException">The format cannot store such a model.</exception>
    /// <exception cref="IOException">The output could not be written.</exception>
    public static void Write(string output, CheckpointFormat format, VideoModel model, ModelInfo info)
    {
        if (Path.Exists(output)) throw new CheckpointException(output, "it already exists; choose another path or delete it");
        using var scope = NewDisposeScope();
        var weights = model.state_dict();
        switch (format)
        {
            case CheckpointFormat.Official:
                var prefix = info.Model is TimeSformerConfig ? "model." : "";
                var renamed = weights.Select(weight => KeyValuePair.Create($"{prefix}{weight.Key}", (object?)weight.Value));
                TorchWriter.Write(output, new OrderedDictionary<string, object?>(
                    [new("model_state", new OrderedDictionary<string, object?>(renamed)), new(ModelInfo.TorchKey, info.ToJson())]));
                break;
            case CheckpointFormat.HuggingFace:
                var (config, family) = HuggingFaceWriter.Write(info);
                var named = weights.SelectMany(weight => family.Store(weight.Key, weight.Value));
                (string, string)[] texts =
                    [(HuggingFaceConfig.FileName, config), (HuggingFacePreprocessor.FileName, HuggingFacePreprocessor.Write(info))];
                WriteFolder(output, texts, named, new() { ["format"] = "pt" });
                break;
            case CheckpointFormat.Onnx:
                OnnxFile.Write(output, model, OnnxMetadata.Of(info));
                break;
            default:
                WriteFolder(output, [(ModelInfo.FileName, info.ToJson())], weights);
                break;
        }
    }

    private static void WriteFolder(
        string output, IEnumerable<(string Name, string Text)> texts, IEnumerable<KeyValuePair<string, Tensor>> weights,
        Dictionary<string, string>? metadata = null)
    {
        var partial = $"{Path.TrimEndingDirectorySeparator(output)}.{Guid.NewGuid():N}.partial";
        Directory.CreateDirectory(partial);
        try
        {
            SafeTensors.Write(Path.Combine(partial, Checkpoint.WeightsName), weights, metadata);
            foreach (var (name, text) in texts) File.WriteAllText(Path.Combine(partial, name), text);
            Directory.Move(partial, output);
        }
        finally
        {
            if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
        }
    }
}
