using System.Diagnostics;
using System.Globalization;
using OpenCvSharp;

namespace TimeSformer.Tests.Video;

/// <summary>Files as cameras, browsers, editors and recorders write them, made by ffmpeg; skipped where it is absent.</summary>
public sealed class VideoKindsTests : FolderTests
{
    private const int Width = 48, Height = 36;

    // The picture changes with each frame; sound is silence.
    private const string Picture = "-f lavfi -i testsrc=size=128x96:rate=30:duration=4", Sound = "-f lavfi -i anullsrc=duration=";
    // Of every ten frames, seven are dropped.
    private const string Variable = "-vf select='lt(mod(n\\,10)\\,3)' -fps_mode vfr";

    public static TheoryData<string, string, string> Kinds => new()
    {
        { "even, with B-frames", "a.mp4", $"{Picture} -c:v libx264 -bf 2" },
        { "variable rate", "a.mp4", $"{Picture} {Variable} -c:v libx264" },
        { "variable rate", "a.mkv", $"{Picture} {Variable} -c:v libx264" },
        { "variable rate", "a.webm", $"{Picture} {Variable} -c:v libvpx -deadline realtime" },
        { "cut without encoding anew", "a.mp4", "-ss 1.7 -i whole.mp4 -c copy" },
        { "sound longer than picture", "a.mkv", $"{Picture} {Sound}9 -c:v libx264" },
        { "sound longer than picture", "a.webm", $"{Picture} {Sound}5 -c:v libvpx-vp9 -deadline realtime" },
        { "sound longer than picture", "a.mov", $"{Picture} {Sound}9 -c:v libx264" },
        { "recorded live, without a length", "a.webm", $"{Picture} -c:v libvpx -deadline realtime -f webm -live 1" },
        { "hidden reference frames", "a.webm", $"{Picture} -c:v libvpx -auto-alt-ref 1 -lag-in-frames 16 -b:v 100k" },
        { "in fragments", "a.mp4", $"{Picture} -c:v libx264 -movflags frag_keyframe+empty_moov" },
        { "starts late", "a.mp4", $"{Picture} -c:v libx264 -output_ts_offset 3" },
        { "broadcast", "a.ts", $"{Picture} {Sound}4 -c:v libx264 -output_ts_offset 7000" },
        { "camcorder", "a.mts", $"{Picture} -c:v libx264 -f mpegts -mpegts_m2ts_mode 1" },
        { "DVD", "a.mpg", $"{Picture} -c:v mpeg2video -bf 2" },
        { "old phone", "a.3gp", $"{Picture} -c:v mpeg4" },
        { "Flash", "a.flv", $"{Picture} -c:v flv" },
        { "animation", "a.gif", $"{Picture} -vf fps=10" },
        { "MPEG-4 with B-frames", "a.avi", $"{Picture} -c:v mpeg4 -bf 2" },
        { "repeated frames as empty chunks", "a.avi", $"{Picture} -vf select='lt(mod(n\\,10)\\,3)' -fps_mode vfr -c:v mpeg4" },
        { "Windows Media", "a.wmv", $"{Picture} {Sound}6 -c:v wmv2" },
        { "Theora", "a.ogv", $"{Picture} -c:v libtheora" },
        { "slides of two minutes", "a.mp4", $"-f lavfi -i testsrc=size=128x96:rate=1/120:duration=480 {Sound}480 -c:v libx264" },
    };

    [SkippableTheory, MemberData(nameof(Kinds))]
    public void Frames_are_those_that_ffmpeg_shows_at_the_same_times(string kind, string name, string how)
    {
        Skip.IfNot(HasFFmpeg, "ffmpeg is absent");
        if (how.Contains("whole.mp4")) FFmpeg($"{Picture} -c:v libx264 -bf 2 -g 250 {folder.File("whole.mp4")}");
        FFmpeg($"{how.Replace("whole.mp4", folder.File("whole.mp4"))} {folder.File(name)}");
        RequireSameFrames(folder.File(name), kind);
        RequireSameFramesStreamed(folder.File(name));
    }

