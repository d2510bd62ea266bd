using System.Text.RegularExpressions;
using TimeSformer.Features;
using static TimeSformer.Tests.Features.FeatureFixtures;

namespace TimeSformer.Tests.Features;

public sealed class RecordingTests : TensorTests
{
    [Fact]
    public void Videos_of_one_place_are_one_recording_whoever_moves_in_them()
    {
        manual_seed(3);
        int[] places = [0, 1, 0, 2, 2, 1, 0];
        var scenes = Enumerable.Range(0, 3).Select(_ => randint(0, 255, [12, 12, 3]).to_type(ScalarType.Byte)).ToList();
        var clips = stack(places.Select((place, k) => Clip(scenes[place], k)));
        Assert.Equal([0, 1, 0, 2, 2, 1, 0], Recordings.Of(Recordings.Backgrounds(clips)));
    }

    // A black video says nothing of its place.
    [Fact]
    public void Black_videos_are_recordings_of_their_own()
    {
        var black = Recordings.Backgrounds(zeros(new long[] { 3, 4, 20, 20, 3 }, ScalarType.Byte));
        Assert.True(black.isfinite().all().item<bool>());
        Assert.Equal([0, 1, 2], Recordings.Of(black));
    }

    [Fact]
    public void Names_tell_recordings_if_an_expression_says_how()
    {
        VideoItem[] videos = [.. new[] { "v_Dive_g07_c01.avi", "v_Dive_g07_c02.avi", "v_Jump_g01_c01.avi" }.Select(name => new VideoItem($"/_g9_/{name}", 0))];
        using var alike = ones(3, 4);
        Assert.Equal([0, 0, 1], Recordings.Of(videos, alike, new(@"_g(\d+)_")));
        Assert.Equal([0, 0, 0], Recordings.Of(videos, alike.Over(2), null));
        Assert.Refused<InputException>(
            "v_Dive_g07_c01.avi: the name does not tell the recording", () => Recordings.Of(videos, alike, new(@"_(\d+)_")));
    }

    [Fact]
    public void A_set_takes_the_recordings_of_its_names_along()
    {
        var set = Mixture(recordings: 2) with { RecordingName = new(@"_(\d)") };
        Assert.Equal(10, set.Groups().Distinct().Count());
        Assert.Equal(2, set.Subset([0, 1, 11]).Groups().Distinct().Count());
        Assert.Equal(2, (set with { RecordingName = null }).Groups().Distinct().Count());
    }

    [Fact]
    public void Folds_never_divide_a_recording_nor_miss_a_class()
    {
        var video = Gen.Choose(0, 3).Zip(Gen.Choose(0, 9));
        Prop.ForAll(video.NonEmptyListOf().ToArbitrary(), Gen.Choose(2, 6).ToArbitrary(), (videos, most) =>
        {
            using var scope = NewDisposeScope();
            var set = Named([.. videos]);
            var (recordings, folds) = (set.Groups(), FeatureValidation.Folds(set, most));
            Assert.True(folds.Count <= most);
            Assert.Distinct(folds.SelectMany(fold => fold.Test));
            foreach (var (training, test) in folds)
            {
                Assert.Equal(Enumerable.Range(0, videos.Count), training.Concat(test).Order());
                Assert.Empty(training.Select(k => recordings[k]).Intersect(test.Select(k => recordings[k])));
                Assert.Equal(videos.Select(one => one.Item1).Distinct().Count(), training.Select(k => videos[k].Item1).Distinct().Count());
            }
        }).Check(Config.QuickThrowOnFailure);
    }

    [Fact]
    public void Validation_tests_every_video_once_on_what_other_recordings_tell()
    {
        var set = Mixture(recordings: 7);
        var tested = FeatureValidation.Run(set, ClassifierKind.Centroid);
        Assert.Equal(set.Videos.OrderBy(video => video.Path), tested.Select(entry => entry.Video).OrderBy(video => video.Path));
        Assert.True(tested.Count(entry => entry.Predicted == entry.Video.Label) > 76);
    }

    // Here the recording tells the class: whoever has seen it is right, whoever has not is wrong.
    [Fact]
    public void What_only_the_recording_tells_is_not_credited()
    {
        var set = Named([.. Enumerable.Range(0, 40).Select(k => (k / 4 % 2, k / 4))]);
        manual_seed(4);
        using var perRecording = randn(10, 16);
        set = set with { Values = perRecording.index_select(0, arange(40).div(4, RoundingMode.floor)).Plus(randn(40, 16).Times(0.01)) };
        double Accuracy(FeatureSet divided) =>
            FeatureValidation.Run(divided, ClassifierKind.Knn, folds: 10).Average(entry => entry.Predicted == entry.Video.Label ? 1.0 : 0);
        Assert.True(Accuracy(set with { RecordingName = new(@"_(\d+)") }) > 0.95);
        Assert.True(Accuracy(set) < 0.8);
    }

    [Fact]
    public void Without_other_recordings_there_is_nothing_to_test()
    {
        const string said = "without any one recording, a class would have no videos";
        Assert.Refused<InputException>(said, () => FeatureValidation.Run(Mixture(recordings: 1), ClassifierKind.Knn));
        // A recording per class.
        var set = Named([(0, 0), (0, 0), (1, 1), (1, 1)]);
        Assert.Refused<InputException>(said, () => FeatureValidation.Run(set, ClassifierKind.Knn));
        Assert.Refused<InputException>("one class", () => FeatureValidation.Run(set.Subset([0, 1]), ClassifierKind.Knn));
    }

    // Videos of (class, recording), which the names tell.
    private static FeatureSet Named((int Label, int Recording)[] videos) => new(
        Source, [.. videos.Select((video, k) => new VideoItem($"/r{video.Recording}_{k}.mp4", video.Label))], ["a", "b", "c", "d"],
        zeros(videos.Length, 16), zeros(videos.Length, 4))
    { RecordingName = new Regex(@"^r(\d+)_") };

    // A still place with a white square that moves, and some noise: (T, H, W, 3).
    private static Tensor Clip(Tensor scene, int start)
    {
        var still = nn.functional.interpolate(
            scene.permute(2, 0, 1).unsqueeze(0).to_type(ScalarType.Float32), [48, 48], mode: InterpolationMode.Nearest);
        var clip = still.squeeze(0).permute(1, 2, 0).expand(8, 48, 48, 3).clone();
        for (int t = 0; t < 8; t++)
        {
            int x = (start * 5 % 8) + (t * 4); // no pixel is covered half the time
            clip[t, x..(x + 12), x..(x + 12)] = 255;
        }
        return clip.Plus(randn_like(clip).Times(3)).Between(0, 255).to_type(ScalarType.Byte);
    }
}
