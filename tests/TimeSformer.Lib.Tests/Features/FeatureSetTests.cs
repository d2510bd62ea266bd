using TimeSformer.Features;
using static TimeSformer.Tests.Features.FeatureFixtures;

namespace TimeSformer.Tests.Features;

public sealed class FeatureSetTests : TensorTests
{
    private string File => folder.File("a.features");

    [Fact]
    public void A_set_survives_being_written_and_read()
    {
        var set = Mixture(classes: 3) with { Classes = ["握手", "обнимать", "\"a, b\"\n"] };
        set.Save(File);
        using var read = FeatureSet.Load(File);
        AssertSame(set, read);
        Assert.Null(read.RecordingName);
    }

    [Fact]
    public void Another_set_adds_its_classes_and_videos_and_changes_nothing_of_the_first()
    {
        var all = Mixture(classes: 3, perClass: 2);
        var first = all.Subset([0, 1, 3]) with { Classes = ["b", "c"] };
        first = first with { Videos = [.. first.Videos.Select(video => video with { Label = video.Label % 2 })] };
        // Classes in another order, one of them new; a video that is there already, and one that comes twice.
        var more = all.Subset([3, 2, 4, 4]) with { Classes = ["c", "a", "b"] };
        var (joined, offset) = (first.With(more), first.Videos.Count);
        Assert.Equal(["b", "c", "a"], joined.Classes);
        Assert.Equal(first.Videos, joined.Videos.Take(offset));
        Assert.Equal([(all.Videos[2].Path, "b"), (all.Videos[4].Path, "a")], joined.Videos.Skip(offset).Select(video => (video.Path, joined.Classes[video.Label])));
        Assert.True(joined.Values.Equals(all.Values.index_select(0, tensor(new[] { 0L, 1, 3, 2, 4 }))));
        Assert.Equal([5, 256], joined.Backgrounds.shape);
    }

    [Fact]
    public void A_set_of_other_weights_or_clips_is_refused()
    {
        var set = Mixture();
        FeatureSource[] others =
        [
            Source with { Weights = "other" }, Source with { Frames = 9 }, Source with { SamplingRate = 0 }, Source with { CropSize = 64 },
            Source with { ShortSide = 40 }, Source with { Colors = "none" }, Source with { Parts = "2x2x2" },
        ];
        Assert.All(others, other =>
        {
            var said = Assert.Refused<InputException>("cannot be compared", () => set.With(set with { Source = other }));
            Assert.Contains($"{other}", said);
            Assert.Contains($"{Source}", said);
        });
    }

    [Fact]
    public void Damaged_files_and_those_of_other_things_are_refused_by_name()
    {
        void Refused(string said) => Assert.Contains(File, Assert.Refused<CheckpointException>(said, () => FeatureSet.Load(File)));
        var set = Mixture(classes: 2, perClass: 2);
        set.Save(File);
        var whole = System.IO.File.ReadAllBytes(File);
        foreach (int length in new[] { 0, 7, 100, whole.Length - 1 })
        {
            System.IO.File.WriteAllBytes(File, whole[..length]);
            Refused("");
        }
        SafeTensors.Write(File, [new("features", ones(2, 2))], new Dictionary<string, string>());
        Refused("it does not hold features");

        Save(set with { Values = ones(3, 16) });
        Refused("do not fit its 4 videos");
        Save(set with { Values = ones(4, 16, dtype: ScalarType.Float64) });
        Refused("do not fit its 4 videos");
        Save(set with { Backgrounds = ones(4) });
        Refused("do not fit its 4 videos");
        Save(set.Subset([]));
        Refused("do not fit its 0 videos");
        Save(set with { Classes = ["a"] });
        Refused("a label is not among 1 classes");
        Save(set with { Values = set.Values.log() });
        Refused("not all finite");
        var text = SafeTensorsFile.Open(File);
        foreach (var facts in new[] { "", "null", "[]", "{}", "{\"source\": 1}", text.Metadata.Values.Single().Replace("[", "[null,") })
        {
            using var labels = set.Labels();
            SafeTensors.Write(
                File, [new("features", set.Values), new("labels", labels), new("backgrounds", set.Backgrounds)],
                new Dictionary<string, string> { ["timesformer_features"] = facts });
            Refused("");
        }
        text.Dispose();

        void Save(FeatureSet wrong) => wrong.Save(File);
    }

    private static void AssertSame(FeatureSet expected, FeatureSet actual)
    {
        Assert.Equal(expected.Source, actual.Source);
        Assert.Equal(expected.Videos, actual.Videos);
        Assert.Equal(expected.Classes, actual.Classes);
        Assert.True(expected.Values.Equals(actual.Values));
        Assert.True(expected.Backgrounds.Equals(actual.Backgrounds));
    }
}
