using OpenCvSharp;

namespace TimeSformer.Tests.Data;

public sealed class DataTests : FolderTests
{
    private static readonly ClipFormat clip = new(8, 2, 32);
    private static readonly Augmentation crop = new(32, 40, Flip: false);
    private readonly ProceduralSet motion;

    public DataTests() => motion = new(folder.Path, ProceduralFamily.Motion, TrainPerClass: 1, ValPerClass: 1);

    [Fact]
    public void A_list_holds_paths_relative_to_it_or_to_a_root_and_labels_and_may_have_comments()
    {
        File.WriteAllText(folder.File("list.txt"), "# mine\n\na b.mp4 1\nsub/c.mp4,0\n/abs/d.mp4\t2\n");
        var list = VideoList.Read(folder.File("list.txt"));
        Assert.Equal([new(folder.File("a b.mp4"), 1), new(folder.File("sub/c.mp4"), 0), new("/abs/d.mp4", 2)], list.Items);
        Assert.Equal(["0", "1", "2"], list.Classes);
        var elsewhere = VideoList.Read(folder.File("list.txt"), root: "/videos").Items;
        Assert.Equal(["/videos/a b.mp4", "/videos/sub/c.mp4", "/abs/d.mp4"], elsewhere.Select(item => item.Path));
    }

    [Theory]
    [InlineData("a.mp4 1\nb.mp4 x\n", ":2: the label 'x' is not an integer")]
    [InlineData("a.mp4 -1\n", ":1: label -1 is negative")]
    [InlineData("a.mp4 3\n", ":1: label 3 is not among the 3 classes (from 0 to 2)")]
    [InlineData("a.mp4\n", ":1: 'a.mp4' has no label")]
    [InlineData("# nothing\n", "has no videos")]
    [InlineData("a.mp4 0\na\0b.mp4 0\n", "list.txt:2: ")]
    public void An_invalid_line_is_named(string text, string expected)
    {
        File.WriteAllText(folder.File("list.txt"), text);
        Assert.Refused<InputException>(expected, () => VideoList.Read(folder.File("list.txt"), classes: 3));
    }

    [Fact]
    public void A_missing_list_is_named() => Assert.Refused<InputException>("none.txt", () => VideoList.Read(folder.File("none.txt")));

    [Fact]
    public void The_order_of_an_epoch_is_a_permutation_that_depends_only_on_seed_and_epoch()
    {
        Assert.Equal(Seeds.Order(100, 7, 3), Seeds.Order(100, 7, 3));
        Assert.NotEqual(Seeds.Order(100, 7, 3), Seeds.Order(100, 7, 4));
        Assert.NotEqual(Seeds.Order(100, 7, 3), Seeds.Order(100, 8, 3));
        Assert.Equal(Enumerable.Range(0, 100).Select(k => (long)k), Seeds.Order(100, 7, 3).Order());
        Assert.Equal([3, 5, 6, 1, 4, 2, 7, 0], Seeds.Order(8, seed: 1, epoch: 2)); // on every runtime
    }

    [Theory, InlineData(0), InlineData(2), InlineData(4), InlineData(6)]
    public void A_motion_and_its_reverse_have_the_same_frames_in_opposite_order(int label)
    {
        var forward = ProceduralVideos.Render(motion, label, new Random(5));
        var backward = ProceduralVideos.Render(motion, label + 1, new Random(5));
        foreach (var (first, second) in forward.Zip(backward.Reverse()))
        {
            using var difference = new Mat();
            Cv2.Absdiff(first, second, difference);
            Assert.Equal(0, Cv2.Sum(difference).Val0);
        }
        foreach (var frame in forward.Concat(backward)) frame.Dispose();
    }

