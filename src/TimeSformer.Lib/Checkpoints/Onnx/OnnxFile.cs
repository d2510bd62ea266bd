using Google.Protobuf;
using Onnx;
using TimeSformer.Checkpoints.Formats;
using TimeSformer.Models;
using static TorchSharp.torch;

namespace TimeSformer.Checkpoints.Onnx;

/// <summary>
/// Writes models as ONNX files (https://onnx.ai, operators of version <see cref="OnnxGraph.OperatorSet"/>, float32), which other runtimes
/// compute without this library, among them ONNX Runtime from 1.17 on.
/// </summary>
internal static class OnnxFile
{
    private const string Input = "clips", Output = "logits", Batch = "batch";

    // The version of the format that came with the operators. A message of Protocol Buffers has less than 2 GiB, here with room for nodes.
    private const long FormatVersion = 9, MaxWeights = (int.MaxValue - (1L << 26)) / sizeof(float);

    /// <summary>
    /// Writes a model in evaluation mode: <c>clips</c> (batch, C, T, H, W), normalized RGB of the model's own sizes, to <c>logits</c>
    /// (batch, classes), for a batch of any size. The file appears under its name only once it is complete.
    /// </summary>
    /// <param name="metadata">The file's metadata_props.</param>
    /// <exception cref="InputException">The model is no classifier, or has too many weights for a file.</exception>
    /// <exception cref="IOException">The file could not be written.</exception>
    public static void Write(string path, VideoModel model, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        long weights = model.parameters().Sum(weight => weight.numel());
        if (weights > MaxWeights) throw new InputException($"an ONNX file holds less than 2 GiB, but the model has {weights:N0} weights");
        var file = Describe(model, metadata);
        TensorFile.WriteWhole(path, file.CalculateSize(), file.WriteTo);
    }

    private static ModelProto Describe(VideoModel model, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var config = model.Config;
        var layers = new OnnxLayers(model);
        var convolutions = new ConvolutionGraph(layers);
        var features = config switch
        {
            TransformerConfig sizes => new TransformerGraph(layers, sizes).Features(Input),
            I3DConfig => convolutions.I3D(Input),
            SlowFastConfig sizes => convolutions.SlowFast(sizes, Input),
            CnnGruConfig sizes => convolutions.CnnGru(sizes, Input),
            _ => throw new InputException($"this model cannot be written as ONNX, because it is no classifier: {config.Summary}"),
        };
        layers.Linear(features, model.HeadName);
        var graph = layers.Graph.Proto;
        graph.Node[^1].Output[0] = Output;
        graph.Input.Add(Floats(Input, config.InChannels, config.NumFrames, config.ImageSize, config.ImageSize));
        graph.Output.Add(Floats(Output, config.NumClasses));
        return new()
        {
            IrVersion = FormatVersion,
            OpsetImport = { new OperatorSetIdProto { Version = OnnxGraph.OperatorSet } },
            ProducerName = "TimeSformer for .NET",
            DocString = config.Summary,
            Graph = graph,
            MetadataProps = { metadata.Select(entry => new StringStringEntryProto { Key = entry.Key, Value = entry.Value }) },
        };
    }

    // (batch, ...)
    private static ValueInfoProto Floats(string name, params IEnumerable<int> sizes)
    {
        var shape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimParam = Batch } } };
        shape.Dim.Add(sizes.Select(size => new TensorShapeProto.Types.Dimension { DimValue = size }));
        var type = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape };
        return new() { Name = name, Type = new() { TensorType = type } };
    }
}
