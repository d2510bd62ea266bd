using System.Runtime.InteropServices;
using TimeSformer.Checkpoints.Formats;
using static TorchSharp.torch;

namespace TimeSformer.Checkpoints;

/// <summary>How each publisher names and lays out a model's weights. The library's own state dict uses the official names.</summary>
internal static partial class Naming
{
    private static readonly WeightRule[] officialRules =
    [
        new("cls_token", ["cls_token"]),
        new("pos_embed", ["pos_embed"]),
        new("time_embed", ["time_embed"]),
        .. Layer("patch_embed.proj", "patch_embed.proj"),
        .. new[]
        {
            "norm1", "attn.qkv", "attn.proj", "temporal_norm1", "temporal_attn.qkv", "temporal_attn.proj", "temporal_fc",
            "local_norm1", "local_attn.qkv", "local_attn.proj", "local_fc", "width_norm1", "width_attn.qkv", "width_attn.proj", "width_fc",
            "norm2", "mlp.fc1", "mlp.fc2",
        }.SelectMany(layer => Layer($"blocks.*.{layer}", $"blocks.*.{layer}")),
        .. Layer("norm", "norm"),
        .. FactorizedViViTRules(),
        .. Layer("head", "head"),
    ];

    private static readonly string[] imageAnchors = ["embeddings.cls_token", "encoder.layer.0.attention.attention.query.weight"];

    /// <summary>TimesformerForVideoClassification and TimesformerModel of Hugging Face's transformers.</summary>
    public static NamingFamily HuggingFaceTimeSformer { get; } = new(
        "Hugging Face TimeSformer", "timesformer.", ["embeddings.cls_token", "encoder.layer.0.attention.attention.qkv.weight"],
    [
        .. HuggingFaceRules("timesformer.", "classifier"),
        new("time_embed", ["timesformer.embeddings.time_embeddings"]),
        .. Layer("blocks.*.attn.qkv", "timesformer.encoder.layer.*.attention.attention.qkv"),
        .. Layer("blocks.*.temporal_norm1", "timesformer.encoder.layer.*.temporal_layernorm"),
        .. Layer("blocks.*.temporal_attn.qkv", "timesformer.encoder.layer.*.temporal_attention.attention.qkv"),
        .. Layer("blocks.*.temporal_attn.proj", "timesformer.encoder.layer.*.temporal_attention.output.dense"),
        .. Layer("blocks.*.temporal_fc", "timesformer.encoder.layer.*.temporal_dense"),
    ]);

    // The .npz files of google-research/vision_transformer. Flax stores kernels with the input first: a convolution (H, W, in, out), a
    // linear layer (in, out), attention with separate heads: queries (D, A, D/A), the output (A, D/A, D).
    private static readonly NamingFamily googleViT = new("Google ViT", "", ["cls", "Transformer/encoderblock_0/LayerNorm_0/scale"],
    [
        new("cls_token", ["cls"]),
        new("pos_embed", ["Transformer/posembed_input/pos_embedding"]),
        new("patch_embed.proj.weight", ["embedding/kernel"], kernel => kernel.permute(3, 2, 0, 1)),
        new("patch_embed.proj.bias", ["embedding/bias"]),
        .. FlaxNorm("blocks.*.norm1", "Transformer/encoderblock_*/LayerNorm_0"),
        new("blocks.*.attn.qkv.weight", FlaxQueryKeyValue("kernel"), kernel => kernel.flatten(1).t()),
        new("blocks.*.attn.qkv.bias", FlaxQueryKeyValue("bias"), bias => bias.flatten()),
        new("blocks.*.attn.proj.weight", [FlaxAttention("out/kernel")], kernel => kernel.flatten(0, 1).t()),
        new("blocks.*.attn.proj.bias", [FlaxAttention("out/bias")]),
        .. FlaxNorm("blocks.*.norm2", "Transformer/encoderblock_*/LayerNorm_2"),
        .. FlaxDense("blocks.*.mlp.fc1", "Transformer/encoderblock_*/MlpBlock_3/Dense_0"),
        .. FlaxDense("blocks.*.mlp.fc2", "Transformer/encoderblock_*/MlpBlock_3/Dense_1"),
        .. FlaxNorm("norm", "Transformer/encoder_norm"),
        .. FlaxDense("head", "head"),
    ]);