    [Fact]
    public void What_moves_is_within_the_boxes_and_reaches_their_sides()
    {
        var set = motion with { Folder = folder.Path, TrainPerClass = 1, ValPerClass = 4, Seed = 3 };
        ProceduralVideos.Write(set);
        foreach (var video in VideoList.Read(folder.File("val.txt")).Items)
        {
            var boxes = ProceduralVideos.Boxes(set, video.Path);
            Assert.Equal(set.Frames, boxes.Count);
            using var frames = new VideoCapture(video.Path);
            using Mat first = new(), frame = new(), last = new(), difference = new(), gray = new();
            Assert.True(frames.Read(first));
            while (frames.Read(frame)) frame.CopyTo(last);
            Cv2.Absdiff(first, last, difference);
            Cv2.CvtColor(difference, gray, ColorConversionCodes.BGR2GRAY);
            using Mat changed = gray.GreaterThan(25);                       // compression changes the rest a little
            var found = Cv2.BoundingRect(changed);
            Box start = boxes[0]!, end = boxes[^1]!;
            double[] expected =
            [
                Math.Min(start.Left, end.Left), Math.Min(start.Top, end.Top),
                Math.Max(start.Right, end.Right), Math.Max(start.Bottom, end.Bottom),
            ];
            double[] measured = [found.Left, found.Top, found.Right, found.Bottom];
            Assert.All(expected.Zip(measured), side => Assert.InRange((side.First * set.Size) - side.Second, -3, 3));
        }
        Assert.Throws<ArgumentException>(() => ProceduralVideos.Boxes(set, "holiday.mp4"));
    }

    [Theory, InlineData(0, "left left left"), InlineData(3, "left right right"), InlineData(6, "right right left")]
    public void Each_third_of_an_events_video_shows_one_event_on_its_side(int label, string sides)
    {
        Assert.Equal(sides, ProceduralVideos.ClassNames(ProceduralFamily.Events)[label]);
        var set = new ProceduralSet(folder.Path, ProceduralFamily.Events, 1, 1, Frames: 96);
        for (int seed = 0; seed < 5; seed++)
        {
            var frames = ProceduralVideos.Render(set, label, new Random(seed));
            foreach (var (third, side) in sides.Split(' ').Index())
            {
                double left = 0, right = 0;
                int shown = 0;
                for (int k = 0; k < 32; k++)
                {
                    using var difference = new Mat();
                    Cv2.Absdiff(frames[(third * 32) + k], frames[third * 32], difference);
                    using var leftHalf = new Mat(difference, new Rect(0, 0, set.Size / 2, set.Size));
                    using var rightHalf = new Mat(difference, new Rect(set.Size / 2, 0, set.Size / 2, set.Size));
                    (left, right) = (left + Cv2.Sum(leftHalf).Val0, right + Cv2.Sum(rightHalf).Val0);
                    if (Cv2.Sum(difference).Val0 > 0) shown++;
                }
                Assert.True(
                    side == "left" ? left > 5 * right : right > 5 * left,
                    $"third {third} of '{sides}': {left:0} on the left, {right:0} on the right");
                Assert.InRange(shown, 20, 25);
            }
            foreach (var frame in frames) frame.Dispose();
        }
    }

    [Fact]
    public void Stills_are_videos_of_one_frame_with_other_shapes_than_the_appearance_family()
    {
        ProceduralVideos.Write(new(folder.Path, ProceduralFamily.Stills, TrainPerClass: 1, ValPerClass: 1, Frames: 1, Size: 36));
        var list = VideoList.Read(folder.File("train.txt"));
        Assert.Equal(12, list.Items.Count);
        var appearance = ProceduralVideos.ClassNames(ProceduralFamily.Appearance);
        Assert.Empty(list.Classes.Select(name => name.Split(' ', 2)[1]).Intersect(appearance.Select(name => name.Split(' ', 2)[1])));
        foreach (var item in list.Items)
        {
            using var clip = VideoDataset.CenterClip(item.Path, new(1, 1, 32));
            Assert.Equal([1, 32, 32, 3], clip.shape);
        }
    }

