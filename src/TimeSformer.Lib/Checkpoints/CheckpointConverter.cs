using System.Text;
using TimeSformer.Checkpoints.Naming;
using TimeSformer.Models;
using static TorchSharp.torch;

namespace TimeSformer.Checkpoints;

/// <summary>What a model can be written as.</summary>
public enum CheckpointFormat
{
    /// <summary>A folder with <c>model.safetensors</c> and <c>checkpoint.json</c>.</summary>
    Ours,

    /// <summary>A PyTorch file as the official code reads it: <c>model_state</c> with names that begin with <c>model.</c></summary>
    Official,

    /// <summary>A folder with <c>model.safetensors</c> and <c>config.json</c> that TimesformerForVideoClassification reads.</summary>
    HuggingFace,
}

/// <summary>Writes models in the formats of others.</summary>
public static class CheckpointConverter
{
    private const string Weights = "model.safetensors";

    /// <summary>Reads a model in any format and writes it in another; weights in float32 stay the same bit by bit.</summary>
    /// <param name="heads">The number of heads, where the input does not tell it and they are not 64 wide.</param>
    /// <exception cref="CheckpointException">The input is no whole model, or the output is there already.</exception>
    /// <exception cref="InputException">The format has no place for such a model.</exception>
    public static CheckpointInfo Convert(string input, string output, CheckpointFormat format, int? heads = null)
    {
        var (model, info) = Checkpoint.LoadModel(input, heads);
        using (model) Write(output, format, model, info);
        return info;
    }

    /// <summary>Writes a model; what is written appears under its name only when it is whole.</summary>
    /// <exception cref="CheckpointException">The output is there already.</exception>
    /// <exception cref="InputException">The format has no place for such a model.</exception>
    /// <exception cref="IOException">The output could not be written.</exception>
    public static void Write(string output, CheckpointFormat format, TimeSformerModel model, CheckpointInfo info)
    {
        if (Path.Exists(output)) throw new CheckpointException(output, "it is there already; name another place or remove it");
        using var scope = NewDisposeScope();
        var weights = model.state_dict();
        switch (format)
        {
            case CheckpointFormat.Official:
                TorchWriter.Write(output, new OrderedDictionary<string, object?>
                {
                    ["model_state"] = new OrderedDictionary<string, object?>(weights.Select(weight => KeyValuePair.Create($"model.{weight.Key}", (object?)weight.Value))),
                    [ModelDescription.InfoKey] = Encoding.UTF8.GetString(info.ToJson()),
                });
                break;
            case CheckpointFormat.HuggingFace:
                var config = Encoding.UTF8.GetBytes(HuggingFaceConfig.Write(info));
                var renamed = weights.Select(weight => KeyValuePair.Create(HuggingFaceTimeSformerNames.Family.NameOf(weight.Key), weight.Value));
                WriteFolder(output, HuggingFaceConfig.FileName, config, renamed, new Dictionary<string, string> { ["format"] = "pt" });
                break;
            default:
                WriteFolder(output, Checkpoint.InfoName, info.ToJson(), weights, metadata: null);
                break;
        }
    }

    private static void WriteFolder(string output, string infoName, byte[] info, IEnumerable<KeyValuePair<string, Tensor>> weights, Dictionary<string, string>? metadata)
    {
        var partial = $"{Path.TrimEndingDirectorySeparator(output)}.{Guid.NewGuid():N}.partial";
        Directory.CreateDirectory(partial);
        try
        {
            SafeTensors.Write(Path.Combine(partial, Weights), weights, metadata);
            File.WriteAllBytes(Path.Combine(partial, infoName), info);
            Directory.Move(partial, output);
        }
        catch
        {
            Directory.Delete(partial, recursive: true);
            throw;
        }
    }
}
