using TimeSformer.Checkpoints;

namespace TimeSformer.Cli.Commands;

/// <summary><c>convert IN OUT</c>: a model in another format.</summary>
internal static class ConvertCommand
{
    private static readonly Dictionary<string, CheckpointFormat> formats = new()
    {
        ["native"] = CheckpointFormat.Native, ["official"] = CheckpointFormat.Official, ["huggingface"] = CheckpointFormat.HuggingFace,
        ["onnx"] = CheckpointFormat.Onnx,
    };

    private static readonly Dictionary<string, CheckpointFormat> extensions = new()
    {
        [".pyth"] = CheckpointFormat.Official, [".pth"] = CheckpointFormat.Official, [".pt"] = CheckpointFormat.Official,
        [".onnx"] = CheckpointFormat.Onnx,
    };

    public static Command Create()
    {
        var input = new Argument<string>("in")
        {
            Description = "A run or checkpoint of this program, a Hugging Face folder, or a file: .pyth, .pth, .bin, .safetensors, .npz, "
                + ".pkl, or the .index.json of several",
        };
        var output = new Argument<string>("out")
        {
            Description = "A new file, .pyth (official) or .onnx (onnx), or a new folder (native, huggingface)",
        };
        var to = new Option<string>("--to")
        {
            Description = "Output format (default: official for .pyth, .pth or .pt files, onnx for .onnx files, else native)",
        };
        to.AcceptOnlyFromAmong([.. formats.Keys]);
        var said = new ModelOptions();
        return new Command("convert", """
            Read a model in any format and write it in another. Format and naming of the input are detected from its content; code in it is
            never run. float32 weights stay the same bit for bit. The official format is that of the official code for TimeSformer, and of
            PySlowFast for I3D and SlowFast. Hugging Face's transformers have TimeSformer, joint ViViT and VideoMAE. An ONNX file is for
            other runtimes, such as ONNX Runtime; its metadata say how its clips are made and what its classes are.

            Examples:
              ./timesformer convert TimeSformer_divST_8x32_224_K400.pyth k400
              ./timesformer convert runs/motion motion.pyth
              ./timesformer convert runs/motion motion-hf --to huggingface
              ./timesformer convert runs/motion motion.onnx
            """) { input, output, to, said }.Does((parsed, _) =>
        {
            var (from, path) = (parsed.GetRequiredValue(input), parsed.GetRequiredValue(output));
            var format = parsed.GetValue(to) is { } name ? formats[name]
                : extensions.GetValueOrDefault(Path.GetExtension(path), CheckpointFormat.Native);
            var info = CheckpointConverter.Convert(from, path, format, said.Facts(parsed));
            ModelOptions.Report(info);
            var model = info.Model;
            Console.Write($"{path}: {model.Summary}, {model.NumFrames} frames of {model.ImageSize}x{model.ImageSize}, ");
            Console.WriteLine($"{model.NumClasses} classes");
            return 0;
        });
    }
}