    [SkippableFact]
    public void A_copy_of_variable_rate_shows_the_same_frames_at_the_same_times()
    {
        Skip.IfNot(HasFFmpeg, "ffmpeg is absent");
        FFmpeg($"{Picture} {Variable} -c:v libx264 {folder.File("a.mkv")}");
        var list = VideoList.Of("test", [new(folder.File("a.mkv"), 0)], ["A"]);
        var copy = VideoList.Read(VideoPreparation.Run(list, folder.File("out"), "mine.txt", shortSide: 48, workers: 1).List).Items[0].Path;
        using var original = VideoReader.Open(folder.File("a.mkv"));
        using var copied = VideoReader.Open(copy);
        Assert.Equal((original.Info.FramesPerSecond, original.Info.FrameCount), (copied.Info.FramesPerSecond, copied.Info.FrameCount));
        int[] places = [7, 31, 88];
        using var before = original.ReadFrames(places);
        using var after = copied.ReadFrames(places);
        for (int t = 0; t < places.Length; t++)
        {
            using Tensor first = before[t], second = after[t];
            Assert.InRange(Distance(Small(first), Small(second)), 0, 8);
        }
    }

    [SkippableFact]
    public void Frames_of_real_videos_are_those_that_ffmpeg_shows_at_the_same_times()
    {
        Skip.IfNot(HasFFmpeg, "ffmpeg is absent");
        foreach (var path in Directory.GetFiles(Shared.Require("data", "samples"))) RequireSameFrames(path, Path.GetFileName(path));
    }

