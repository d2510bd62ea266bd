using TimeSformer.Interpretation;

namespace TimeSformer.Tests.Interpretation;

/// <summary>What maps show of the model that comes with the course, on videos that it has not seen.</summary>
public sealed class TrainedModelTests : TensorTests
{
    private const int Clips = 200, Covered = 24;

    [Fact]
    public void Maps_follow_the_moving_object_and_tell_what_the_model_uses()
    {
        var set = new ProceduralSet(folder.Path, ProceduralFamily.Motion, TrainPerClass: 1, ValPerClass: Clips / 8, Seed: 77);
        ProceduralVideos.Write(set);
        var (model, info) = Checkpoint.LoadModel(Path.Combine(Repository.Root, "data/models/motion-tiny"));
        using var owned = model;
        model.eval();
        List<(double Mass, double Area)> rollouts = [], gradients = [];
        List<(double Map, double Chance)> deletions = [], insertions = [];
        manual_seed(1);
        var sampled = ClipSampler.Center(new VideoInfo(set.Size, set.Size, 30, set.Frames), info.Clip);
        foreach (var video in VideoList.Read(folder.File("val.txt")).Items)
        {
            using var scope = NewDisposeScope();
            var clip = info.Normalization.Apply(VideoDataset.CenterClip(video.Path, info.Clip).unsqueeze(0));
            int label = (int)model.call(clip).argmax().item<long>();
            if (label != video.Label) continue;
            var inVideo = ProceduralVideos.Boxes(set, video.Path);
            Box?[] boxes = [.. sampled.Select(frame => inVideo[frame])];
            var map = Relevance.Map(model, clip, label, RelevanceMethod.Rollout);
            rollouts.Add(Faithfulness.Within(map, boxes));
            gradients.Add(Faithfulness.Within(Relevance.Map(model, clip, label, RelevanceMethod.Gradient), boxes));
            if (deletions.Count == Covered) continue;
            var chance = rand_like(map);
            deletions.Add((Faithfulness.Deletion(model, clip, label, map).Area, Faithfulness.Deletion(model, clip, label, chance).Area));
            insertions.Add((Faithfulness.Insertion(model, clip, label, map).Area, Faithfulness.Insertion(model, clip, label, chance).Area));
        }
        Assert.True(rollouts.Count > 0.95 * Clips);
        // On the object: more of the rollout than its share of the patches, and more than half of what speaks for the class.
        Assert.True(rollouts.Count(share => share.Mass > share.Area) > 0.95 * rollouts.Count);
        Assert.True(gradients.Count(share => share.Mass > 0.5) >= 0.8 * gradients.Count);
        Assert.True(deletions.Average(pair => pair.Map) < deletions.Average(pair => pair.Chance) - 0.2);
        Assert.True(insertions.Average(pair => pair.Map) > insertions.Average(pair => pair.Chance) + 0.2);
    }
}
