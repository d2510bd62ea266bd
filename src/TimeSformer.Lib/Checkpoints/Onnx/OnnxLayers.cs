using TimeSformer.Models;
using TimeSformer.Models.Convolution;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TimeSformer.Checkpoints.Onnx;

/// <summary>A model's layers as nodes of a graph, by their names, which weights keep; those of linear layers are transposed.</summary>
internal sealed class OnnxLayers(VideoModel model)
{
    private readonly Dictionary<string, nn.Module> modules =
        model.named_modules().ToDictionary(named => named.name, named => named.module);

    private readonly Dictionary<string, Tensor> weights = model.state_dict();

    /// <summary>The nodes so far.</summary>
    public OnnxGraph Graph { get; } = new();

    /// <summary>The model's layer of a name.</summary>
    public T Layer<T>(string name) where T : nn.Module => (T)modules[name];

    /// <summary>Whether the model has a layer of a name.</summary>
    public bool Has(string name) => modules.ContainsKey(name);

    /// <summary>A weight; the caller does not dispose of it.</summary>
    public Tensor Weight(string name) => weights[name];

    /// <summary>(..., D) to (..., D').</summary>
    public string Linear(string x, string name)
    {
        using var transposed = Weight($"{name}.weight").t();
        var product = Graph.MatMul(x, Graph.Constant($"{name}.weight.T", transposed));
        return weights.ContainsKey($"{name}.bias") ? Graph.Plus(product, Constant($"{name}.bias")) : product;
    }

    /// <summary>(..., D) to (..., D).</summary>
    public string LayerNorm(string x, string name) => Graph.Node(
        "LayerNormalization", [x, Constant($"{name}.weight"), Constant($"{name}.bias")],
        ("axis", -1L), ("epsilon", (float)Layer<LayerNorm>(name).eps));

    /// <summary>(B, C, ...) to (B, C', ...).</summary>
    public string Convolution(string x, string name)
    {
        var layer = Layer<TorchSharp.Modules.Convolution>(name);
        var weight = Constant($"{name}.weight");
        return Graph.Node(
            "Conv", layer.bias is null ? [x, weight] : [x, weight, Constant($"{name}.bias")],
            ("strides", layer.stride!), ("pads", (long[])[.. layer.padding!, .. layer.padding!]));
    }

    /// <summary>(B, C, ...) to (B, C, ...) with the running statistics.</summary>
    public string BatchNorm(string x, string name) => Graph.Node(
        "BatchNormalization",
        [
            x, Constant($"{name}.weight"), Constant($"{name}.bias"), Constant($"{name}.running_mean"), Constant($"{name}.running_var"),
        ],
        ("epsilon", (float)BatchNormalization.Eps));

    /// <summary>Sequences (T, B, D) to the states after each element (T, B, D').</summary>
    public string Gru(string x, string name)
    {
        using var scope = NewDisposeScope();
        // PyTorch orders the gates as reset, update, new; ONNX as update, reset, hidden.
        Tensor Gates(string weight)
        {
            var gates = Weight($"{name}.{weight}_l0").chunk(3);
            return cat([gates[1], gates[0], gates[2]]).unsqueeze(0);
        }
        var hidden = Gates("weight_hh");                                                              // (1, 3D', D')
        string[] inputs =
        [
            x, Graph.Constant($"{name}.weight_ih", Gates("weight_ih")), Graph.Constant($"{name}.weight_hh", hidden),
            Graph.Constant($"{name}.bias", cat([Gates("bias_ih"), Gates("bias_hh")], 1)),
        ];
        var states = Graph.Node("GRU", inputs, ("hidden_size", hidden.shape[2]), ("linear_before_reset", 1L)); // (T, 1, B, D')
        return Graph.Select(states, 1, 0);
    }

    private string Constant(string weight) => Graph.Constant(weight, Weight(weight));
}
