using OpenCvSharp;
using TimeSformer.Data;
using TimeSformer.Data.Layouts;
using TimeSformer.Training;
using TimeSformer.Video;

namespace TimeSformer.Tests.Data;

/// <summary>Data sets as their makers distribute them, in miniature.</summary>
public sealed class DatasetLayoutTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    // A file of the tree; where no text is given, an empty one stands for a video.
    private void Put(string path, string text = "")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(path))!);
        File.WriteAllText(folder.File(path), text);
    }

    // The paths below the folder, with labels.
    private string[] Read(DatasetLayout layout, DatasetPart part, int split = 1)
    {
        Assert.Equal(layout, DatasetLayouts.Detect(folder.Path));
        return [.. DatasetLayouts.Read(layout, folder.Path, part, split).Items.Select(item => $"{Path.GetRelativePath(folder.Path, item.Path)} {item.Label}")];
    }

    [Fact]
    public void UCF101_has_its_lists_and_classes_from_one_and_ours_count_from_zero()
    {
        Put("ucfTrainTestlist/classInd.txt", "1 ApplyEyeMakeup\n2 Archery\n");
        Put("ucfTrainTestlist/trainlist02.txt", "ApplyEyeMakeup/v_a_g08_c01.avi 1\nArchery/v_b_g09_c01.avi 2\r\n");
        Put("ucfTrainTestlist/testlist02.txt", "Archery/v_b_g01_c01.avi\n");
        Put("UCF-101/Archery/v_b_g09_c01.mp4"); // made of the .avi
        Assert.Equal(["UCF-101/ApplyEyeMakeup/v_a_g08_c01.avi 0", "UCF-101/Archery/v_b_g09_c01.mp4 1"], Read(DatasetLayout.Ucf101, DatasetPart.Train, 2));
        Assert.Equal(["UCF-101/Archery/v_b_g01_c01.avi 1"], Read(DatasetLayout.Ucf101, DatasetPart.Val, 2));
        Assert.Equal(["ApplyEyeMakeup", "Archery"], DatasetLayouts.Read(DatasetLayout.Ucf101, folder.Path, DatasetPart.Val, 2).Classes);
    }

    [Fact]
    public void HMDB51_says_for_each_video_of_a_class_which_part_it_is_in()
    {
        Put("testTrainMulti_7030_splits/wave_test_split1.txt", "w 1.avi 1 \nw2.avi 2\nw3.avi 0\n");
        Put("testTrainMulti_7030_splits/brush_hair_test_split1.txt", "b1.avi 2\nb2.avi 1\n");
        Put("testTrainMulti_7030_splits/brush_hair_test_split2.txt", "b1.avi 1\nb2.avi 2\n");
        Put("hmdb51_org/wave/w 1.avi");
        Assert.Equal(["hmdb51_org/brush_hair/b2.avi 0", "hmdb51_org/wave/w 1.avi 1"], Read(DatasetLayout.Hmdb51, DatasetPart.Train));
        Assert.Equal(["hmdb51_org/brush_hair/b1.avi 0", "hmdb51_org/wave/w2.avi 1"], Read(DatasetLayout.Hmdb51, DatasetPart.Val));
    }

    [Fact]
    public void UCF11_leaves_one_group_out()
    {
        foreach (var name in new[] { "basketball/v_shooting_01/v_shooting_01_01.mpg", "basketball/v_shooting_02/v_shooting_02_01.mpg", "diving/v_diving_02/v_diving_02_01.mpg", "diving/v_diving_02/v_diving_02_02.mpg" }) Put($"UCF11_updated_mpg/{name}");
        Put("UCF11_updated_mpg/diving/Annotation/v_diving_02_01.xgtf");
        Assert.Equal(["UCF11_updated_mpg/basketball/v_shooting_01/v_shooting_01_01.mpg 0"], Read(DatasetLayout.Ucf11, DatasetPart.Train, 2));
        Assert.Equal(
            ["UCF11_updated_mpg/basketball/v_shooting_02/v_shooting_02_01.mpg 0", "UCF11_updated_mpg/diving/v_diving_02/v_diving_02_01.mpg 1", "UCF11_updated_mpg/diving/v_diving_02/v_diving_02_02.mpg 1"],
            Read(DatasetLayout.Ucf11, DatasetPart.Val, 2));
    }

    [Fact]
    public void Diving48_names_a_dive_by_its_parts()
    {
        Put("Diving48_vocab.json", """[["Back", "15som", "05Twis", "FREE"], ["Back", "15som", "NoTwis", "TUCK"]]""");
        Put("Diving48_V2_train.json", """[{"vid_name": "-x_00155", "label": 1, "start_frame": 0, "end_frame": 48}]""");
        Put("Diving48_V2_test.json", """[{"vid_name": "y_00001", "label": 0, "start_frame": 0, "end_frame": 9}]""");
        Put("rgb/-x_00155.mp4");
        Put("rgb/y_00001.mp4");
        Assert.Equal(["rgb/-x_00155.mp4 1"], Read(DatasetLayout.Diving48, DatasetPart.Train));
        Assert.Equal(["rgb/y_00001.mp4 0"], Read(DatasetLayout.Diving48, DatasetPart.Val));
        Assert.Equal("Back+15som+NoTwis+TUCK", DatasetLayouts.Read(DatasetLayout.Diving48, folder.Path, DatasetPart.Val).Classes[1]);
    }

    [Fact]
    public void Something_Something_has_templates_for_classes_and_videos_or_folders_of_frames()
    {
        Put("labels/labels.json", """{"Holding something": "1", "Approaching something with your camera": "0"}""");
        Put("labels/train.json", """[{"id": "78687", "label": "holding potato", "template": "Holding [something]", "placeholders": ["potato"]}, {"id": "4", "label": "", "template": "Approaching [something] with your camera"}]""");
        Put("labels/validation.json", """[{"id": "7", "template": "Holding [something]"}]""");
        Put("20bn-something-something-v2/78687.webm");
        Put("20bn-something-something-v2/4/000001.jpg");
        Assert.Equal(["20bn-something-something-v2/78687.webm 1", "20bn-something-something-v2/4 0"], Read(DatasetLayout.Ssv2, DatasetPart.Train));
        Assert.Equal(["20bn-something-something-v2/7.webm 1"], Read(DatasetLayout.Ssv2, DatasetPart.Val));
        Assert.Equal(["Approaching something with your camera", "Holding something"], DatasetLayouts.Read(DatasetLayout.Ssv2, folder.Path, DatasetPart.Val).Classes);
    }

    [Fact]
    public void One_s_own_videos_lie_in_a_folder_for_each_class_and_every_fifth_is_for_validation()
    {
        for (int k = 0; k < 6; k++) Put($"cats/{k}.mp4");
        Put("cats/notes.txt");
        Put("dogs/deep/a.MOV");
        Assert.Equal(["cats/0.mp4 0", "cats/1.mp4 0", "cats/2.mp4 0", "cats/3.mp4 0", "cats/5.mp4 0", "dogs/deep/a.MOV 1"], Read(DatasetLayout.Folders, DatasetPart.Train));
        Assert.Equal(["cats/4.mp4 0"], Read(DatasetLayout.Folders, DatasetPart.Val));
    }

    [Fact]
    public void Folders_for_the_parts_are_taken_as_they_are_and_numbered_alike()
    {
        Put("train/cats/1.mp4");
        Put("train/dogs/2.mp4");
        Put("test/dogs/3.mp4");
        Assert.Equal(["train/cats/1.mp4 0", "train/dogs/2.mp4 1"], Read(DatasetLayout.Folders, DatasetPart.Train));
        Assert.Equal(["test/dogs/3.mp4 1"], Read(DatasetLayout.Folders, DatasetPart.Val));
        Put("test/birds/4.mp4");
        Assert.Contains("birds: the class has no folder in", Assert.Throws<InputException>(() => Read(DatasetLayout.Folders, DatasetPart.Val)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_in_a_class_s_folder_are_stills_and_those_in_a_folder_below_it_a_video()
    {
        using (var picture = new OpenCvSharp.Mat(20, 30, OpenCvSharp.MatType.CV_8UC3, OpenCvSharp.Scalar.All(100)))
        {
            foreach (var name in new[] { "train/cats/1.png", "train/cats/2.png", "train/dogs/a/1.png", "train/dogs/a/2.png" })
            {
                Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
                OpenCvSharp.Cv2.ImWrite(folder.File(name), picture);
            }
        }
        Assert.Equal(["train/cats/1.png 0", "train/cats/2.png 0", "train/dogs/a 1"], Read(DatasetLayout.Folders, DatasetPart.Train));
        using var still = TimeSformer.Video.IVideo.Open(folder.File("train/cats/1.png"));
        using var video = TimeSformer.Video.IVideo.Open(folder.File("train/dogs/a"));
        Assert.Equal((30, 20, 1), (still.Info.Width, still.Info.Height, still.Info.FrameCount));
        Assert.Equal(2, video.Info.FrameCount);
        using var frames = still.ReadFrames(_ => [0, 0]);
        Assert.Equal([2, 20, 30, 3], frames.shape);
    }

    [Theory]
    [InlineData(DatasetLayout.Ucf101, "classInd.txt", "1 A", "trainlist01.txt", "B/x.avi 1", "trainlist01.txt:1: 'B/x.avi 1' is not CLASS/VIDEO")]
    [InlineData(DatasetLayout.Ucf101, "classInd.txt", "1 A", "trainlist01.txt", "A/..", "'..' is no name of a video")]
    [InlineData(DatasetLayout.Hmdb51, "a_test_split1.txt", "x.avi 3", "b.txt", "", "a_test_split1.txt:1: 'x.avi 3' is not")]
    [InlineData(DatasetLayout.Diving48, "Diving48_vocab.json", "[]", "Diving48_V2_train.json", "[{\"vid_name\": \"../x\", \"label\": 0}]", "'../x' is no name of a video")]
    [InlineData(DatasetLayout.Diving48, "Diving48_vocab.json", "[[\"a\"]]", "Diving48_V2_train.json", "[{\"vid_name\": \"x\", \"label\": 1}]", "label 1, which is not among the 1 classes")]
    [InlineData(DatasetLayout.Diving48, "Diving48_vocab.json", "[]", "Diving48_V2_train.json", "[{\"label\": 1}]", "Diving48_V2_train.json: not the annotations that were expected")]
    [InlineData(DatasetLayout.Ssv2, "labels.json", "{\"A\": \"x\"}", "train.json", "[]", "'A' has the number 'x'")]
    [InlineData(DatasetLayout.Ssv2, "labels.json", "{\"A\": \"1\"}", "train.json", "[]", "not numbered from 0 to 0")]
    [InlineData(DatasetLayout.Ssv2, "labels.json", "{\"A\": \"0\"}", "train.json", "[{\"id\": \"1\", \"template\": \"B\"}]", "the template 'B', which is not in")]
    [InlineData(DatasetLayout.Ssv2, "labels.json", "{\"A\": \"0\"}", "train.json", "[", "not the annotations")]
    public void A_wrong_annotation_is_named(DatasetLayout layout, string first, string firstText, string second, string secondText, string said)
    {
        Put(first, firstText);
        Put(second, secondText);
        Assert.Contains(said, Assert.Throws<InputException>(() => DatasetLayouts.Read(layout, folder.Path, DatasetPart.Train)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DatasetLayout.Ucf101, "there is no classInd.txt", "crcv.ucf.edu")]
    [InlineData(DatasetLayout.Hmdb51, "CLASS_test_split1.txt", "serre-lab")]
    [InlineData(DatasetLayout.Diving48, "Diving48_V2_train.json", "svcl.ucsd.edu")]
    [InlineData(DatasetLayout.Ssv2, "labels.json or something-something-v2-labels.json", "qualcomm.com")]
    public void What_is_missing_is_said_and_where_to_get_it(DatasetLayout layout, string missing, string where)
    {
        var message = Assert.Throws<InputException>(() => DatasetLayouts.Read(layout, folder.Path, DatasetPart.Train)).Message;
        Assert.Contains(missing, message, StringComparison.Ordinal);
        Assert.Contains(where, message, StringComparison.Ordinal);
        Assert.Contains(where, Assert.Throws<InputException>(() => DatasetLayouts.Read(layout, folder.File("none"), DatasetPart.Train)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void There_are_as_many_splits_as_there_are() =>
        Assert.Contains("no split 4; there are 3", Assert.Throws<InputException>(() => DatasetLayouts.Read(DatasetLayout.Ucf101, folder.Path, DatasetPart.Train, 4)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("data: {layout: ucf102}", "did you mean 'ucf101'")]
    [InlineData("data: {layout: ucf101}", "data.root is absent")]
    [InlineData("data: {layout: ucf101, root: x, train: y}", "data.train is y")]
    [InlineData("data: {layout: ucf101, root: x, split: 4}", "data.split is 4; it must be 1 to 3")]
    [InlineData("data: {train: x, split: 2}", "data.split is 2; it must be 1 to 1")]
    public void A_recipe_that_names_half_a_data_set_is_refused(string yaml, string said) =>
        Assert.Contains(said, Assert.Throws<RecipeException>(() => RecipeFile.Parse(yaml)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_recipe_trains_on_folders_of_videos_and_of_frames()
    {
        var made = new ProceduralSet(folder.File("made"), ProceduralFamily.Appearance, 3, 1);
        ProceduralVideos.Write(made);
        foreach (var (name, list) in new[] { ("train", "train.txt"), ("val", "val.txt") })
        {
            foreach (var item in VideoList.Read(folder.File($"made/{list}")).Items)
            {
                var target = folder.File($"own/{name}/class {item.Label}/{Path.GetFileName(item.Path)}");
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                if (item.Label == 0) Extract(item.Path, Path.ChangeExtension(target, null));
                else File.Copy(item.Path, target);
            }
        }
        File.WriteAllText(folder.File("recipe.yaml"), """
            data: {layout: folders, root: own, num_frames: 4, sampling_rate: 2, crop_size: 32, train_jitter_scales: [32, 36]}
            training: {epochs: 1, steps: [0], lrs: [1]}
            """);
        var recipe = new RecipeInputs(folder.File("runs")).Prepare(RecipeFile.Load(folder.File("recipe.yaml")));
        var result = new Trainer(recipe, folder.File("run")).Run();
        Assert.Empty(result.Broken);
        Assert.Equal(8, result.Validation!.Clips);
        Assert.Equal(["class 0", "class 1"], VideoList.Read(recipe.Data.Train).Classes.Take(2));
        Assert.Equal(24, VideoList.Read(recipe.Data.Train).Items.Count);
    }

    [Fact]
    public void A_folder_of_frames_is_read_in_the_order_of_their_numbers()
    {
        for (int k = 1; k <= 12; k++)
        {
            using var picture = new Mat(16, 24, MatType.CV_8UC3, new Scalar(0, 0, 20 * k)); // BGR
            Cv2.ImWrite(folder.File($"frame{k}.png"), picture);
        }
        using var video = IVideo.Open(folder.Path);
        Assert.Equal(new VideoInfo(24, 16, 30, 12), video.Info);
        using var frames = video.ReadFrames(_ => [11, 0, 11, 9]);
        Assert.Equal([4, 16, 24, 3], frames.shape);
        Assert.Equal([240, 20, 240, 200], new[] { 0, 1, 2, 3 }.Select(t => (int)frames[t, 3, 3, 0].item<byte>()));
        Assert.Equal(0, frames[0, 3, 3, 2].item<byte>());
    }

    [Fact]
    public void A_folder_without_frames_or_with_wrong_ones_is_named()
    {
        Assert.Contains("has no pictures", Assert.Throws<VideoException>(() => IVideo.Open(folder.Path)).Message, StringComparison.Ordinal);
        Put("1.png", "no picture");
        Assert.Contains("1.png", Assert.Throws<VideoException>(() => IVideo.Open(folder.Path)).Message, StringComparison.Ordinal);
        foreach (var (name, size) in new[] { ("1.png", 16), ("2.png", 18) })
        {
            using var picture = new Mat(size, size, MatType.CV_8UC3, new Scalar(0, 0, 0));
            Cv2.ImWrite(folder.File(name), picture);
        }
        using var video = IVideo.Open(folder.Path);
        Assert.Contains("18x18 pixels, the first of its folder 16x16", Assert.Throws<VideoException>(() => video.ReadFrames(_ => [0, 1])).Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void The_class_names_are_those_that_others_use()
    {
        var theirs = File.ReadAllLines(Shared.Require("data", "labels", "ucf101_label_map.txt"));
        Put("classInd.txt", string.Join('\n', theirs.Select((name, k) => $"{k + 1} {name}")));
        Put("trainlist01.txt", $"{theirs[100]}/v_x_g08_c01.avi 101\n");
        var list = DatasetLayouts.Read(DatasetLayout.Ucf101, folder.Path, DatasetPart.Train);
        Assert.Equal(theirs, list.Classes);
        Assert.Equal(100, list.Items.Single().Label);
    }

    private static void Extract(string video, string target)
    {
        Directory.CreateDirectory(target);
        using var capture = new VideoCapture(video);
        using var frame = new Mat();
        for (int k = 1; capture.Read(frame) && !frame.Empty(); k++) Cv2.ImWrite(Path.Combine(target, $"img_{k:D5}.jpg"), frame);
    }
}
