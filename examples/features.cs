#:project ../src/TimeSformer.Lib
#:property PublishAot=false
// Writes a feature vector per video: dotnet run examples/features.cs FOLDER [MODEL] > features.csv
using TimeSformer.Checkpoints;
using TimeSformer.Data;
using TimeSformer.Video;
using static TorchSharp.torch;

var (model, info) = Checkpoint.LoadModel(args.Length > 1 ? args[1] : "data/models/motion-tiny");
using var _ = no_grad();
foreach (var video in Directory.EnumerateFiles(args[0], "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
{
    using var scope = NewDisposeScope();
    try
    {
        var frames = VideoDataset.CenterClip(video, info.Clip).unsqueeze(0);                 // (1, T, H, W, 3), uint8
        var features = model.forward_features(ClipNormalization.Default.Apply(frames));      // (1, D)
        Console.WriteLine($"{video},{string.Join(',', features.data<float>().ToArray())}");
    }
    catch (VideoException error)
    {
        Console.Error.WriteLine($"skipped {error.Message}");
    }
}