    /// <summary>VivitForVideoClassification of Hugging Face's transformers.</summary>
    public static NamingFamily HuggingFaceViViT { get; } = new(
        "Hugging Face ViViT", "vivit.", imageAnchors, HuggingFaceImageRules("vivit.", "classifier"));

    /// <summary>VideoMAEForVideoClassification and VideoMAEForPreTraining of Hugging Face's transformers.</summary>
    public static NamingFamily HuggingFaceVideoMae { get; } = new(
        "Hugging Face VideoMAE", "videomae.",
        ["embeddings.patch_embeddings.projection.weight", "encoder.layer.0.attention.attention.query.weight"],
        HuggingFaceVideoMaeRules());

    /// <summary>All families, in the order in which they are tried.</summary>
    public static IReadOnlyList<NamingFamily> All { get; } =
    [
        new("distilled DeiT", "", ["dist_token", "blocks.0.attn.qkv.weight"], WithoutDistillationToken(officialRules)),
        // facebookresearch/TimeSformer, whose files add `model.`, and image ViTs with the same names: timm, DeiT, MAE.
        new("official", "", ["cls_token", "blocks.0.attn.qkv.weight"], officialRules),
        HuggingFaceTimeSformer,
        new("Hugging Face distilled DeiT", "deit.", ["embeddings.distillation_token", .. imageAnchors],
            WithoutDistillationToken(HuggingFaceImageRules("deit.", "cls_classifier"))),
        new("Hugging Face ViT", "vit.", imageAnchors, HuggingFaceImageRules("vit.", "classifier")),
        new("Hugging Face DeiT", "deit.", imageAnchors, HuggingFaceImageRules("deit.", "classifier")),
        googleViT,
        .. ConvolutionNames.Families,
        .. Rivals(),
    ];

    private static WeightRule[] HuggingFaceRules(string stem, string head) =>
    [
        new("cls_token", [$"{stem}embeddings.cls_token"]),
        new("pos_embed", [$"{stem}embeddings.position_embeddings"]),
        .. Layer("patch_embed.proj", $"{stem}embeddings.patch_embeddings.projection"),
        .. Layer("blocks.*.norm1", $"{stem}encoder.layer.*.layernorm_before"),
        .. Layer("blocks.*.attn.proj", $"{stem}encoder.layer.*.attention.output.dense"),
        .. Layer("blocks.*.norm2", $"{stem}encoder.layer.*.layernorm_after"),
        .. Layer("blocks.*.mlp.fc1", $"{stem}encoder.layer.*.intermediate.dense"),
        .. Layer("blocks.*.mlp.fc2", $"{stem}encoder.layer.*.output.dense"),
        .. Layer("norm", $"{stem}layernorm"),
        .. Layer("head", head),
    ];

    private static WeightRule[] HuggingFaceImageRules(string stem, string head)
    {
        var attention = $"{stem}encoder.layer.*.attention.attention";
        return
        [
            .. HuggingFaceRules(stem, head),
            .. Layer("blocks.*.attn.qkv", $"{attention}.query", $"{attention}.key", $"{attention}.value"),
        ];
    }

    // Weight and bias of a layer that needs no change of layout.
    private static WeightRule[] Layer(string name, params string[] sources) =>
    [
        new($"{name}.weight", [.. sources.Select(source => $"{source}.weight")]),
        new($"{name}.bias", [.. sources.Select(source => $"{source}.bias")]),
    ];

    private static WeightRule[] FlaxNorm(string name, string source) =>
        [new($"{name}.weight", [$"{source}/scale"]), new($"{name}.bias", [$"{source}/bias"])];

    private static WeightRule[] FlaxDense(string name, string source) =>
        [new($"{name}.weight", [$"{source}/kernel"], kernel => kernel.t()), new($"{name}.bias", [$"{source}/bias"])];

    private static string FlaxAttention(string name) => $"Transformer/encoderblock_*/MultiHeadDotProductAttention_1/{name}";

    private static string[] FlaxQueryKeyValue(string kind) =>
        [FlaxAttention($"query/{kind}"), FlaxAttention($"key/{kind}"), FlaxAttention($"value/{kind}")];

    // Position embeddings (1, 2 + N, D) of class token, distillation token and patches become (1, 1 + N, D).
    private static WeightRule[] WithoutDistillationToken(IEnumerable<WeightRule> rules) => [.. rules.Select(rule =>
        rule.Name == "pos_embed" ? rule with { Transform = embeddings => cat([embeddings[.., ..1], embeddings[.., 2..]], 1) } : rule)];
}

