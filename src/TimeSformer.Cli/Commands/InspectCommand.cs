using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using TimeSformer.Checkpoints;
using TimeSformer.Costs;
using TimeSformer.Models;
using TimeSformer.Models.Attention;
using TimeSformer.Training;

namespace TimeSformer.Cli.Commands;

/// <summary><c>inspect MODEL</c>: what a preset or a checkpoint consists of and what it costs.</summary>
internal static class InspectCommand
{
    private const int Crops = 3; // spatial crops at test time, as the paper counts cost

    private static readonly JsonSerializerOptions json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static Command Create()
    {
        var source = new Argument<string>("model") { Description = $"A preset ({string.Join(", ", Preset.All.Select(preset => preset.Name))}) or a checkpoint" };
        var attention = Options.Attention();
        var classes = new Option<int?>("--classes") { Description = "Outputs of the head" };
        var frames = new Option<int?>("--frames") { Description = "Frames of a clip" };
        var size = new Option<int?>("--size") { Description = "Height and width of a clip in pixels" };
        var batch = new Option<int>("--batch-size") { Description = "Clips of a training step, for the memory", DefaultValueFactory = _ => 8 };
        var heads = Options.Heads();
        var asJson = new Option<bool>("--json") { Description = "Print one JSON object" };
        var command = new Command("inspect", """
            Print a model's layers, parameters, multiply-adds (one view of one crop, forward) and the memory that training takes. Nothing is run.

            Example:
              ./timesformer inspect base --attention axial --classes 174
            """) { source, attention, classes, frames, size, batch, heads, asJson };
        command.SetAction(parsed =>
        {
            var config = ConfigOf(parsed.GetRequiredValue(source), parsed.GetValue(attention), parsed.GetValue(heads));
            config = config with
            {
                NumClasses = parsed.GetValue(classes) ?? config.NumClasses,
                NumFrames = parsed.GetValue(frames) ?? config.NumFrames,
                ImageSize = parsed.GetValue(size) ?? config.ImageSize,
            };
            var cost = CostModel.Of(config);
            int clips = parsed.GetValue(batch);
            if (clips <= 0) throw new ArgumentException($"--batch-size is {clips}; it must be positive");
            if (parsed.GetValue(asJson)) PrintJson(cost, clips);
            else Print(cost, clips);
            return 0;
        });
        return command;
    }

    // A checkpoint's scheme is in its weights; a preset's is free.
    private static TimeSformerConfig ConfigOf(string source, AttentionScheme? attention, int? heads)
    {
        if (Preset.Find(source) is { } preset) return preset.Model with { Attention = attention ?? preset.Model.Attention };
        if (!Path.Exists(source)) throw new ArgumentException($"'{source}' is neither a checkpoint nor a preset; the presets are {string.Join(", ", Preset.All.Select(known => known.Name))}");
        var (model, _) = Checkpoint.LoadModel(source, heads);
        using (model)
        {
            if (attention is { } other && other != model.Config.Attention)
            {
                throw new ArgumentException($"{source} was trained with {RecipeFile.NameOf(model.Config.Attention)}; --attention is for presets");
            }
            return model.Config;
        }
    }

    private static void Print(ModelCost cost, int batch)
    {
        var config = cost.Config;
        var table = new Table().Border(TableBorder.Simple).AddColumn("layer");
        foreach (var title in new[] { "parameters", "multiply-adds", "kept for backward" }) table.AddColumn(new TableColumn(title).RightAligned());
        // All blocks are alike: the first stands for them.
        foreach (var layer in cost.Layers.Where(layer => !layer.Name.StartsWith("blocks.", StringComparison.Ordinal) || layer.Name.StartsWith("blocks.0.", StringComparison.Ordinal)))
        {
            var name = layer.Name.StartsWith("blocks.0.", StringComparison.Ordinal) ? $"blocks.0-{config.Depth - 1}.{layer.Name["blocks.0.".Length..]}" : layer.Name;
            table.AddRow(new Text(name), new Text(Count(layer.Parameters)), new Text(Count(layer.MultiplyAdds)), new Text(Bytes(sizeof(float) * layer.SavedValues)));
        }
        Terminal.Out.MarkupLineInterpolated($"[bold]{RecipeFile.NameOf(config.Attention)}[/], {config.Depth} blocks of width {config.EmbedDim} with {config.NumHeads} heads, clips of {cost.Frames}x{cost.Height}x{cost.Width} in patches of {config.PatchSize}, {config.NumClasses} classes");
        Terminal.Out.Write(table);
        Terminal.Out.WriteLine($"parameters      {Count(cost.Parameters)}   ({Bytes(sizeof(float) * cost.Parameters)} in float32)");
        Terminal.Out.WriteLine($"multiply-adds   {Count(cost.MultiplyAdds)} a view; {Crops * cost.MultiplyAdds / 1e12:0.00} T for {Crops} crops");
        Terminal.Out.WriteLine($"memory          {Bytes(cost.TrainingMemory(batch))} above the weights to train with batches of {batch} in float32");
        Terminal.Out.WriteLine($"A block's row is what one of the {config.Depth} blocks costs, for one clip.");
    }

    private static void PrintJson(ModelCost cost, int batch) => Console.WriteLine(JsonSerializer.Serialize(
        new
        {
            attention = RecipeFile.NameOf(cost.Config.Attention),
            classes = cost.Config.NumClasses,
            cost.Frames,
            cost.Height,
            cost.Width,
            cost.Config.PatchSize,
            cost.Config.EmbedDim,
            cost.Config.Depth,
            cost.Config.NumHeads,
            cost.Parameters,
            cost.MultiplyAdds,
            multiply_adds_3_crops = Crops * cost.MultiplyAdds,
            batch_size = batch,
            training_memory_bytes = cost.TrainingMemory(batch),
            layers = cost.Layers.Select(layer => new { layer.Name, layer.Parameters, layer.MultiplyAdds, saved_bytes = sizeof(float) * layer.SavedValues }),
        },
        json));

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
