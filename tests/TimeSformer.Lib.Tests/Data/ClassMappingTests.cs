namespace TimeSformer.Tests.Data;

/// <summary>Classes are compared by name where there are names.</summary>
public sealed class ClassMappingTests : FolderTests
{
    private static readonly string[] model = ["run", "jump", "sleep"];
    private readonly List<string> said = [];

    [Fact]
    public void The_same_names_in_another_order_are_mapped_and_said_once()
    {
        Assert.Equal([1, 0, 2], Labels("a 0\nb 1\nc 2\n", ["jump", "run", "sleep"], model));
        Assert.Contains("labels are matched by name", Assert.Single(said), StringComparison.Ordinal);
    }

    [Fact]
    public void Some_of_the_classes_are_mapped_too()
    {
        Assert.Equal([2, 0], Labels("a.mp4,sleep\nb.mp4,run\n", null, model));
        Assert.Contains("2 of the 3", Assert.Single(said), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_said_where_the_names_are_the_same()
    {
        Assert.Equal([0, 2], Labels("a 0\nb 2\n", model, model));
        Assert.Empty(said);
    }

    [Fact]
    public void Other_names_are_refused_with_both_lists_shortened()
    {
        string[] many = [.. Enumerable.Range(0, 400).Select(k => $"class of {k}")];
        var message = Assert.Throws<InputException>(() => Labels("a 0\n", ["run", "swim", "sleep"], many)).Message;
        Assert.Contains("the model has no class run, swim, sleep", message, StringComparison.Ordinal);
        Assert.Contains("class of 0, class of 1", message, StringComparison.Ordinal);
        Assert.Contains("class of 9 and 390 more", message, StringComparison.Ordinal);
        Assert.Contains("classes.txt", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", "1", "2")]
    [InlineData("class 0", "class 1", "class 2")]
    [InlineData("LABEL_0", "LABEL_1", "LABEL_2")]
    public void Without_names_on_either_side_labels_are_numbers(params string[] unnamed)
    {
        Assert.Equal([2, 0], Labels("a 2\nb 0\n", ["jump", "run", "sleep"], unnamed));
        Assert.Equal([2, 0], Labels("a 2\nb 0\n", null, model));
        Assert.Empty(said);
        Assert.Refused<InputException>(":2: label 3 is not among the 3 classes", () => Labels("a 2\nb 3\n", null, model));
        Assert.Refused<InputException>("no classes.txt beside the list says its number", () => Labels("a.mp4,run\n", null, unnamed));
    }

    [Fact]
    public void Two_classes_of_one_name_are_refused_unless_all_is_the_same()
    {
        Assert.Equal([1], Labels("a 1\n", ["x", "x"], ["x", "x"]));
        Assert.Refused<InputException>("two classes are named 'x'", () => Labels("a 1\n", ["x", "x", "y"], ["x", "y", "z"]));
    }

    [Fact]
    public void A_data_set_is_mapped_in_the_same_way()
    {
        var videos = VideoList.Of("set", [new("a.mp4", 0), new("b.mp4", 1)], ["jump", "run"]);
        Assert.Equal([1, 0], ClassMapping.Fit(videos, "set", ["run", "jump"]).Items.Select(item => item.Label));
        Assert.Refused<InputException>("the data set has 2 classes, the model 3", () => ClassMapping.Fit(videos, "set", ["0", "1", "2"]));
    }

    private IEnumerable<int> Labels(string list, string[]? names, string[] classes)
    {
        File.WriteAllText(folder.File("list.txt"), list);
        File.Delete(folder.File("classes.txt"));
        if (names is not null) File.WriteAllLines(folder.File("classes.txt"), names);
        var mapped = ClassMapping.Read(folder.File("list.txt"), classes, say: said.Add);
        Assert.Equal(classes.Length, mapped.Classes.Count);
        return mapped.Items.Select(item => item.Label);
    }
}
