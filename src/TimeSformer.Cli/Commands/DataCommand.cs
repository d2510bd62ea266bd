using TimeSformer.Data;
using TimeSformer.Data.Layouts;
using TimeSformer.Video;

namespace TimeSformer.Cli.Commands;

/// <summary><c>data check</c>, <c>data prepare</c> and <c>data sources</c>: work on videos before training.</summary>
internal static class DataCommand
{
    private const int ClassesShown = 20;

    public static Command Create() => new("data", """
        Check videos, make small copies of them, and list where to get data sets.

        Example:
          ./timesformer data check demo/data/val.txt
        """) { Check(), Prepare(), Sources() };

    private static Command Check()
    {
        var (videos, imperfect, workers) = (new VideoArguments(), new PolicyOptions(), Workers());
        var asJson = Options.Json();
        var figure = new Option<string?>("--figure") { Description = "Also write a page (.html) that plots class sizes and video lengths" };
        return new Command("check", """
            Decode every frame of every video; print counts, lengths, sizes, class balance and broken videos. Exit status 1 if one is
            broken.

            Example:
              ./timesformer data check demo/data/val.txt --figure val.html
            """) { workers, asJson, figure, imperfect.AllowTruncated, imperfect.Isolate, videos }.Does((parsed, cancel) =>
        {
            var page = parsed.GetValue(figure);
            if (page is not null) Options.RequireFolderOf(page, "--figure");
            var lists = videos.Read(parsed);
            var policy = imperfect.Read(parsed);
            var checks = new List<(string Name, VideoCheck Check)>();
            foreach (var (name, list) in lists)
            {
                CountDisplay.Run($"videos of {name}", list.Items.Count, progress =>
                    checks.Add((name, VideoCheck.Run(list, parsed.GetValue(workers), policy, progress, cancel))));
            }
            if (parsed.GetValue(asJson)) Terminal.PrintJson(checks.ToDictionary(entry => entry.Name, entry => Report(entry.Check)));
            else foreach (var (name, check) in checks) Print(name, check);
            if (page is not null) DataFigure.Save(checks, page);
            return checks.TrueForAll(entry => entry.Check.Broken.Count == 0) ? 0 : ExitCode.Difference;
        });
    }

