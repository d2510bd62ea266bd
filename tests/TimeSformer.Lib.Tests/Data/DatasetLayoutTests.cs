using OpenCvSharp;
using TimeSformer.Data.Layouts;

namespace TimeSformer.Tests.Data;

/// <summary>Miniatures of datasets in their official layouts.</summary>
public sealed class DatasetLayoutTests : FolderTests
{
    private const string Vocabulary = "Diving48_vocab.json", Dives = "Diving48_V2_train.json", Labels = "labels.json";

    // Writes a file; an empty one stands for a video.
    private void Put(string path, string text = "")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(path))!);
        File.WriteAllText(folder.File(path), text);
    }

    private void PutPicture(string path, int width, int height, Scalar color)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(path))!);
        using var picture = new Mat(height, width, MatType.CV_8UC3, color);
        Cv2.ImWrite(folder.File(path), picture);
    }

    // The relative paths with labels.
    private string[] Read(DatasetLayout layout, DatasetPart part, int split = 1)
    {
        Assert.Equal(layout, DatasetLayouts.Detect(folder.Path));
        var list = DatasetLayouts.Read(layout, folder.Path, part, split);
        return [.. list.Items.Select(item => $"{Path.GetRelativePath(folder.Path, item.Path)} {item.Label}")];
    }

    [Fact]
    public void UCF101_labels_are_shifted_to_start_from_zero()
    {
        Put("ucfTrainTestlist/classInd.txt", "1 ApplyEyeMakeup\n2 Archery\n");
        Put("ucfTrainTestlist/trainlist02.txt", "ApplyEyeMakeup/v_a_g08_c01.avi 1\nArchery/v_b_g09_c01.avi 2\r\n");
        Put("ucfTrainTestlist/testlist02.txt", "Archery/v_b_g01_c01.avi\n");
        Put("UCF-101/Archery/v_b_g09_c01.mp4"); // converted from the .avi
        Assert.Equal(
            ["UCF-101/ApplyEyeMakeup/v_a_g08_c01.avi 0", "UCF-101/Archery/v_b_g09_c01.mp4 1"],
            Read(DatasetLayout.Ucf101, DatasetPart.Train, 2));
        Assert.Equal(["UCF-101/Archery/v_b_g01_c01.avi 1"], Read(DatasetLayout.Ucf101, DatasetPart.Val, 2));
        Assert.Equal(["ApplyEyeMakeup", "Archery"], DatasetLayouts.Read(DatasetLayout.Ucf101, folder.Path, DatasetPart.Val, 2).Classes);
    }

    [Fact]
    public void HMDB51_lists_the_part_of_each_video_in_a_file_per_class()
    {
        Put("testTrainMulti_7030_splits/wave_test_split1.txt", "w 1.avi 1 \nw2.avi 2\nw3.avi 0\n");
        Put("testTrainMulti_7030_splits/brush_hair_test_split1.txt", "b1.avi 2\nb2.avi 1\n");
        Put("testTrainMulti_7030_splits/brush_hair_test_split2.txt", "b1.avi 1\nb2.avi 2\n");
        Put("hmdb51_org/wave/w 1.avi");
        Assert.Equal(["hmdb51_org/brush_hair/b2.avi 0", "hmdb51_org/wave/w 1.avi 1"], Read(DatasetLayout.Hmdb51, DatasetPart.Train));
        Assert.Equal(["hmdb51_org/brush_hair/b1.avi 0", "hmdb51_org/wave/w2.avi 1"], Read(DatasetLayout.Hmdb51, DatasetPart.Val));
    }

    [Fact]
    public void UT_Interaction_holds_out_two_whole_sequences_of_a_set()
    {
        foreach (var name in new[] { "0_1_4", "1_1_2", "6_2_4", "13_3_2", "55_10_5" }) Put($"segmented_set1/{name}.avi");
        foreach (var name in new[] { "0_11_3", "9_13_1" }) Put($"segmented_set2/{name}.avi");
        Put("segmented_set1/Thumbs.db");
        Assert.Equal(
            ["segmented_set1/0_1_4.avi 4", "segmented_set1/1_1_2.avi 2", "segmented_set1/6_2_4.avi 4"],
            Read(DatasetLayout.UtInteraction, DatasetPart.Val, 1));
        Assert.Equal(
            ["segmented_set1/13_3_2.avi 2", "segmented_set1/55_10_5.avi 5"], Read(DatasetLayout.UtInteraction, DatasetPart.Train, 1));
        Assert.Equal(["segmented_set2/0_11_3.avi 3"], Read(DatasetLayout.UtInteraction, DatasetPart.Val, 6));
        Assert.Equal(["segmented_set2/9_13_1.avi 1"], Read(DatasetLayout.UtInteraction, DatasetPart.Train, 6));
        Assert.Refused<InputException>("there are 10", () => Read(DatasetLayout.UtInteraction, DatasetPart.Val, 11));
    }

    [Fact]
    public void UCF11_leaves_one_group_out()
    {
        const string Shooting = "UCF11_updated_mpg/basketball", Diving = "UCF11_updated_mpg/diving";
        Put($"{Shooting}/v_shooting_01/v_shooting_01_01.mpg");
        Put($"{Shooting}/v_shooting_02/v_shooting_02_01.mpg");
        Put($"{Diving}/v_diving_02/v_diving_02_01.mpg");
        Put($"{Diving}/v_diving_02/v_diving_02_02.mpg");
        Put($"{Diving}/Annotation/v_diving_02_01.xgtf");
        Assert.Equal([$"{Shooting}/v_shooting_01/v_shooting_01_01.mpg 0"], Read(DatasetLayout.Ucf11, DatasetPart.Train, 2));
        Assert.Equal(
            [
                $"{Shooting}/v_shooting_02/v_shooting_02_01.mpg 0",
                $"{Diving}/v_diving_02/v_diving_02_01.mpg 1",
                $"{Diving}/v_diving_02/v_diving_02_02.mpg 1",
            ],
            Read(DatasetLayout.Ucf11, DatasetPart.Val, 2));
    }

    [Fact]
    public void Diving48_names_a_dive_by_its_parts()
    {
        Put("Diving48_vocab.json", """[["Back", "15som", "05Twis", "FREE"], ["Back", "15som", "NoTwis", "TUCK"]]""");
        Put("Diving48_V2_train.json", """[{"vid_name": "-x_00155", "label": 1, "start_frame": 0, "end_frame": 48}]""");
        Put("Diving48_V2_test.json", """[{"vid_name": "y_00001", "label": 0, "start_frame": 0, "end_frame": 9}]""");
        foreach (var name in new[] { "rgb/-x_00155.mp4", "rgb/y_00001.mp4" }) Put(name);
        Assert.Equal(["rgb/-x_00155.mp4 1"], Read(DatasetLayout.Diving48, DatasetPart.Train));
        Assert.Equal(["rgb/y_00001.mp4 0"], Read(DatasetLayout.Diving48, DatasetPart.Val));
        Assert.Equal("Back+15som+NoTwis+TUCK", DatasetLayouts.Read(DatasetLayout.Diving48, folder.Path, DatasetPart.Val).Classes[1]);
    }

    [Fact]
    public void Something_Something_has_templates_as_classes_and_videos_or_folders_of_frames()
    {
        Put("labels/labels.json", """{"Holding something": "1", "Approaching something with your camera": "0"}""");
        Put("labels/train.json", """
            [{"id": "78687", "label": "holding potato", "template": "Holding [something]", "placeholders": ["potato"]},
             {"id": "4", "label": "", "template": "Approaching [something] with your camera"}]
            """);
        Put("labels/validation.json", """[{"id": "7", "template": "Holding [something]"}]""");
        Put("20bn-something-something-v2/78687.webm");
        Put("20bn-something-something-v2/4/000001.jpg");
        Assert.Equal(
            ["20bn-something-something-v2/78687.webm 1", "20bn-something-something-v2/4 0"],
            Read(DatasetLayout.Ssv2, DatasetPart.Train));
        Assert.Equal(["20bn-something-something-v2/7.webm 1"], Read(DatasetLayout.Ssv2, DatasetPart.Val));
        Assert.Equal(
            ["Approaching something with your camera", "Holding something"],
            DatasetLayouts.Read(DatasetLayout.Ssv2, folder.Path, DatasetPart.Val).Classes);
    }

    [Fact]
    public void Without_train_and_val_folders_every_fifth_video_of_a_class_is_for_validation()
    {
        for (int k = 0; k < 6; k++) Put($"cats/{k}.mp4");
        Put("cats/notes.txt");
        Put("dogs/deep/a.MOV");
        Assert.Equal(
            ["cats/0.mp4 0", "cats/1.mp4 0", "cats/2.mp4 0", "cats/3.mp4 0", "cats/5.mp4 0", "dogs/deep/a.MOV 1"],
            Read(DatasetLayout.Folders, DatasetPart.Train));
        Assert.Equal(["cats/4.mp4 0"], Read(DatasetLayout.Folders, DatasetPart.Val));
    }

    [Fact]
    public void Links_that_lead_up_are_not_followed_and_a_video_of_several_paths_counts_once()
    {
        foreach (var name in new[] { "walk/1.mp4", "walk/2.mp4", "run/3.mp4", "elsewhere.not/4.mp4" }) Put(name);
        Directory.Move(folder.File("elsewhere.not"), folder.File(".elsewhere"));
        File.CreateSymbolicLink(folder.File("walk/again.mp4"), "1.mp4");
        File.CreateSymbolicLink(folder.File("walk/self.mp4"), "self.mp4");
        Directory.CreateSymbolicLink(folder.File("walk/loop"), "..");
        Directory.CreateSymbolicLink(folder.File("walk/self"), folder.File("walk"));
        Directory.CreateSymbolicLink(folder.File("walk/root"), "/");
        Directory.CreateSymbolicLink(folder.File("run/more"), "../.elsewhere");
        Directory.CreateSymbolicLink(folder.File("run/more again"), "../.elsewhere");
        Assert.Equal(["run/3.mp4 0", "run/more/4.mp4 0", "walk/1.mp4 1", "walk/2.mp4 1"], Read(DatasetLayout.Folders, DatasetPart.Train));
    }

    [Fact]
    public void All_that_is_a_video_by_its_name_is_found()
    {
        string[] extensions =
        [
            "mp4", "m4v", "mov", "avi", "mkv", "webm", "mpg", "mpeg", "ts", "mts", "m2ts", "3gp", "3g2", "flv", "wmv", "asf", "ogv", "vob",
            "mxf", "gif", "y4m", "MTS",
        ];
        foreach (var extension in extensions) Put($"train/walk/a.{extension}");
        Assert.Equal(extensions.Length, Read(DatasetLayout.Folders, DatasetPart.Train).Length);
    }

    [Fact]
    public void A_class_folder_of_unknown_files_is_said_with_their_extensions()
    {
        Put("train/run/1.mp4");
        Put("train/walk/1.xyz");
        Put("train/walk/deep/2.ABC");
        var note = Assert.Single(DatasetLayouts.Read(DatasetLayout.Folders, folder.Path, DatasetPart.Train).Notes);
        Assert.EndsWith("walk: none of its files is known as a video or a picture (.abc, .xyz)", note);
        File.Delete(folder.File("train/run/1.mp4"));
        Assert.Refused<InputException>("there are no videos; ", () => Read(DatasetLayout.Folders, DatasetPart.Train));
    }

    [Fact]
    public void Train_and_val_folders_share_the_class_labels()
    {
        foreach (var name in new[] { "train/cats/1.mp4", "train/dogs/2.mp4", "test/dogs/3.mp4" }) Put(name);
        Assert.Equal(["train/cats/1.mp4 0", "train/dogs/2.mp4 1"], Read(DatasetLayout.Folders, DatasetPart.Train));
        Assert.Equal(["test/dogs/3.mp4 1"], Read(DatasetLayout.Folders, DatasetPart.Val));
        Put("test/birds/4.mp4");
        Assert.Refused<InputException>("birds: the class has no folder in", () => Read(DatasetLayout.Folders, DatasetPart.Val));
    }

    [Fact]
    public void Pictures_in_a_class_folder_are_stills_and_those_in_a_subfolder_are_a_video()
    {
        foreach (var name in new[] { "train/cats/1.png", "train/cats/2.png", "train/dogs/a/1.png", "train/dogs/a/2.png" })
        {
            PutPicture(name, 30, 20, Scalar.All(100));
        }
        Assert.Equal(["train/cats/1.png 0", "train/cats/2.png 0", "train/dogs/a 1"], Read(DatasetLayout.Folders, DatasetPart.Train));
        using var still = IVideo.Open(folder.File("train/cats/1.png"));
        using var video = IVideo.Open(folder.File("train/dogs/a"));
        Assert.Equal((30, 20, 1), (still.Info.Width, still.Info.Height, still.Info.FrameCount));
        Assert.Equal(2, video.Info.FrameCount);
        using var frames = still.ReadFrames(_ => [0, 0]);
        Assert.Equal([2, 20, 30, 3], frames.shape);
    }

    [Theory]
    [InlineData(DatasetLayout.Ucf101, "classInd.txt", "1 A", "trainlist01.txt", "B/x.avi 1", "list01.txt:1: 'B/x.avi 1' is not CLASS")]
    [InlineData(DatasetLayout.Ucf101, "classInd.txt", "1 A", "trainlist01.txt", "A/..", "'..' is not the name of a video")]
    [InlineData(DatasetLayout.Ucf101, "classInd.txt", "1 A\n2 A", "trainlist01.txt", "A/x.avi", "the class 'A' is listed more than once")]
    [InlineData(DatasetLayout.Hmdb51, "a_test_split1.txt", "x.avi 3", "b.txt", "", "a_test_split1.txt:1: 'x.avi 3' is not")]
    [InlineData(DatasetLayout.Diving48, Vocabulary, "[]", Dives, """[{"vid_name": "../x", "label": 0}]""", "'../x' is not the name")]
    [InlineData(DatasetLayout.Diving48, Vocabulary, """[["a"]]""", Dives, """[{"vid_name": "x", "label": 1}]""", "not among the 1 classes")]
    [InlineData(DatasetLayout.Diving48, Vocabulary, "[]", Dives, """[{"label": 1}]""", $"{Dives}: not the expected annotations")]
    [InlineData(DatasetLayout.Diving48, Vocabulary, "[]", Dives, "[null]", $"{Dives}: not the expected annotations: ")]
    [InlineData(DatasetLayout.Diving48, Vocabulary, """[["a"], null]""", Dives, "[]", $"{Vocabulary}: not the expected annotations: ")]
    [InlineData(DatasetLayout.Ssv2, Labels, """{"A": "0"}""", "train.json", "[null]", "train.json: not the expected annotations: ")]
    [InlineData(DatasetLayout.Ssv2, Labels, """{"A": "x"}""", "train.json", "[]", "'A' has the label 'x'")]
    [InlineData(DatasetLayout.Ssv2, Labels, """{"A": "1"}""", "train.json", "[]", "not numbered from 0 to 0")]
    [InlineData(DatasetLayout.Ssv2, Labels, """{"A": "0"}""", "train.json", """[{"id": "1", "template": "B"}]""", "'B', which is not in")]
    [InlineData(DatasetLayout.Ssv2, Labels, """{"A": "0"}""", "train.json", "[", "not the expected annotations")]
    public void An_invalid_annotation_is_named(
        DatasetLayout layout, string first, string firstText, string second, string secondText, string expected)
    {
        Put(first, firstText);
        Put(second, secondText);
        Assert.Refused<InputException>(expected, () => DatasetLayouts.Read(layout, folder.Path, DatasetPart.Train));
    }

    [Theory]
    [InlineData(DatasetLayout.Ucf101, "found no classInd.txt", "crcv.ucf.edu")]
    [InlineData(DatasetLayout.Hmdb51, "CLASS_test_split1.txt", "serre-lab")]
    [InlineData(DatasetLayout.Diving48, "Diving48_V2_train.json", "svcl.ucsd.edu")]
    [InlineData(DatasetLayout.Ssv2, "labels.json or something-something-v2-labels.json", "qualcomm.com")]
    public void An_error_names_the_missing_file_and_the_source_of_the_dataset(DatasetLayout layout, string missing, string source)
    {
        Assert.Contains(source, Assert.Refused<InputException>(missing, () => DatasetLayouts.Read(layout, folder.Path, DatasetPart.Train)));
        Assert.Refused<InputException>(source, () => DatasetLayouts.Read(layout, folder.File("none"), DatasetPart.Train));
    }

    [Fact]
    public void A_split_that_does_not_exist_is_rejected() => Assert.Refused<InputException>(
        "no split 4; there are 3", () => DatasetLayouts.Read(DatasetLayout.Ucf101, folder.Path, DatasetPart.Train, 4));

    [Fact]
    public void A_recipe_trains_on_folders_of_videos_and_of_frames()
    {
        ProceduralVideos.Write(new(folder.File("made"), ProceduralFamily.Appearance, TrainPerClass: 3, ValPerClass: 1));
        foreach (var name in new[] { "train", "val" })
        {
            foreach (var item in VideoList.Read(folder.File($"made/{name}.txt")).Items)
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
    public void A_folder_of_frames_is_read_in_numerical_order()
    {
        for (int k = 1; k <= 12; k++) PutPicture($"frame{k}.png", 24, 16, new(0, 0, 20 * k)); // BGR
        using var video = IVideo.Open(folder.Path);
        Assert.Equal(new VideoInfo(24, 16, 30, 12), video.Info);
        using var frames = video.ReadFrames(_ => [11, 0, 11, 9]);
        Assert.Equal([4, 16, 24, 3], frames.shape);
        Assert.Equal([240, 20, 240, 200], new[] { 0, 1, 2, 3 }.Select(t => (int)frames[t, 3, 3, 0].item<byte>()));
        Assert.Equal(0, frames[0, 3, 3, 2].item<byte>());
    }

    [Fact]
    public void Numbers_order_frames_whatever_their_extensions_and_leading_zeros()
    {
        // Smallest first; .jpeg is longer than .png.
        string[] names = ["f1.jpeg", "f2.png", "f003.png", "f9.jpeg", "f10.png", "f011.jpeg"];
        foreach (var (k, name) in names.Index()) PutPicture(name, 16, 16, Scalar.All(40 * k));
        using var video = IVideo.Open(folder.Path);
        using var frames = video.ReadFrames(info => [.. Enumerable.Range(0, info.FrameCount)]);
        var levels = Enumerable.Range(0, names.Length).Select(t => (int)Math.Round(frames[t, 3, 3, 0].item<byte>() / 40.0));
        Assert.Equal([0, 1, 2, 3, 4, 5], levels);
    }

    [Theory, InlineData("a.webp"), InlineData("a.gif")]
    public void An_animated_picture_is_a_video(string name)
    {
        var pictures = Enumerable.Range(0, 4).Select(k => new Mat(32, 48, MatType.CV_8UC3, Scalar.All(85 * k))).ToArray();
        Assert.True(Cv2.ImWrite(folder.File(name), pictures));
        foreach (var picture in pictures) picture.Dispose();
        using var video = IVideo.Open(folder.File(name));
        Assert.Equal((48, 32, 4), (video.Info.Width, video.Info.Height, video.Info.FrameCount));
        using var frames = video.ReadFrames(_ => [3, 0, 2], shortSide: 16);
        Assert.Equal([3, 16, 24, 3], frames.shape);
        Assert.Equal([3, 0, 2], Enumerable.Range(0, 3).Select(t => (int)Math.Round(frames[t, 3, 3, 0].item<byte>() / 85.0)));
        int decoded = 0;
        video.Decode(_ => decoded++);
        Assert.Equal(4, decoded);
    }

    [Fact]
    public void A_folder_without_frames_or_with_invalid_ones_is_named()
    {
        Assert.Refused<VideoException>("has no pictures", () => IVideo.Open(folder.Path));
        Put("1.png", "no picture");
        Assert.Refused<VideoException>("1.png", () => IVideo.Open(folder.Path));
        PutPicture("1.png", 16, 16, default);
        PutPicture("2.png", 18, 18, default);
        using var video = IVideo.Open(folder.Path);
        Assert.Refused<VideoException>("18x18 pixels, but the first one in its folder has 16x16", () => video.ReadFrames(_ => [0, 1]));
    }

    [SkippableFact]
    public void Class_names_match_the_common_label_map()
    {
        var names = File.ReadAllLines(Shared.Require("data", "labels", "ucf101_label_map.txt"));
        Put("classInd.txt", string.Join('\n', names.Select((name, k) => $"{k + 1} {name}")));
        Put("trainlist01.txt", $"{names[100]}/v_x_g08_c01.avi 101\n");
        var list = DatasetLayouts.Read(DatasetLayout.Ucf101, folder.Path, DatasetPart.Train);
        Assert.Equal(names, list.Classes);
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
