using System.Security.Cryptography;

namespace TimeSformer.Tests;

/// <summary>Videos of one's own: features, classify and finetune, with a model that the fixture has trained for two epochs.</summary>
public sealed class OwnVideosTests(CommandTests.Trained trained) : FolderTests, IClassFixture<CommandTests.Trained>
{
    private readonly string videos = Path.Combine(Path.GetDirectoryName(trained.ValList)!, "videos");

    private string Own => folder.File("own");

    private string Features => folder.File("own.features");

    [Fact]
    public void Features_are_made_once_and_a_seventh_class_leaves_the_weights_and_the_earlier_ones_as_they_are()
    {
        for (int label = 0; label < 6; label++) Add($"kind {label}", label, label + 8);
        Assert.Contains("12 videos of 6 classes, 2304 features each", Made(), StringComparison.Ordinal);
        var (weights, before) = (Hash(), Values());
        Add("seventh", 6, 14);
        var (_, output, error) = CommandLine.Run("features", Own, "--checkpoint", trained.Run, "--output", Features);
        Assert.Contains("14 videos of 7 classes", output, StringComparison.Ordinal);
        Assert.DoesNotContain("12/", error, StringComparison.Ordinal);
        Assert.Equal(weights, Hash());
        Assert.Equal(before, Values()[..before.Length]);
        Assert.Equal(14 * 2304, Values().Length);
        // Nothing new: the file stays as it is.
        var file = File.ReadAllBytes(Features);
        Assert.Contains("14 videos of 7 classes", Made(), StringComparison.Ordinal);
        Assert.Equal(file, File.ReadAllBytes(Features));
        Refused("cannot be compared", "features", Own, "--checkpoint", trained.Run, "--output", Features, "--sampling-rate", "1");

        string Hash() => string.Concat(Directory.GetFiles(trained.Run, "*", SearchOption.AllDirectories).Order()
            .Select(path => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))));
    }

    [Fact]
    public void Videos_are_classified_and_tested_by_the_features_of_others()
    {
        for (int label = 0; label < 4; label++) Add($"kind {label}", label, label + 8);
        Made();
        string[] classify = ["classify", "--features", Features];
        var compared = CommandLine.Succeeds([.. classify, "--groups", @"train_000(\d\d)", "--report", folder.File("cv.html")]);
        Assert.All(["linear", "centroid", "knn", "triplet"], method => Assert.Contains(method, compared, StringComparison.Ordinal));
        Assert.Contains("kind 3", File.ReadAllText(folder.File("cv.html")), StringComparison.Ordinal);
        var methods = JsonNode.Parse(CommandLine.Succeeds([.. classify, "--groups", @"train_000(\d\d)", "--json"]))!["methods"]!.AsArray();
        Assert.Equal(["linear", "centroid", "knn", "triplet"], methods.Select(each => (string)each!["method"]!));
        Assert.All(methods, each => Assert.InRange((double)each!["accuracy"]!, 0, 1));

        string[] by = ["--checkpoint", trained.Run];
        // Its nearest neighbor is itself.
        var own = Path.Combine(Own, "kind 2", "train_00002.mp4");
        var said = CommandLine.Succeeds([.. classify, own, .. by, "--method", "knn", "--top", "2", "--json"]);
        var one = JsonNode.Parse(said)!["predictions"]!.AsArray();
        Assert.Equal((2, "kind 2"), (one.Count, (string)one[0]!["name"]!));
        var test = JsonNode.Parse(CommandLine.Succeeds([.. classify, Own, .. by, "--json"]))!;
        Assert.Equal((8, 4), ((int)test["videos"]!, test["classes"]!.AsArray().Count));
        CommandLine.Succeeds([.. classify, Own, .. by, "--method", "triplet", "--mining", "hard", "--report", folder.File("test.html")]);
        Assert.Contains("Hardest videos", File.ReadAllText(folder.File("test.html")), StringComparison.Ordinal);
        var (_, json, error) = CommandLine.Run([.. classify, Own, .. by, "--json", "--report", folder.File("json.html")]);
        Assert.Equal(8, (int)JsonNode.Parse(json)!["videos"]!);
        Assert.Contains($"report: {folder.File("json.html")}", error, StringComparison.Ordinal);

        Refused("--checkpoint, --top, --frames: without videos, classify compares", [.. classify, .. by, "--frames", "8", "--top", "2"]);
        Refused("--top: the classes of one video are printed", [.. classify, Own, .. by, "--top", "2"]);
        Refused("--report: a page is of a test of several videos", [.. classify, own, .. by, "--report", folder.File("one.html")]);
        Refused("--report nowhere/r.html: the folder", [.. classify, "--report", "nowhere/r.html"]);
        Refused("--checkpoint is missing", [.. classify, own]);
        Refused("cannot be compared", [.. classify, own, .. by, "--frames", "4"]);
        Refused("must have a group in parentheses", [.. classify, "--groups", @"\d+"]);
        Refused("--groups is (", [.. classify, "--groups", "("]);
        Refused("the name does not tell the recording", [.. classify, "--groups", @"_g(\d+)_"]);
        var weights = Directory.GetFiles(trained.Run, "model.safetensors", SearchOption.AllDirectories)[0];
        Refused("it does not hold features", "classify", "--features", weights);
    }

    [Fact]
    public void A_picture_and_a_folder_of_frames_are_classified_as_the_videos_that_they_are_for_predict()
    {
        for (int label = 0; label < 2; label++) Add($"kind {label}", label, label + 8);
        Made();
        var picture = Path.Combine(Repository.Root, "docs", "attention.png");
        Directory.CreateDirectory(folder.File("frames"));
        File.Copy(picture, folder.File("frames/1.png"));
        foreach (var video in new[] { picture, folder.File("frames") })
        {
            var said = CommandLine.Succeeds("classify", video, "--features", Features, "--checkpoint", trained.Run, "--json");
            Assert.Equal(2, JsonNode.Parse(said)!["predictions"]!.AsArray().Count);
        }
    }

    [Fact]
    public void Features_are_not_made_for_a_folder_that_does_not_exist()
    {
        var output = folder.File("nowhere/own.features");
        Refused($"--output {output}: the folder", "features", Own, "--checkpoint", trained.Run, "--output", output);
    }

    [Fact]
    public void A_map_is_a_page_with_a_panel_for_each_file_of_features_and_the_same_for_the_same_seed()
    {
        for (int label = 0; label < 3; label++) Add($"kind {label}", label, label + 8);
        Made();
        var dense = folder.File("dense.features");
        CommandLine.Succeeds("features", Own, "--checkpoint", trained.Run, "--sampling-rate", "1", "--output", dense);
        string[] map = ["map", Features, dense, "--groups", @"train_000(\d\d)"];
        var said = CommandLine.Succeeds([.. map, "--out", folder.File("map.html")]);
        Assert.All(["own", "dense"], title => Assert.Matches($@"{title}: linear probe: \d+\.\d % of 6 videos", said));
        var page = File.ReadAllText(folder.File("map.html"));
        CommandLine.Succeeds([.. map, "--out", folder.File("again.html")]);
        Assert.Equal(page, File.ReadAllText(folder.File("again.html")));
        CommandLine.Succeeds([.. map, "--out", folder.File("other.html"), "--seed", "1"]);
        Assert.NotEqual(page, File.ReadAllText(folder.File("other.html")));

        Refused("the folder", [.. map, "--out", folder.File("nowhere/map.html")]);
        Refused("it must be 0 or more", [.. map, "--seed", "-1"]);
        Refused("Required argument 'features' missing", "map");
    }

    [Fact]
    public void One_class_and_an_empty_class_are_refused_by_name()
    {
        Add("only", 0, 8);
        Made();
        Refused("'only'; a classifier needs", "classify", "--features", Features);
        var said = CommandLine.Succeeds("map", Features, "--out", folder.File("map.html"));
        Assert.Contains("own: no linear probe: all videos are of one class, 'only'", said, StringComparison.Ordinal);
        Refused("there is one class, 'only'", "finetune", Own, "--checkpoint", trained.Run, "--output", folder.File("run"));
        Assert.False(Directory.Exists(folder.File("run")));
        Directory.CreateDirectory(Path.Combine(Own, "nothing here"));
        foreach (var command in new[] { "features", "finetune" })
        {
            Refused("class 'nothing here' has no videos", command, Own, "--checkpoint", trained.Run, "--output", folder.File("other"));
        }
        Assert.False(Path.Exists(folder.File("other")));
    }

    [Fact]
    public void Names_in_any_script_and_the_same_file_twice_are_taken()
    {
        Add("握手", 0, 8);
        Add("обнимать", 1, 9);
        File.Copy(Video(0), Path.Combine(Own, "握手", "Kopie – 副本.mp4"));
        File.CreateSymbolicLink(Path.Combine(Own, "握手", "zzz.mp4"), Path.Combine(Own, "握手", "train_00000.mp4"));
        Assert.Contains("5 videos of 2 classes", Made(), StringComparison.Ordinal); // a copy counts, a link to what is there does not
        var text = CommandLine.Succeeds("classify", Video(0), "--features", Features, "--checkpoint", trained.Run, "--method", "knn");
        Assert.Contains("握手", text.Split('\n')[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_thousand_classes_are_taken()
    {
        for (int k = 0; k < 1000; k++)
        {
            Directory.CreateDirectory(Path.Combine(Own, $"{k:D4}"));
            File.Copy(Video(k % 16), Path.Combine(Own, $"{k:D4}", "a.mp4"));
        }
        Assert.Contains("1000 videos of 1000 classes", Made(), StringComparison.Ordinal);
        var predictions = CommandLine.Succeeds(
            "classify", Video(3), "--features", Features, "--checkpoint", trained.Run, "--method", "centroid", "--top", "3", "--json");
        Assert.All(JsonNode.Parse(predictions)!["predictions"]!.AsArray(), one => Assert.Equal(3, (int)one!["label"]! % 16));
    }

    [Fact]
    public void Finetuning_fits_classes_of_ones_own_tests_them_and_goes_on_where_it_was()
    {
        for (int label = 0; label < 3; label++) Add($"kind {label}", label, label + 8);
        string[] finetune =
        [
            "finetune", Own, "--checkpoint", trained.Run, "--output", folder.File("run"), "--epochs", "2", "--lr", "0.001", "--test", Own,
            "--groups", @"train_000(\d\d)",
        ];
        var (status, output, error) = CommandLine.Run(finetune);
        Assert.True(status == 0, error);
        Assert.Contains("6 videos to learn from", error, StringComparison.Ordinal);
        Assert.Matches(@"accuracy@1 \d+\.\d %, 6 videos", output);
        Assert.True(File.Exists(folder.File("run/test.html")));
        var predicted = CommandLine.Succeeds("predict", Video(0), "--checkpoint", folder.File("run"), "--json");
        var classes = JsonNode.Parse(predicted)!["predictions"]!.AsArray();
        Assert.Equal(["kind 0", "kind 1", "kind 2"], classes.Select(one => (string)one!["name"]!).Order());
        (status, var again, error) = CommandLine.Run(finetune);
        Assert.Equal((0, output), (status, again));
        Assert.Contains("holds a run; it goes on as", error, StringComparison.Ordinal);
        Refused("no class other", "finetune", Own, "--checkpoint", trained.Run, "--output", folder.File("new"), "--test", Other());
        // A run keeps its classes, whatever videos are given.
        string[] rerun = ["finetune", Fewer(), "--checkpoint", trained.Run, "--output", folder.File("run"), "--test"];
        output = CommandLine.Succeeds([.. rerun, folder.File("fewer")]);
        Assert.Matches("kind 1 +1 ", output);
        Assert.Matches("kind 2 +1 ", output);
        Refused("the model has no class other", [.. rerun, folder.File("test")]);

        string Other()
        {
            Directory.CreateDirectory(folder.File("test/other"));
            File.Copy(Video(0), folder.File("test/other/a.mp4"));
            return folder.File("test");
        }

        string Fewer()
        {
            foreach (int label in new[] { 1, 2 })
            {
                Directory.CreateDirectory(folder.File($"fewer/kind {label}"));
                File.Copy(Video(label), folder.File($"fewer/kind {label}/a.mp4"));
            }
            return folder.File("fewer");
        }
    }

    [Theory, InlineData("features"), InlineData("classify"), InlineData("map"), InlineData("finetune")]
    public void The_commands_have_help_with_an_example(string command) =>
        Assert.Contains($"./timesformer {command}", CommandLine.Succeeds(command, "--help"), StringComparison.Ordinal);

    private static void Refused(string said, params string[] arguments)
    {
        var (status, _, error) = CommandLine.Run(arguments);
        Assert.Equal(2, status);
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    private string Video(int number) => Path.Combine(videos, $"train_{number:D5}.mp4");

    private void Add(string name, params int[] numbers)
    {
        Directory.CreateDirectory(Path.Combine(Own, name));
        foreach (int number in numbers) File.Copy(Video(number), Path.Combine(Own, name, $"train_{number:D5}.mp4"));
    }

    private string Made() => CommandLine.Succeeds("features", Own, "--checkpoint", trained.Run, "--output", Features);

    private float[] Values()
    {
        using var set = TimeSformer.Features.FeatureSet.Load(Features);
        return [.. set.Values.data<float>()];
    }
}
