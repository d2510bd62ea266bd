using TimeSformer.Data;
using TimeSformer.Interpretation;
using TimeSformer.Notebooks.Attention;
using TimeSformer.Video;
using static TorchSharp.torch;

namespace TimeSformer.Cli.Commands;

/// <summary><c>attention VIDEO --checkpoint DIR --out NAME</c>: where a model looked, as a video, a picture and a page.</summary>
internal static class AttentionCommand
{
    private static readonly string[] endings = [".mp4", ".png", ".html"];

    public static Command Create()
    {
        var video = new Argument<string>("video") { Description = "Video file" };
        var checkpoint = Options.Checkpoint();
        var name = new Option<string?>("--class") { Description = "Class that is explained (default: the most probable)" };
        var method = new Option<RelevanceMethod?>("--method")
        {
            Description = "rollout: attention followed back through the blocks; gradient: what speaks for the class; occlusion: what the "
                + "class misses when it is covered (default: rollout or, without attention, gradient)",
        };
        var output = new Option<string>("--out")
        {
            Description = $"File to write, by its ending a video, picture or page ({string.Join(", ", endings)}), or a name for all three",
            DefaultValueFactory = _ => "attention",
        };
        var (said, policy, device) = (new ModelOptions(), new PolicyOptions(), Options.Device());
        return new Command("attention", """
            Show where a model looked in a video's center clip: a video and a picture in which unimportant parts are dark, and a page that
            needs no network, in which a click on a patch shows what it attends to in each block and head.

            Examples:
              ./timesformer attention demo/data/videos/val_00000.mp4 --checkpoint demo/run --out where
              ./timesformer attention VIDEO --checkpoint WEIGHTS --class archery --method gradient --out archery.html
            """) { video, checkpoint, name, method, output, device, said, policy }.Does((parsed, cancel) =>
        {
            var files = Files(parsed.GetRequiredValue(output));
            var (model, info) = said.Load(parsed, parsed.GetRequiredValue(checkpoint));
            using var owned = model;
            using var scope = NewDisposeScope();
            var (path, imperfect) = (parsed.GetRequiredValue(video), policy.Read(parsed));
            var frames = VideoDataset.CenterClip(path, info.Clip, imperfect);                         // (T, S, S, 3)
            WarnIfShort(path, info.Clip, imperfect);
            ClipExplanation? clip = null;
            CountDisplay.Run("percent of occlusion", 100, progress => clip = ClipExplanation.Of(
                Path.GetFileName(path), model, info, frames, parsed.GetValue(name), parsed.GetValue(method), parsed.GetValue(device)!,
                new Percent(progress), cancel));
            using var explained = clip!;
            PredictCommand.Print([.. explained.Scores.Take(5)]);
            foreach (var file in files)
            {
                switch (Path.GetExtension(file))
                {
                    case ".mp4":
                        var (all, rate) = ClipExplanation.Span(path, info.Clip, imperfect);
                        Overlay.WriteVideo(all, explained.Maps[0].Map, file, rate);
                        break;
                    case ".png":
                        Overlay.WriteStrip(frames, explained.Maps[0].Map, file);
                        break;
                    default:
                        AttentionPage.Save(explained, file);
                        break;
                }
                Console.WriteLine(file);
            }
            return 0;
        });
    }

    private static void WarnIfShort(string path, ClipFormat clip, VideoPolicy policy)
    {
        using var video = IVideo.Open(path, policy);
        if (video.Info.FrameCount >= clip.Frames) return;
        Console.Error.WriteLine($"note: the video has {video.Info.FrameCount} frames and a clip {clip.Frames}; frames are repeated");
    }

    private static string[] Files(string output)
    {
        Options.RequireFolderOf(output, "--out");
        var ending = Path.GetExtension(output);
        if (ending == "") return [.. endings.Select(each => output + each)];
        return endings.Contains(ending)
            ? [output]
            : throw new InputException($"--out {output} ends in {ending}; it must end in {string.Join(", ", endings)}, or have no ending");
    }

    private sealed class Percent(IProgress<int> of) : IProgress<double>
    {
        public void Report(double value) => of.Report((int)(100 * value));
    }
}
