using TimeSformer.Checkpoints;
using TimeSformer.Costs;
using TimeSformer.Models;
using TimeSformer.Models.Attention;
using TimeSformer.Video;

namespace TimeSformer.Cli.Commands;

/// <summary><c>inspect MODEL</c>: the layers and costs of a preset or a checkpoint.</summary>
internal static class InspectCommand
{
    private const int Crops = 3; // spatial crops at test time, as the paper counts cost

    public static Command Create()
    {
        var source = new Argument<string>("model") { Description = $"A preset ({Preset.Names}) or a checkpoint" };
        var attention = Options.Attention();
        var classes = Options.Count<int?>("--classes", "Outputs of the head", null);
        var batch = Options.Count("--batch-size", "Clips per training step, for the memory of a TimeSformer", 8);
        var said = new ModelOptions();
        var asJson = Options.Json();
        return new Command("inspect", """
            Print a model's layers, parameters and multiply-adds (one view, one crop, forward), and a TimeSformer's training memory. The
            model is not run.

            Example:
              ./timesformer inspect base --attention axial --classes 174
            """) { source, attention, classes, batch, asJson, said }.Does((parsed, _) =>
        {
            var (config, info) = Found(parsed, said, parsed.GetRequiredValue(source), parsed.GetValue(attention));
            config = config with { NumClasses = parsed.GetValue(classes) ?? config.NumClasses };
            if (config is not TimeSformerConfig sizes)
            {
                Options.Refuse(parsed, $"it is for training memory, which is computed for a TimeSformer; this is {config.Summary}", batch);
                PrintOther(config, parsed.GetValue(asJson), info);
                return 0;
            }
            var cost = CostModel.Of(sizes);
            if (parsed.GetValue(asJson)) PrintJson(cost, parsed.GetValue(batch), info);
            else Print(cost, parsed.GetValue(batch), info);
            return 0;
        });
    }

    // A checkpoint's weights determine the scheme; a preset takes any.
    private static (VideoModelConfig Config, ModelInfo? Info) Found(
        ParseResult parsed, ModelOptions said, string source, AttentionScheme? attention)
    {
        if (Preset.Find(source) is { Model: var preset })
        {
            var why = $"clips and classes are a checkpoint's, and {source} is a preset";
            Options.Refuse(parsed, why, said.Kind, said.Labels, said.SamplingRate, said.Mean, said.Std);
            var facts = said.Facts(parsed);
            if (attention is { } scheme)
            {
                if (preset is not TimeSformerConfig former) throw new InputException($"{source} has no --attention; TimeSformer has");
                preset = former with { Attention = scheme };
            }
            if (facts.NumHeads is { } heads)
            {
                preset = preset is TransformerConfig sizes ? sizes with { NumHeads = heads }
                    : throw new InputException($"{source} has no --heads; transformers have");
            }
            return (preset with { NumFrames = facts.NumFrames ?? preset.NumFrames, ImageSize = facts.ImageSize ?? preset.ImageSize }, null);
        }
        if (!Path.Exists(source))
        {
            throw new InputException($"'{source}' is neither a checkpoint nor a preset; the presets are {Preset.Names}");
        }
        var (model, info) = said.Load(parsed, source);
        using (model)
        {
            var has = (model.Config as TimeSformerConfig)?.Attention;
            if (attention is null || attention == has) return (model.Config, info);
            throw new InputException(has is { } trained
                ? $"{source} was trained with {RecipeFile.NameOf(trained)}; --attention is for presets"
                : $"{source} has no --attention; TimeSformer has");
        }
    }

    // Counted in a forward pass, not computed: without memory.
    private static void PrintOther(VideoModelConfig config, bool asJson, ModelInfo? info)
    {
        var layers = MultiplyAddCounter.Of(config);
        ModelTotals totals = new(layers.Sum(layer => layer.Parameters), layers.Sum(layer => layer.MultiplyAdds));
        if (asJson)
        {
            Terminal.PrintJson(new
            {
                model = config.Summary, classes = config.NumClasses, frames = config.NumFrames, height = config.ImageSize,
                width = config.ImageSize, totals.Parameters, totals.MultiplyAdds, multiply_adds_3_crops = Crops * totals.MultiplyAdds,
                info?.SamplingRate, info?.Normalization.Mean, info?.Normalization.Std, info?.PassedOver,
                assumed = info?.Assumed.Select(assumption => assumption.Fact),
                layers = layers.Select(layer => new { layer.Name, layer.Parameters, layer.MultiplyAdds }),
            });
            return;
        }
        Terminal.Out.Write($"{config.Summary}, {config.NumFrames}x{config.ImageSize}x{config.ImageSize} clips, ");
        Terminal.Out.WriteLine($"{config.NumClasses} classes");
        if (info is not null) Terminal.Out.WriteLine(Clips(info));
        var parts = layers.GroupBy(layer => string.Join('.', layer.Name.Split('.').Take(2)));
        Terminal.PrintTable(["layers", "parameters", "multiply-adds"], parts.Select(part => (string[])
            [part.Key, Count(part.Sum(layer => layer.Parameters)), Count(part.Sum(layer => layer.MultiplyAdds))]));
        Terminal.Out.WriteLine($"parameters      {Count(totals.Parameters)}   ({Bytes(sizeof(float) * totals.Parameters)} in float32)");
        Terminal.Out.WriteLine(
            $"multiply-adds   {Count(totals.MultiplyAdds)} per view; {Crops * totals.MultiplyAdds / 1e12:0.00} T for {Crops} crops");
    }

