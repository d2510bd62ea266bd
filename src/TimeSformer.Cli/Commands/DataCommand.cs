using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using TimeSformer.Data;
using TimeSformer.Data.Layouts;
using TimeSformer.Training;

namespace TimeSformer.Cli.Commands;

/// <summary><c>data check</c>, <c>data prepare</c> and <c>data sources</c>: what one does with videos before training on them.</summary>
internal static class DataCommand
{
    private const int ClassesShown = 20;

    private static readonly JsonSerializerOptions json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static Command Create() => new("data", """
        Check videos, make small copies of them, say where data sets are to be had.

        Example:
          ./timesformer data check demo/data/val.txt
        """) { Check(), Prepare(), Sources() };

    private static Command Check()
    {
        var (videos, workers) = (new VideoArguments(), Workers());
        var asJson = new Option<bool>("--json") { Description = "Print one JSON object" };
        var figure = new Option<string?>("--figure") { Description = "Also write a page (.html) with the classes' sizes and the videos' lengths" };
        var command = new Command("check", """
            Decode every frame of every video; print counts, lengths, sizes, the balance of the classes and what is broken. Exit status 1 where something is.

            Example:
              ./timesformer data check demo/data/val.txt --figure val.html
            """) { workers, asJson, figure };
        videos.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            var lists = videos.Read(parsed);
            var checks = new List<(string Name, VideoCheck Check)>();
            foreach (var (name, list) in lists)
            {
                CountDisplay.Run($"videos of {name}", list.Items.Count, progress => checks.Add((name, VideoCheck.Run(list, Count(parsed.GetValue(workers)), progress, cancel))));
            }
            if (parsed.GetValue(asJson)) Console.WriteLine(JsonSerializer.Serialize(checks.ToDictionary(entry => entry.Name, entry => Report(entry.Check)), json));
            else foreach (var (name, check) in checks) Print(name, check);
            if (parsed.GetValue(figure) is { } page) DataFigure.Save(checks, page);
            return Task.FromResult(checks.TrueForAll(entry => entry.Check.Broken.Count == 0) ? 0 : ExitCode.Difference);
        });
        return command;
    }

    private static Command Prepare()
    {
        var (videos, workers) = (new VideoArguments(), Workers());
        var output = new Option<string>("--output") { Description = "Folder of the copies and their lists", Required = true };
        var side = new Option<int>("--short-side") { Description = "Pixels of the shorter side", DefaultValueFactory = _ => 256 };
        var command = new Command("prepare", """
            Make copies of videos with a short side of 256 pixels, which decode faster, and lists of them. Stopped or killed, the same command goes on: copies
            that are there are kept. Nothing is downloaded: `data sources` says where data sets are to be had.

            Example:
              ./timesformer data prepare /data/ucf101 --output /data/ucf101-256
            """) { output, side, workers };
        videos.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            foreach (var (name, list) in videos.Read(parsed))
            {
                Prepared? prepared = null;
                CountDisplay.Run($"videos of {name}", list.Items.Count, progress =>
                    prepared = VideoPreparation.Run(list, parsed.GetRequiredValue(output), name, parsed.GetValue(side), Count(parsed.GetValue(workers)), progress, cancel));
                foreach (var (path, cause) in prepared!.Broken.OrderBy(entry => entry.Key, StringComparer.Ordinal)) Console.Error.WriteLine($"skipped {path}: {cause}");
                Console.WriteLine($"{prepared.List}: {prepared.Written} written, {prepared.Found} were there, {prepared.Broken.Count} broken");
            }
            return Task.FromResult(0);
        });
        return command;
    }

    private static Command Sources()
    {
        var command = new Command("sources", """
            Say where the data sets are to be had whose layouts are known. Nothing is downloaded.

            Example:
              ./timesformer data sources
            """);
        command.SetAction(_ =>
        {
            foreach (var layout in Enum.GetValues<DatasetLayout>()) Console.WriteLine($"{RecipeFile.NameOf(layout),-10}{DatasetLayouts.Source(layout)}");
            Console.WriteLine("Kinetics  videos and lists are at https://github.com/cvdfoundation/kinetics-dataset; make lists of lines `path label`");
        });
        return command;
    }

    private static Option<int> Workers() => new("--workers") { Description = "Videos at a time", DefaultValueFactory = _ => Environment.ProcessorCount };

    private static int Count(int workers) => workers > 0 ? workers : throw new ArgumentException($"--workers is {workers}; it must be positive");

    private static object Report(VideoCheck check) => new
    {
        videos = check.Videos.Count,
        check.Frames,
        hours = check.Durations.Sum() / 3600,
        seconds = check.Durations is [var least, ..] ? new { least, median = check.Durations[check.Durations.Count / 2], most = check.Durations[^1] } : null,
        sizes = check.Videos.Where(video => video.Video is not null).CountBy(video => $"{video.Video!.Width}x{video.Video.Height}").ToDictionary(),
        frame_rates = check.Videos.Where(video => video.Video is not null).CountBy(video => FormattableString.Invariant($"{video.Video!.FramesPerSecond:0.##}")).ToDictionary(),
        check.Classes,
        broken = check.Broken.Select(video => new { video.Item.Path, video.Item.Label, video.Cause }),
    };

    private static void Print(string name, VideoCheck check)
    {
        var durations = check.Durations;
        Terminal.Out.MarkupLineInterpolated($"[bold]{name}[/]: {check.Videos.Count} videos, {check.Classes.Count} classes, {check.Frames} frames, {TimeSpan.FromSeconds(durations.Sum()):d\\.hh\\:mm\\:ss}");
        if (durations.Count > 0)
        {
            Terminal.Out.WriteLine(FormattableString.Invariant($"seconds: {durations[0]:0.0} to {durations[^1]:0.0}, median {durations[durations.Count / 2]:0.0}"));
            var sound = check.Videos.Where(video => video.Video is not null).Select(video => video.Video!).ToList();
            Terminal.Out.WriteLine($"sizes: {Most(sound.CountBy(video => $"{video.Width}x{video.Height}"))}");
            Terminal.Out.WriteLine($"frames per second: {Most(sound.CountBy(video => FormattableString.Invariant($"{video.FramesPerSecond:0.##}")))}");
        }
        PrintClasses(check.Classes);
        foreach (var video in check.Broken) Terminal.Out.MarkupLineInterpolated($"[red]broken[/] {video.Item.Path}: {video.Cause}");
        Terminal.Out.WriteLine(check.Broken.Count == 0 ? "nothing is broken" : $"{check.Broken.Count} of {check.Videos.Count} videos are broken");
    }

    // Where there are many, the largest and the smallest.
    private static void PrintClasses(IReadOnlyList<ClassCount> classes)
    {
        var sorted = classes.OrderByDescending(count => count.Videos).ToList();
        bool cut = sorted.Count > ClassesShown;
        var table = new Table().Border(TableBorder.Simple).AddColumn("class").AddColumn(new TableColumn("videos").RightAligned()).AddColumn(new TableColumn("broken").RightAligned()).AddColumn("");
        foreach (var count in cut ? sorted.Take(ClassesShown / 2).Concat(sorted.TakeLast(ClassesShown / 2)) : sorted)
        {
            table.AddRow(new Text(count.Name), new Text($"{count.Videos}"), new Text($"{count.Broken}"), new Text(new string('█', (int)Math.Ceiling(30.0 * count.Videos / Math.Max(1, sorted[0].Videos)))));
        }
        Terminal.Out.Write(table);
        if (cut) Terminal.Out.WriteLine($"the {ClassesShown / 2} largest and the {ClassesShown / 2} smallest of {sorted.Count} classes");
    }

    private static string Most(IEnumerable<KeyValuePair<string, int>> counts)
    {
        var sorted = counts.OrderByDescending(count => count.Value).ToList();
        return $"{string.Join(", ", sorted.Take(5).Select(count => $"{count.Key} ({count.Value})"))}{(sorted.Count > 5 ? $" and {sorted.Count - 5} more" : "")}";
    }
}
