using TimeSformer.Data;

namespace TimeSformer.Tests;

/// <summary>The programs in examples/, run as a user runs them, on a few generated videos.</summary>
public sealed class ExamplesTests : FolderTests
{
    public ExamplesTests()
    {
        var set = new ProceduralSet(folder.File("set"), ProceduralFamily.Motion, TrainPerClass: 1, ValPerClass: 1);
        ProceduralVideos.Write(set);
        foreach (var (list, part) in new[] { ("train.txt", "train"), ("val.txt", "val") })
        {
            foreach (var video in VideoList.Read(Path.Combine(set.Folder, list)).Items)
            {
                var home = Directory.CreateDirectory(folder.File($"videos/{part}/class {video.Label}"));
                File.Copy(video.Path, Path.Combine(home.FullName, Path.GetFileName(video.Path)));
            }
        }
    }

    [Fact]
    public void Each_example_does_what_its_first_lines_say()
    {
        var video = Directory.GetFiles(folder.File("videos/val/class 0"))[0];
        var predicted = Run("predict.cs", video);
        Assert.Equal(5, predicted.Length);
        Assert.Contains("moving right", string.Concat(predicted), StringComparison.Ordinal);

        var streamed = Run("stream.cs", video);
        Assert.StartsWith("0:00:00.6", streamed[0], StringComparison.Ordinal);
        Assert.Contains("moving right", streamed[0], StringComparison.Ordinal);

        var trained = Run("train.cs", folder.File("videos"), folder.File("run"));
        Assert.StartsWith("epoch 10: accuracy@1", trained[^2], StringComparison.Ordinal);
        Assert.StartsWith($"checkpoint: {folder.File("run")}", trained[^1], StringComparison.Ordinal);

        var features = Run("features.cs", folder.File("videos"), folder.File("run"));
        Assert.Equal(16, features.Length);
        Assert.All(features, line => Assert.Equal(1 + 64, line.Split(',').Length));
    }

    [Fact]
    public void The_examples_are_short() => Assert.All(
        Directory.GetFiles(Path.Combine(Repository.Root, "examples"), "*.cs"),
        file => Assert.InRange(File.ReadAllLines(file).Length, 10, 25));

    private static string[] Run(string example, params string[] arguments)
    {
        string[] command = ["run", "-c", "Release", Path.Combine("examples", example), "--", .. arguments];
        var (status, output, error) = CommandLine.Wait(new("dotnet", command) { WorkingDirectory = Repository.Root });
        Assert.True(status == 0, $"{example}: {output}{error}");
        return output.TrimEnd().Split('\n');
    }
}