/// <summary>
/// Where a family of checkpoints stores one of the library's weights. An asterisk stands for the block's index. Several sources are
/// stacked along the first dimension, as queries, keys and values are, unless `Join` does otherwise, which `Split` undoes; `Transform` is
/// null if they have the library's layout.
/// </summary>
internal sealed record WeightRule(
    string Name, IReadOnlyList<string> Sources, Func<Tensor, Tensor>? Transform = null, Func<Tensor[], Tensor>? Join = null,
    Func<Tensor, Tensor[]>? Split = null);

/// <summary>The names that one kind of checkpoint gives its weights.</summary>
/// <param name="Stem">What most names begin with, such as <c>timesformer.</c>; files of a model without its head omit it.</param>
/// <param name="Anchors">Names, without the stem, that every file of this kind has and others do not.</param>
/// <param name="Rename">
/// Instead of rules, tells the library's name of each tensor by itself, or null for one that no model has; they have the library's layout.
/// </param>
/// <param name="IsTraining">Whether a tensor that no model has is the training's, which is passed over.</param>
internal sealed record NamingFamily(
    string Name, string Stem, IReadOnlyList<string> Anchors, IReadOnlyList<WeightRule> Rules, Func<string, string?>? Rename = null,
    Func<string, bool>? IsTraining = null)
{
    /// <summary>Whether Hugging Face's files, such as preprocessor_config.json, may describe it.</summary>
    public bool IsHuggingFace => Name.StartsWith("Hugging Face", StringComparison.Ordinal);

    /// <summary>The prefixes to remove from and to add to a file's names to get this family's; null if it belongs to another.</summary>
    public (string Remove, string Add)? Fit(IEnumerable<string> names)
    {
        var known = names.ToHashSet();
        // What precedes the first anchor precedes all names.
        foreach (var name in known.Where(name => name.EndsWith(Anchors[0], StringComparison.Ordinal)).OrderBy(name => name.Length))
        {
            var before = name[..^Anchors[0].Length];
            if (before.Length > 0 && before[^1] is not ('.' or '/')) continue;
            if (!Anchors.All(anchor => known.Contains(before + anchor))) continue;
            bool hasStem = before.EndsWith(Stem, StringComparison.Ordinal)
                && (before.Length == Stem.Length || before[^(Stem.Length + 1)] is '.' or '/');
            if (hasStem) return (before[..^Stem.Length], "");
            if (before.Length == 0) return ("", Stem);
        }
        return null;
    }

    /// <summary>What this family stores of a weight, under its names.</summary>
    /// <exception cref="ArgumentException">It does not store the weight, or in another layout.</exception>
    public IEnumerable<KeyValuePair<string, Tensor>> Store(string weight, Tensor value)
    {
        var parts = weight.Split('.');
        bool inBlock = parts.Length > 2 && parts[0] == "blocks";
        var pattern = inBlock ? string.Join('.', [parts[0], "*", .. parts[2..]]) : weight;
        if (Rules.FirstOrDefault(rule => rule.Name == pattern) is not { Transform: null } rule)
        {
            throw new ArgumentException($"a {Name} checkpoint has no {weight}");
        }
        var names = rule.Sources.Select(source => source.Replace("*", inBlock ? parts[1] : "", StringComparison.Ordinal));
        return names.Zip(rule.Split?.Invoke(value) ?? value.chunk(rule.Sources.Count), KeyValuePair.Create);
    }
}

/// <summary>A file's tensors under the names of the library's state dict, whatever names and layout the file uses.</summary>
internal sealed class NamedWeights
{
    private readonly TensorFile file;
    private readonly OrderedDictionary<string, (WeightRule Rule, string[] Sources)> weights = [];