    private static Command Prepare()
    {
        var (videos, imperfect, workers) = (new VideoArguments(), new PolicyOptions(), Workers());
        var output = new Option<string>("--output") { Description = "Folder for the copies and their lists", Required = true };
        var side = new Option<int>("--short-side") { Description = "Length of the shorter side in pixels", DefaultValueFactory = _ => 256 };
        return new Command("prepare", """
            Make copies of videos with a short side of 256 pixels, which decode faster, and lists of them. If interrupted, the same command
            resumes; existing copies are kept. A data set of folds (UT-Interaction) gets two lists for each. Nothing is downloaded:
            `data sources` lists where to get data sets.

            Example:
              ./timesformer data prepare /data/ucf101 --output /data/ucf101-256
            """) { output, side, workers, imperfect.AllowTruncated, imperfect.Isolate, videos }.Does((parsed, cancel) =>
        {
            var policy = imperfect.Read(parsed);
            var lists = videos.ReadFolds(parsed);
            VideoList[] all = [.. lists.Select(entry => entry.Videos)];
            foreach (var (name, list) in lists)
            {
                var (folder, pixels) = (parsed.GetRequiredValue(output), parsed.GetValue(side));
                Prepared? prepared = null;
                CountDisplay.Run($"videos of {name}", list.Items.Count, progress =>
                    prepared = VideoPreparation.Run(
                        list, folder, Path.ChangeExtension(name, ".txt"), pixels, parsed.GetValue(workers), policy, progress, all, cancel));
                foreach (var (path, cause) in prepared!.Broken.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                {
                    Console.Error.WriteLine($"skipped {path}: {cause}");
                }
                Console.WriteLine($"{prepared.List}: {prepared.Written} written, {prepared.Found} kept, {prepared.Broken.Count} broken");
            }
            return 0;
        });
    }

    private static Command Sources() => new Command("sources", """
        List where to get the data sets whose layouts are known, and an image model. Nothing is downloaded.

        Example:
          ./timesformer data sources
        """).Does((_, _) =>
        {
            foreach (var layout in Enum.GetValues<DatasetLayout>())
            {
                Print(RecipeFile.NameOf(layout), DatasetLayouts.Source(layout));
            }
            Print("Kinetics", "videos and lists are at https://github.com/cvdfoundation/kinetics-dataset; write `path label` lists");
            Print(
                "DeiT-tiny", "the image model that real videos start from (ImageNet-1K, Apache-2.0): model.safetensors of "
                + "https://huggingface.co/timm/deit_tiny_patch16_224.fb_in1k; save it as data/weights/deit_tiny_patch16_224.safetensors");
            return 0;

            static void Print(string name, string source) => Console.WriteLine($"{name,-16}{source}");
        });

    private static Option<int> Workers() => Options.Count("--workers", "Videos at a time", Environment.ProcessorCount);

    private static Dictionary<string, int> Sizes(VideoCheck check) => CountBy(check, video => $"{video.Width}x{video.Height}");

    private static Dictionary<string, int> FrameRates(VideoCheck check) => CountBy(check, video => $"{video.FramesPerSecond:0.##}");

    private static Dictionary<string, int> CountBy(VideoCheck check, Func<VideoInfo, string> key) =>
        check.Videos.Select(video => video.Video).OfType<VideoInfo>().CountBy(key).ToDictionary();

    private static object Report(VideoCheck check) => new
    {
        videos = check.Videos.Count, check.Frames, hours = check.Durations.Sum() / 3600,
        seconds = check.Durations is [var least, ..] and [.., var most]
            ? new { least, median = check.Durations[check.Durations.Count / 2], most }
            : null,
        sizes = Sizes(check), frame_rates = FrameRates(check), check.Classes,
        broken = check.Broken.Select(video => new { video.Item.Path, video.Item.Label, video.Cause }),
    };

    private static void Print(string name, VideoCheck check)
    {
        var durations = check.Durations;
        var length = TimeSpan.FromSeconds(durations.Sum());
        Terminal.Out.MarkupInterpolated($"[bold]{name}[/]: {check.Videos.Count} videos, {check.Classes.Count} classes, ");
        Terminal.Out.WriteLine($"{check.Frames} frames, {length:d\\.hh\\:mm\\:ss}");
        if (durations.Count > 0)
        {
            Terminal.Out.WriteLine($"seconds: {durations[0]:0.0} to {durations[^1]:0.0}, median {durations[durations.Count / 2]:0.0}");
            Terminal.Out.WriteLine($"sizes: {Most(Sizes(check))}");
            Terminal.Out.WriteLine($"frames per second: {Most(FrameRates(check))}");
        }
        PrintClasses(check.Classes);
        foreach (var video in check.Broken) Terminal.Out.MarkupLineInterpolated($"[red]broken[/] {video.Item.Path}: {video.Cause}");
        int broken = check.Broken.Count;
        Terminal.Out.WriteLine(broken == 0 ? "no video is broken" : $"{broken} of {check.Videos.Count} videos are broken");
    }

    // If there are many, the largest and the smallest.
    private static void PrintClasses(IReadOnlyList<ClassCount> classes)
    {
        var sorted = classes.OrderByDescending(count => count.Videos).ToList();
        bool cut = sorted.Count > ClassesShown;
        var table = new Table().Border(TableBorder.Simple).AddColumn("class").AddColumn("videos", column => column.RightAligned())
            .AddColumn("broken", column => column.RightAligned()).AddColumn("");
        foreach (var count in cut ? sorted.Take(ClassesShown / 2).Concat(sorted.TakeLast(ClassesShown / 2)) : sorted)
        {
            var bar = new string('█', (int)Math.Ceiling(30.0 * count.Videos / Math.Max(1, sorted[0].Videos)));
            table.AddRow(new Text(count.Name), new Text($"{count.Videos}"), new Text($"{count.Broken}"), new Text(bar));
        }
        Terminal.Out.Write(table);
        if (cut) Terminal.Out.WriteLine($"the {ClassesShown / 2} largest and the {ClassesShown / 2} smallest of {sorted.Count} classes");
    }

    private static string Most(IEnumerable<KeyValuePair<string, int>> counts)
    {
        var sorted = counts.OrderByDescending(count => count.Value).ToList();
        var more = sorted.Count > 5 ? $" and {sorted.Count - 5} more" : "";
        return string.Join(", ", sorted.Take(5).Select(count => $"{count.Key} ({count.Value})")) + more;
    }
}