    [SkippableTheory]
    [InlineData(-1, 0, 0, 1, "hflip"), InlineData(1, 0, 0, -1, "vflip"), InlineData(-1, 0, 0, -1, "hflip,vflip")]
    [InlineData(0, 1, 1, 0, "transpose=cclock_flip"), InlineData(0, -1, -1, 0, "transpose=clock_flip")]
    [InlineData(0, 1, -1, 0, "transpose=clock"), InlineData(0, -1, 1, 0, "transpose=cclock")]
    public void Frames_are_turned_and_mirrored_as_their_display_matrix_says(int a, int b, int c, int d, string filter)
    {
        Skip.IfNot(HasFFmpeg, "ffmpeg is absent");
        FFmpeg($"{Picture} -c:v libx264 -qp 5 {folder.File("plain.mp4")}");
        FFmpeg($"-i {folder.File("plain.mp4")} -vf {filter} -c:v libx264 -qp 5 {folder.File("turned.mp4")}");
        var bytes = File.ReadAllBytes(folder.File("plain.mp4"));
        var matrix = bytes.AsSpan(bytes.AsSpan().IndexOf("tkhd"u8) + 4 + 40);
        foreach (var (place, value) in new[] { (0, a), (1, b), (3, c), (4, d) })
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(matrix[(4 * place)..], value << 16);
        }
        File.WriteAllBytes(folder.File("tagged.mp4"), bytes);
        using var tagged = VideoReader.Open(folder.File("tagged.mp4"));
        using var turned = VideoReader.Open(folder.File("turned.mp4"));
        Assert.Equal((turned.Info.Width, turned.Info.Height), (tagged.Info.Width, tagged.Info.Height));
        using var seen = tagged.ReadFrames([0, 100]);
        using var expected = turned.ReadFrames([0, 100]);
        using var difference = (seen.to_type(ScalarType.Float32) - expected.to_type(ScalarType.Float32)).abs().mean();
        Assert.InRange(difference.item<float>(), 0, 4);
    }

    // Reads frames at times in the middle of those of ffmpeg's frames, and looks which of all of ffmpeg's frames they resemble most.
    private static void RequireSameFrames(string path, string kind)
    {
        var shown = FFprobe(path);
        var all = FFmpeg($"-i {path} -map 0:v:0 -fps_mode passthrough -vf scale={Width}:{Height}:flags=area -f rawvideo -pix_fmt rgb24 -");
        Assert.Equal(shown.Count, all.Length / (Width * Height * 3));
        var picked = Enumerable.Range(0, 9).Select(k => k * (shown.Count - 1) / 8).Distinct().ToArray();
        using var video = VideoReader.Open(path);
        var times = Array.ConvertAll(picked, k => k + 1 < shown.Count ? (shown[k] + shown[k + 1]) / 2 : shown[k] + 0.001);
        using var frames = video.ReadFrames(Array.ConvertAll(times, time => At(time, video.Info)));
        for (int t = 0; t < picked.Length; t++)
        {
            using var frame = frames[t];
            var seen = Small(frame);
            var distances = Enumerable.Range(0, shown.Count).Select(k => Distance(seen, all.AsSpan(k * seen.Length, seen.Length))).ToList();
            double expected = distances[picked[t]];
            Assert.True(
                expected < 8 && expected <= distances.Min() + 0.05,
                $"{kind}: at {times[t]:0.000} s it is frame {distances.IndexOf(distances.Min())}, not {picked[t]}");
        }
    }

    // Streamed without knowing the whole file, frames are the same.
    private static void RequireSameFramesStreamed(string path)
    {
        using var scope = NewDisposeScope();
        using var source = IFrameSource.Open(path, VideoPolicy.Default);
        var frames = new Dictionary<int, Tensor>();
        source.Decode(index => index % Math.Ceiling(source.Rate) == 7 % Math.Ceiling(source.Rate), (index, frame) =>
        {
            frames[index] = empty([1, frame.Height, frame.Width, 3], ScalarType.Byte);
            FrameTensor.Store(frame, frames[index], [0]);
        });
        Assert.NotEmpty(frames);
        using var video = VideoReader.Open(path);
        var expected = video.ReadFrames([.. frames.Keys.Select(index => At((index / source.Rate) + 1e-6, video.Info))]);
        Assert.True(cat([.. frames.Values]).Equals(expected));
    }

    // The frame shown at a time in seconds; the frames of videos of variable rate here are some of 30 per second.
    private static int At(double time, VideoInfo video) => Math.Min((int)(time * video.FramesPerSecond), video.FrameCount - 1);

    // The times of frames in seconds after the first.
    private static List<double> FFprobe(string path)
    {
        var lines = System.Text.Encoding.UTF8.GetString(Run("ffprobe", "-v error -select_streams v:0 -show_entries "
            + $"frame=best_effort_timestamp_time -of csv=p=0 {path}"));
        var times = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => double.TryParse(line.TrimEnd(',', '\r'), CultureInfo.InvariantCulture, out double time) ? time : double.NaN)
            .ToList();
        for (int k = 1; k < times.Count; k++) if (double.IsNaN(times[k])) times[k] = times[k - 1] + (times[1] - times[0]);
        return times.ConvertAll(time => time - times[0]);
    }

    private static unsafe byte[] Small(Tensor frame)
    {
        var bytes = new byte[Width * Height * 3];
        fixed (byte* source = frame.bytes, target = bytes)
        {
            using var whole = Mat.FromPixelData((int)frame.shape[0], (int)frame.shape[1], MatType.CV_8UC3, (nint)source);
            using var small = Mat.FromPixelData(Height, Width, MatType.CV_8UC3, (nint)target);
            Cv2.Resize(whole, small, new(Width, Height), interpolation: InterpolationFlags.Area);
        }
        return bytes;
    }

    private static double Distance(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        long sum = 0;
        for (int k = 0; k < first.Length; k++) sum += Math.Abs(first[k] - second[k]);
        return sum / (double)first.Length;
    }

    private static bool HasFFmpeg { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "ffmpeg")) && File.Exists(Path.Combine(folder, "ffprobe")));

    private static byte[] FFmpeg(string arguments) => Run("ffmpeg", $"-v error -y {arguments}");

    private static byte[] Run(string program, string arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {arguments}: {errors.Result}");
        return output.ToArray();
    }
}