    [Fact]
    public void A_fraction_of_a_list_has_that_fraction_of_each_class_and_is_a_subset_of_larger_ones() =>
        Prop.ForAll<NonEmptyArray<byte>, byte, byte>((labels, one, other) =>
        {
            var all = VideoList.Of("test", labels.Get.Select((label, k) => new VideoItem($"{k}", label % 5)), ["a", "b", "c", "d", "e"]);
            var (less, more) = ((1 + Math.Min(one, other)) / 256.0, (1 + Math.Max(one, other)) / 256.0);
            var (few, many) = (all.Subset(less).Items, all.Subset(more).Items);
            bool balanced = all.Items.CountBy(item => item.Label)
                .All(count => few.Count(item => item.Label == count.Key) == Math.Max(1, (int)Math.Round(less * count.Value)));
            return balanced && !few.Except(many).Any() && few.SequenceEqual(all.Items.Where(few.Contains)) && all.Subset(1) == all;
        }).QuickCheckThrowOnFailure();

    [Theory, InlineData(ProceduralFamily.Motion), InlineData(ProceduralFamily.Appearance), InlineData(ProceduralFamily.Events)]
    public void A_dataset_is_written_as_videos_with_balanced_lists_and_read_back(ProceduralFamily family)
    {
        var set = new ProceduralSet(folder.Path, family, TrainPerClass: 2, ValPerClass: 1);
        ProceduralVideos.Write(set);
        var train = VideoList.Read(folder.File("train.txt"));
        Assert.Equal(ProceduralVideos.ClassNames(family), train.Classes);
        Assert.True(train.Classes.Count >= 8);
        Assert.All(train.Items.CountBy(item => item.Label), count => Assert.Equal(2, count.Value));
        Assert.Equal(8, VideoList.Read(folder.File("val.txt")).Items.Count);
        foreach (var item in train.Items)
        {
            using var reader = VideoReader.Open(item.Path);
            Assert.Equal((48, 48, 18), (reader.Info.Width, reader.Info.Height, reader.Info.FrameCount));
        }
    }

    [Fact]
    public void An_existing_dataset_is_kept_unless_the_seed_differs_or_a_video_is_missing()
    {
        ProceduralVideos.Write(motion);
        var path = VideoList.Read(folder.File("train.txt")).Items[0].Path;
        var (first, time) = (File.ReadAllBytes(path), File.GetLastWriteTimeUtc(path));
        ProceduralVideos.Write(motion);
        Assert.Equal(time, File.GetLastWriteTimeUtc(path));
        ProceduralVideos.Write(motion with { Seed = 1 });
        Assert.NotEqual(first, File.ReadAllBytes(path));
        ProceduralVideos.Write(motion);
        Assert.Equal(first, File.ReadAllBytes(path));
        var missing = VideoList.Read(folder.File("val.txt")).Items[3].Path;
        File.Delete(missing);
        ProceduralVideos.Write(motion);
        Assert.True(File.Exists(missing));
    }

    [Fact]
    public void A_partly_overwritten_dataset_is_not_mistaken_for_the_previous_one()
    {
        ProceduralVideos.Write(motion);
        var path = VideoList.Read(folder.File("train.txt")).Items[0].Path;
        var first = File.ReadAllBytes(path);
        using var cut = new CancellationTokenSource();
        var progress = new SynchronousProgress(count => { if (count == 5) cut.Cancel(); });
        Assert.Throws<OperationCanceledException>(() => ProceduralVideos.Write(motion with { Seed = 9 }, progress, cut.Token));
        Assert.False(File.Exists(folder.File("train.txt")));
        ProceduralVideos.Write(motion);
        Assert.Equal(first, File.ReadAllBytes(path));
    }

    [SkippableFact]
    public void A_video_that_a_full_disk_cuts_off_is_an_error()
    {
        Skip.IfNot(File.Exists("/dev/full"), "no device that is full");
        Directory.CreateDirectory(folder.File("videos"));
        File.CreateSymbolicLink(folder.File("videos/train_00000.mp4"), "/dev/full");
        Assert.Throws<IOException>(() => ProceduralVideos.Write(motion));
    }