    private NamedWeights(TensorFile file, NamingFamily family, IReadOnlyDictionary<string, string> inFile)
    {
        (this.file, Family) = (file, family);
        var unused = inFile.Values.ToHashSet();
        if (family.Rename is { } rename)
        {
            foreach (var (name, source) in inFile)
            {
                bool isUsed = rename(name) is { } own
                    ? weights.TryAdd(own, (new WeightRule(own, [name]), [source]))
                    : family.IsTraining?.Invoke(name) is true;
                if (isUsed) unused.Remove(source);
            }
        }
        foreach (var rule in family.Rules)
        {
            for (int block = 0; ; block++)
            {
                string[] sources = [.. rule.Sources.Select(name => name.Replace("*", $"{block}", StringComparison.Ordinal))];
                if (!sources.All(inFile.ContainsKey)) break;
                sources = Array.ConvertAll(sources, name => inFile[name]);
                var own = rule.Name.Replace("*", $"{block}", StringComparison.Ordinal);
                if (weights.TryAdd(own, (rule, sources))) unused.ExceptWith(sources);
                if (!rule.Name.Contains('*')) break;
            }
        }
        Unexpected = [.. inFile.Values.Distinct().Where(unused.Contains)];
    }

    public string Path => file.Path;

    public NamingFamily Family { get; }

    /// <summary>The library's names of the file's weights.</summary>
    public IReadOnlyCollection<string> Names => weights.Keys;

    /// <summary>The file's names of tensors that no model of the library has.</summary>
    public IReadOnlyList<string> Unexpected { get; }

    /// <summary>Recognizes whose names a file uses.</summary>
    /// <param name="prefix">Only names that begin with it are considered, without it.</param>
    /// <exception cref="CheckpointException">The names match no family.</exception>
    public static NamedWeights Of(TensorFile file, string prefix = "")
    {
        var names = file.Entries.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => name[prefix.Length..]).ToList();
        foreach (var family in Naming.All)
        {
            if (family.Fit(names) is not var (remove, add)) continue;
            Dictionary<string, string> inFile = [];
            foreach (var name in names)
            {
                var bare = name.StartsWith(remove, StringComparison.Ordinal) ? name[remove.Length..] : name;
                // In a file without the stem, names that never have one stay as they are.
                if (inFile.TryAdd(add + bare, prefix + name) && add.Length > 0) inFile.TryAdd(bare, prefix + name);
            }
            return new(file, family, inFile);
        }
        if (names.Count == 0) throw new CheckpointException(file.Path, "it contains no weights");
        var (examples, families) = (names.Take(3).Select(FileText.Shorten), Naming.All.Select(family => family.Name));
        throw new CheckpointException(file.Path,
            $"its {names.Count} names match no known model ({string.Join(", ", examples)}, ...); known are {string.Join(", ", families)}");
    }

    public bool Has(string name) => weights.ContainsKey(name);

    /// <summary>The file's names of the tensors that make up a weight.</summary>
    public IReadOnlyList<string> SourcesOf(string name) => weights[name].Sources;

    /// <summary>A weight's shape in the library's layout; throws as <see cref="Read"/>.</summary>
    public long[] ShapeOf(string name)
    {
        // Most are in the file as they are.
        if (weights.TryGetValue(name, out var stored) && stored is { Rule: { Transform: null, Join: null }, Sources: [var only] })
        {
            return [.. file.Entries[only].Shape];
        }
        using var weight = Read(name);
        return weight.shape;
    }

    /// <summary>One dimension of a weight's shape.</summary>
    /// <exception cref="CheckpointException">As for <see cref="Read"/>, or it has no such dimension.</exception>
    public int Length(string name, int axis) => ShapeOf(name) is var shape && shape.Length > axis
        ? (int)shape[axis]
        : throw new CheckpointException(file.Path, $"its {name} has too few dimensions");

    /// <summary>Reads a weight in the library's layout.</summary>
    /// <exception cref="CheckpointException">The file has no such weight, or its parts do not fit together.</exception>
    public Tensor Read(string name)
    {
        if (!weights.TryGetValue(name, out var weight)) throw new CheckpointException(file.Path, $"it has no {name}");
        using var scope = NewDisposeScope();
        var parts = Array.ConvertAll(weight.Sources, file.Read);
        try
        {
            var transformed = weight.Rule.Transform is { } transform ? Array.ConvertAll(parts, part => transform(part)) : parts;
            var whole = weight.Rule.Join is { } join ? join(transformed) : transformed is [var only] ? only : cat(transformed, 0);
            return whole.MoveToOuterDisposeScope();
        }
        catch (Exception error) when (error is ArgumentException or ExternalException)
        {
            var shapes = parts.Select(part => $"({string.Join(", ", part.shape)})");
            throw new CheckpointException(
                file.Path, $"{string.Join(", ", weight.Sources)} of shape {string.Join(", ", shapes)} do not form {name}", error);
        }
    }
}
