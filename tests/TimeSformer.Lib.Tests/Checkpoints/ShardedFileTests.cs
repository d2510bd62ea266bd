using System.Text.Json;

namespace TimeSformer.Tests.Checkpoints;

/// <summary>Hugging Face checkpoints in several files.</summary>
public sealed class ShardedFileTests : CheckpointTests
{
    private static readonly string[] ends = ["model.safetensors", "pytorch_model.bin"];

    public static TheoryData<string> Ends => [.. ends];

    [Theory, MemberData(nameof(Ends))]
    public void A_model_in_two_files_loads_like_one(string end)
    {
        var (model, info) = Written(end);
        foreach (var path in new[] { folder.File("a"), folder.File($"a/{end}.index.json") })
        {
            var (read, described) = Checkpoint.LoadModel(path);
            using (read) AssertSameWeights(model.state_dict(), read);
            Assert.Equal(info.Classes, described.Classes);
        }
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        Written("model.safetensors");
        File.Delete(folder.File("a/1-model.safetensors"));
        Refused("its shard 1-model.safetensors is missing");
    }

    [Fact]
    public void A_tensor_that_its_file_lacks_is_named()
    {
        Written("model.safetensors");
        WriteIndex("model.safetensors", new() { ["more.weight"] = "0-model.safetensors" });
        Refused("it says that 0-model.safetensors has more.weight, but it has not");
    }

    [Theory]
    [InlineData("../model.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("sub/model.safetensors")]
    [InlineData("sub\\model.safetensors")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("model.safetensors.index.json")]
    public void A_file_elsewhere_is_not_opened(string shard)
    {
        Written("model.safetensors");
        File.Copy(folder.File("a/0-model.safetensors"), folder.File("model.safetensors"));
        WriteIndex("model.safetensors", new() { ["classifier.weight"] = shard });
        Refused("is not the plain name of a file beside it");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"weight_map": 3}""")]
    [InlineData("""{"weight_map": {"a": 1}}""")]
    [InlineData("""{"weight_map": """)]
    public void What_is_not_an_index_is_refused(string text)
    {
        folder.Write("a/model.safetensors.index.json", text);
        Refused("not an index of shards");
    }

    private void Refused(string said) => Assert.Refused<CheckpointException>(said, () => Checkpoint.LoadModel(folder.File("a")));

    private void WriteIndex(string end, Dictionary<string, string> map) =>
        folder.Write($"a/{end}.index.json", JsonSerializer.Serialize(new { weight_map = map }));

    // A Hugging Face folder whose tensors lie alternately in two files.
    private (TimeSformerModel Model, ModelInfo Info) Written(string end)
    {
        var model = Trained(sizes);
        var info = new ModelInfo(model.Config, ["a", "b", "c", "d", "e"], SamplingRate: 5);
        CheckpointConverter.Write(folder.File("a"), CheckpointFormat.HuggingFace, model, info);
        using (var whole = SafeTensorsFile.Open(folder.File("a/model.safetensors")))
        {
            var map = whole.Entries.Keys.Index().ToDictionary(name => name.Item, name => $"{name.Index % 2}-{end}");
            foreach (var shard in map.GroupBy(place => place.Value, place => place.Key))
            {
                var tensors = shard.ToDictionary(name => name, whole.Read);
                var path = folder.File($"a/{shard.Key}");
                if (end.EndsWith("bin")) TorchWriter.Write(path, tensors.ToDictionary(each => each.Key, each => (object?)each.Value));
                else SafeTensors.Write(path, tensors);
            }
            WriteIndex(end, map);
        }
        File.Delete(folder.File("a/model.safetensors"));
        return (model, info);
    }
}
