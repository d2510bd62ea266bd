using System.Diagnostics;
using OpenCvSharp;
using TimeSformer.Video.Isolation;

namespace TimeSformer.Tests.Video.Isolation;

/// <summary>Decoding in processes of their own, of which this assembly is the program.</summary>
public sealed class IsolatedVideoTests : TensorTests
{
    private static readonly VideoPolicy isolated = new(Isolate: true);

    public IsolatedVideoTests() => DecodingProgram.ServeWith(typeof(IsolatedVideoTests).Assembly);

    [Theory, InlineData("a.mp4", "mp4v"), InlineData("a.avi", "MJPG"), InlineData("a.mkv", "mp4v")]
    public void The_frames_are_byte_for_byte_those_without_isolation(string name, string codec)
    {
        var path = WriteVideo(name, codec);
        foreach (int? shortSide in new int?[] { null, 20 })
        {
            using IVideo here = IVideo.Open(path), there = IVideo.Open(path, isolated);
            Assert.Equal(here.Info, there.Info);
            Assert.Equal(Bytes(here.ReadFrames(_ => [7, 0, 0, 11], shortSide)), Bytes(there.ReadFrames(_ => [7, 0, 0, 11], shortSide)));
            Assert.Equal(All(here), All(there));
        }
    }

    [Fact]
    public void Pictures_and_folders_of_pictures_are_decoded_in_isolation_too()
    {
        foreach (int k in new[] { 0, 1 }) Cv2.ImWrite(folder.File($"{k}.png"), Picture(k));
        foreach (var path in new[] { folder.Path, folder.File("1.png") })
        {
            using IVideo here = IVideo.Open(path), there = IVideo.Open(path, isolated);
            Assert.Equal(All(here), All(there));
        }
    }

    [Fact]
    public void A_video_with_fewer_frames_than_it_declares_is_sampled_again_with_its_true_length()
    {
        var bytes = File.ReadAllBytes(WriteVideo("a.mp4", "mp4v", count: 40));
        // The sizes and places of the last frames.
        int last = bytes.AsSpan().IndexOf("stsz"u8) + 16 + (4 * 38);
        bytes.AsSpan(last, 8).Clear();
        File.WriteAllBytes(folder.File("b.mp4"), bytes);
        List<int>[] counts = [[], []];
        foreach (var (k, policy) in new[] { VideoPolicy.Default, isolated }.Index())
        {
            using var video = IVideo.Open(folder.File("b.mp4"), policy);
            video.ReadFrames(info =>
            {
                counts[k].Add(info.FrameCount);
                return [info.FrameCount - 1];
            }).Dispose();
        }
        Assert.Equal([40, 38], counts[0]);
        Assert.Equal(counts[0], counts[1]);
    }

    [Fact]
    public void A_stream_has_the_windows_that_it_has_without_isolation()
    {
        var path = WriteVideo("a.mp4", "mp4v", count: 60);
        ClipFormat clip = new(4, 4, 16);
        List<byte[]> Windows(VideoPolicy policy) => [.. ClipWindows.Read(path, clip, 0.25, policy: policy).Select(window =>
        {
            using (window) return Bytes(window.Frames);
        })];
        Assert.Equal(Windows(VideoPolicy.Default), Windows(isolated));
    }

    [Fact]
    public void A_file_that_is_refused_is_refused_in_the_same_words_and_the_child_goes_on()
    {
        var path = WriteVideo("a.mp4", "mp4v");
        int first = Child(path);
        var bad = folder.Write("bad.mp4", "no video");
        foreach (var name in new[] { bad, folder.File("none.mp4"), folder.Path })
        {
            var here = Assert.Throws<VideoException>(() => IVideo.Open(name));
            Assert.Equal(here.Message, Assert.Throws<VideoException>(() => IVideo.Open(name, isolated)).Message);
        }
        using (var video = IVideo.Open(path, isolated))
        {
            Assert.Throws<ArgumentException>(() => video.ReadFrames(_ => [12]));
            Assert.Throws<NotSupportedException>(() => video.ReadFrames(_ => throw new NotSupportedException()));
            video.ReadFrames(_ => [11]).Dispose();
        }
        Assert.Equal(first, Child(path));
    }