    private static void Print(ModelCost cost, int batch, ModelInfo? info)
    {
        var config = cost.Config;
        // The blocks are all alike: the first represents them.
        const string blocks = "blocks.", first = "blocks.0.";
        bool IsOf(LayerCost layer, string part) => layer.Name.StartsWith(part, StringComparison.Ordinal);
        var rows = from layer in cost.Layers
                   where IsOf(layer, first) || !IsOf(layer, blocks)
                   let name = IsOf(layer, first) ? $"{blocks}0-{config.Depth - 1}.{layer.Name[first.Length..]}" : layer.Name
                   let saved = sizeof(float) * layer.SavedValues
                   select (string[])[name, Count(layer.Parameters), Count(layer.MultiplyAdds), Bytes(saved)];
        Terminal.Out.Markup($"[bold]{RecipeFile.NameOf(config.Attention)}[/], ");
        Terminal.Out.Write($"{config.Depth} blocks of width {config.EmbedDim} with {config.NumHeads} heads, ");
        Terminal.Out.Write($"{cost.Frames}x{cost.Height}x{cost.Width} clips, ");
        Terminal.Out.WriteLine($"patches of {config.PatchSize}, {config.NumClasses} classes");
        if (info is not null) Terminal.Out.WriteLine(Clips(info));
        Terminal.PrintTable(["layer", "parameters", "multiply-adds", "kept for backward"], rows);
        Terminal.Out.WriteLine($"parameters      {Count(cost.Parameters)}   ({Bytes(sizeof(float) * cost.Parameters)} in float32)");
        var crops = $"{Crops * cost.MultiplyAdds / 1e12:0.00} T for {Crops} crops";
        Terminal.Out.WriteLine($"multiply-adds   {Count(cost.MultiplyAdds)} per view; {crops}");
        string Memory(Computation computation) => Bytes(MemoryOf(cost, computation, batch));
        Terminal.Out.WriteLine($"memory          {Memory(Computation.FusedSteps)} besides the weights, for float32 batches of {batch};");
        Terminal.Out.WriteLine($"                {Memory(Computation.FusedAttention)} where only attention is fused, as on a GPU;");
        Terminal.Out.WriteLine($"                {Memory(Computation.Composed)} where nothing is, as in the official code");
        Terminal.Out.WriteLine($"A row of blocks.0-{config.Depth - 1} is the cost of one of the {config.Depth} blocks, for one clip.");
    }

    private static void PrintJson(ModelCost cost, int batch, ModelInfo? info) => Terminal.PrintJson(new
    {
        attention = RecipeFile.NameOf(cost.Config.Attention), classes = cost.Config.NumClasses, cost.Frames, cost.Height, cost.Width,
        cost.Config.PatchSize, cost.Config.EmbedDim, cost.Config.Depth, cost.Config.NumHeads,
        cost.Parameters, cost.MultiplyAdds, multiply_adds_3_crops = Crops * cost.MultiplyAdds,
        info?.SamplingRate, info?.Normalization.Mean, info?.Normalization.Std, info?.PassedOver,
        assumed = info?.Assumed.Select(assumption => assumption.Fact),
        batch_size = batch, training_memory_bytes = cost.TrainingMemory(batch),
        fused_attention_training_memory_bytes = MemoryOf(cost, Computation.FusedAttention, batch),
        composed_training_memory_bytes = MemoryOf(cost, Computation.Composed, batch),
        layers = from layer in cost.Layers
                 select new { layer.Name, layer.Parameters, layer.MultiplyAdds, saved_bytes = sizeof(float) * layer.SavedValues },
    });

    private static long MemoryOf(ModelCost cost, Computation computation, int batch) =>
        CostModel.Of(cost.Config, cost.Frames, cost.Height, cost.Width, computation).TrainingMemory(batch);

    private static string Clips(ModelInfo info)
    {
        var rate = info.Clip.CoversVideo ? "spread over the whole video (sampling rate 0)" : $"at sampling rate {info.SamplingRate}";
        var colors = info.Normalization;
        var scaled = info.ShortSide is { } side ? $", cropped from a short side of {side}" : "";
        return $"frames {rate}{scaled}, mean {ClipNormalization.Text(colors.Mean)}, std {ClipNormalization.Text(colors.Std)}";
    }

    private static string Count(long number) => number switch
    {
        >= 1_000_000_000_000 => $"{number / 1e12:0.00} T",
        >= 1_000_000_000 => $"{number / 1e9:0.00} G",
        >= 1_000_000 => $"{number / 1e6:0.00} M",
        >= 10_000 => $"{number / 1e3:0.0} K",
        _ => $"{number}",
    };

    private static string Bytes(long number) => number switch
    {
        >= 1 << 30 => $"{number / (double)(1 << 30):0.00} GiB",
        >= 1 << 20 => $"{number / (double)(1 << 20):0.0} MiB",
        _ => $"{number / 1024.0:0.0} KiB",
    };
}