    [Fact]
    public void The_same_seed_and_epoch_yield_the_same_clip_with_or_without_a_cache()
    {
        var list = Videos();
        using var plain = new VideoDataset(list, clip, crop with { Flip = true }, seed: 3);
        using var cached = new VideoDataset(list, clip, crop with { Flip = true }, seed: 3, cacheBytes: 100_000_000);
        for (int k = 0; k < 4; k++)
        {
            using var a = plain.GetTensor(k)!;
            cached.GetTensor(k)!.Dispose();
            using var b = cached.GetTensor(k)!;
            Assert.True(a.Frames.Equals(b.Frames));
        }
        using var before = plain.GetTensor(0)!;
        plain.Epoch = 1;
        using var after = plain.GetTensor(0)!;
        Assert.False(before.Frames.Equals(after.Frames));
    }

    [Fact]
    public void A_broken_video_is_replaced_and_recorded_in_training_and_omitted_in_evaluation()
    {
        var list = Videos(broken: 2);
        using var training = new VideoDataset(list, clip, crop);
        using var evaluation = new VideoDataset(list, clip);
        int clips = 0;
        foreach (var batch in training.Batches(Seeds.Order(training.Count, 0, 0), 4, workers: 2))
        {
            using (batch) clips += (int)batch!.Labels.shape[0];
        }
        Assert.Equal(list.Items.Count, clips);
        Assert.Equal(2, training.BrokenFiles.Count);
        Assert.All(training.BrokenFiles, file => Assert.Contains("no video stream", file.Value));
        Assert.Equal(2, Enumerable.Range(0, list.Items.Count).Count(k => evaluation.GetTensor(k) is null));
    }

    [Fact]
    public void A_list_of_broken_videos_only_is_an_error_in_training()
    {
        File.WriteAllText(folder.File("x.mp4"), "not a video");
        File.WriteAllText(folder.File("list.txt"), "x.mp4 0\n");
        using var data = new VideoDataset(VideoList.Read(folder.File("list.txt")), clip, crop);
        Assert.Refused<VideoException>("nor any other", () => data.GetTensor(0));
    }

    [Fact]
    public void Loading_leaks_no_tensors()
    {
        using var data = new VideoDataset(Videos(), clip, crop);
        long before = LiveTensors.Settled();
        var loader = data.Batches(Seeds.Order(data.Count, 0, 0), 3, workers: 2);
        foreach (var batch in loader)
        {
            batch!.Dispose();
            break;
        }
        foreach (var batch in loader)
        {
            using (batch) Assert.Equal(ScalarType.Byte, batch!.Clips.dtype);
        }
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void A_binary_file_is_rejected_with_file_and_line()
    {
        File.WriteAllText(folder.File("list.txt"), "a.mp4 0\na\0b.mp4 0\n");
        var error = Assert.Throws<InputException>(() => VideoList.Read(folder.File("list.txt")));
        Assert.Contains("list.txt:2: ", error.Message);
    }

    [Fact]
    public void Cached_frames_outlive_the_dispose_scope_of_the_read()
    {
        using var data = new VideoDataset(Videos(), clip, crop, cacheBytes: 100_000_000);
        using (NewDisposeScope()) data.GetTensor(0);
        using var again = data.GetTensor(0)!;
        Assert.Equal([8, 32, 32, 3], again.Frames.shape);
    }

    [Fact]
    public void A_cache_stays_within_its_limit_and_frees_everything()
    {
        var list = Videos();
        long before = LiveTensors.Settled(), video = 48 * 48 * 3 * 18;
        using (var data = new VideoDataset(list, clip, crop, cacheBytes: 3 * video))
        {
            Parallel.For(0, 4 * list.Items.Count, k => data.GetTensor(k % list.Items.Count)!.Dispose());
            Assert.InRange(Tensor.TotalCount - before, 0, 3);
        }
        Assert.Equal(before, Tensor.TotalCount);
    }

    private VideoList Videos(int broken = 0)
    {
        ProceduralVideos.Write(motion);
        var items = VideoList.Read(folder.File("train.txt")).Items.ToList();
        for (int k = 0; k < broken; k++)
        {
            File.WriteAllText(folder.File($"broken{k}.mp4"), "not a video");
            items.Insert(2 * k, new(folder.File($"broken{k}.mp4"), 0));
        }
        VideoList.Write(folder.File("mixed.txt"), items);
        return VideoList.Read(folder.File("mixed.txt"));
    }
}