    [Fact]
    public void A_child_that_is_killed_while_it_decodes_costs_its_video_alone()
    {
        var path = WriteVideo("a.mp4", "mp4v");
        int killed = Child(path);
        using (var video = IVideo.Open(path, isolated))
        {
            Assert.Refused<VideoException>("decoder crashed", () => video.ReadFrames(_ =>
            {
                Kill(((IsolatedVideo)video).ProcessId);
                return [3];
            }));
        }
        Assert.NotEqual(killed, Child(path));
    }

    [Fact]
    public void A_data_set_goes_on_after_a_crash_and_counts_the_video_as_broken()
    {
        var list = VideoList.Of("test", [new(WriteVideo("a.mp4", "mp4v"), 0), new(WriteVideo("b.mp4", "mp4v"), 1)], ["A", "B"]);
        using var data = new VideoDataset(list, new(4, 0, 16), policy: isolated);
        using var good = data.GetTensor(1);
        // The child that waits gets the video next; stopped, it dies while it has it.
        int child = Child(list.Items[0].Path);
        Signal(child, "STOP");
        using var killing = new Timer(_ => Signal(child, "KILL"), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        Assert.Null(data.GetTensor(0));
        Assert.Contains("decoder crashed", Assert.Single(data.BrokenFiles).Value);
        using var again = data.GetTensor(1);
        Assert.Equal(Bytes(good!.Frames), Bytes(again!.Frames));
    }

    [Fact]
    public void A_child_that_does_not_answer_is_ended()
    {
        var path = WriteVideo("a.mp4", "mp4v");
        using var child = new DecoderProcess(limit: TimeSpan.FromSeconds(5));
        IsolatedVideo.Open(path, VideoPolicy.Default, child);
        Signal(child.Id, "STOP");
        Assert.Refused<VideoException>("did not answer within 5 s", () => IsolatedVideo.Open(path, VideoPolicy.Default, child));
        Assert.True(child.HasEnded);
    }

    [Theory, InlineData("INT"), InlineData("TERM"), InlineData("USR1")]
    public void Signals_that_terminals_and_schedulers_send_to_all_processes_are_left_to_the_parent(string signal)
    {
        var path = WriteVideo("a.mp4", "mp4v");
        int child = Child(path);
        Signal(child, signal);
        Thread.Sleep(200);
        Assert.Equal(child, Child(path));
    }

    [Fact]
    public void A_child_ends_when_its_parent_closes_the_pipe()
    {
        var start = DecodingProgram.StartInfo();
        using var child = Process.Start(start)!;
        Assert.False(child.WaitForExit(500));
        child.StandardInput.Close();
        Assert.True(child.WaitForExit(10_000));
    }

    private static void Kill(int child)
    {
        using var process = Process.GetProcessById(child);
        process.Kill();
        process.WaitForExit();
    }

    private static void Signal(int child, string name) => Process.Start("kill", [$"-{name}", $"{child}"]).WaitForExit();

    // The process that a video gets; it waits for the next one afterwards.
    private static int Child(string path)
    {
        using var video = (IsolatedVideo)IVideo.Open(path, isolated);
        return video.ProcessId;
    }

    private static byte[] Bytes(Tensor frames) => frames.bytes.ToArray();

    private static List<byte[]> All(IVideo video)
    {
        List<byte[]> all = [];
        video.Decode(frame =>
        {
            frame.GetArray(out Vec3b[] pixels);
            all.Add([.. pixels.SelectMany(pixel => new[] { pixel.Item0, pixel.Item1, pixel.Item2 })]);
        });
        return all;
    }

    private string WriteVideo(string name, string codec, int count = 12) =>
        TestVideo.Write(folder.File(name), Enumerable.Range(0, count).Select(Picture), codec);

    private static Mat Picture(int number)
    {
        var picture = new Mat(48, 64, MatType.CV_8UC3, Scalar.All(40));
        Cv2.Rectangle(picture, new Rect(number % 40, 8, 16, 24), new Scalar(200, 30, 10 * (number % 20)), -1);
        return picture;
    }
}
