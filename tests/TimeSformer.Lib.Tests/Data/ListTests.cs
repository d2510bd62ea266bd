using System.Text;

namespace TimeSformer.Tests.Data;

/// <summary>What files are lists of videos.</summary>
public sealed class ListTests : FolderTests
{
    [Theory]
    [InlineData("a.mp4,1\nb.mp4,0\n", "a.mp4 1", "b.mp4 0")]
    [InlineData("\"x, y.mp4\",1\n\"say \"\"hi\"\".mp4\",0\n", "x, y.mp4 1", "say \"hi\".mp4 0")] // quotes, and quotes in them
    [InlineData("path,label\na b.mp4,1\n", "a b.mp4 1")] // a header
    [InlineData("Label;Video Path\r\n1;c,d.mp4\r\n", "c,d.mp4 1")] // other columns, separator and line ends
    [InlineData("file\tclass_id\nc.mp4\t2\n", "c.mp4 2")]
    [InlineData(",filename,seconds,target\n0,a.mp4,3.5,1\n1,b.mp4,2,0\n", "a.mp4 1", "b.mp4 0")] // the index that pandas writes
    [InlineData("0,a.mp4,1\n1,b.mp4,0\n", "a.mp4 1", "b.mp4 0")]
    [InlineData("a.mp4,1.0\n", "a.mp4 1")] // a column of pandas with gaps
    [InlineData("# mine\n\na.mp4, 1\n\nb.mp4 ,0\n", "a.mp4 1", "b.mp4 0")]
    [InlineData("a.mp4,lift 2\nb.mp4,lift 1\n", "a.mp4 1", "b.mp4 0")] // names that end in a number
    [InlineData("12\" screen.mp4,1\n", "12\" screen.mp4 1")]
    [InlineData("a, b.mp4 1\nc;d.mp4 0\n", "a, b.mp4 1", "c;d.mp4 0")] // lines of a text list
    [InlineData("\"a b.mp4\" 1\n\"c, d.mp4\" 0\n", "a b.mp4 1", "c, d.mp4 0")]
    [InlineData("frames of 1/take 3 1\n", "frames of 1/take 3 1")] // a folder of frames
    public void A_list_is_text_or_CSV_of_any_usual_form(string text, params string[] expected)
    {
        Write(text);
        Assert.Equal(expected, Labels(VideoList.Read(folder.File("list.txt"))));
    }

    [Theory, InlineData("utf-8"), InlineData("utf-16"), InlineData("utf-16BE"), InlineData("utf-32")]
    public void A_byte_order_mark_tells_the_encoding(string name)
    {
        File.WriteAllText(folder.File("list.txt"), "path,label\nÄpfel.mp4,1\n", Encoding.GetEncoding(name));
        Assert.Equal(["Äpfel.mp4 1"], Labels(VideoList.Read(folder.File("list.txt"))));
    }

    [Theory]
    [InlineData("a.mp4,run fast\nb.mp4,jump\nc.mp4,run fast\n")]
    [InlineData("a.mp4 \"run fast\"\nb.mp4 jump\n\"c.mp4\" \"run fast\"\n")]
    public void Labels_may_be_class_names_in_the_order_of_classes_txt_or_else_of_the_names(string text)
    {
        Write(text);
        var list = VideoList.Read(folder.File("list.txt"));
        Assert.Equal(["jump", "run fast"], list.Classes);
        Assert.Equal(["a.mp4 1", "b.mp4 0", "c.mp4 1"], Labels(list));
        Assert.True(list.HasNames);

        File.WriteAllLines(folder.File("classes.txt"), ["run fast", "sleep", "jump"]);
        Assert.Equal(["a.mp4 0", "b.mp4 2", "c.mp4 0"], Labels(VideoList.Read(folder.File("list.txt"))));
    }

    [Theory]
    [InlineData("path,label\na.mp4,1\nb.mp4\n", ":3: there is no label, which is field 2 of a line (separated by commas)")]
    [InlineData("path,label\n,1\n", ":2: there is no path")]
    [InlineData("path;length\na.mp4;3\n", ":1: no column of labels among path, length; name it label")]
    [InlineData("label,id\n1,x\n", ":1: no column of paths among label, id; name it path")]
    [InlineData("path,label\na.mp4,1\n\"b.mp4,2\nc.mp4,3\n", ":3: a quoted field does not end")]
    [InlineData("a.mp4,1\nb.mp4,jump\n", ":2: the label 'jump' is not an integer")]
    [InlineData("a.mp4 1\nb.mp4 2147483647\n", ":2: label 2147483647 is larger than labels can be; there are at most 100000 classes")]
    [InlineData("movie,kind\na.mp4,1\n", ":1: the label 'kind' is not an integer")] // a header of other columns
    [InlineData("movie,kind\na.mp4,jump\n", "if this line is a header, name its columns path and label")]
    [InlineData("a.mp4 run fast\n", ":1: 'a.mp4 run fast': quote a class name of more than one word")]
    [InlineData("my video.mp4\n", ":1: 'my video.mp4' has no label")]
    [InlineData("\n# path,label\n", "the list has no videos")]
    [InlineData("path,label\n", "the list has no videos")]
    public void What_is_wrong_is_said_with_its_line(string text, string expected)
    {
        Write(text);
        Assert.Refused<InputException>(expected, () => VideoList.Read(folder.File("list.txt")));
    }

    [Fact]
    public void A_long_line_without_a_label_is_refused_before_it_takes_time()
    {
        Write($"a.mp4 0\nb.mp4 {new string(',', 1_000_000)}\n");
        Assert.Refused<InputException>("has no label", () => VideoList.Read(folder.File("list.txt")));
    }

    [Fact]
    public void Text_in_another_encoding_is_refused_with_its_line()
    {
        File.WriteAllBytes(folder.File("list.txt"), Encoding.Latin1.GetBytes("a.mp4 0\nÄpfel.mp4 1\n"));
        Assert.Refused<InputException>(":2: a character is not UTF-8", () => VideoList.Read(folder.File("list.txt")));
    }

    [Fact]
    public void A_class_name_that_classes_txt_lacks_is_named()
    {
        Write("a.mp4,run\nb.mp4,jump\n");
        File.WriteAllLines(folder.File("classes.txt"), ["run", "sleep"]);
        Assert.Refused<InputException>(":2: the label 'jump' is not among the class names", () => VideoList.Read(folder.File("list.txt")));
    }

    [Fact]
    public void Any_paths_are_read_as_they_were_written()
    {
        string[] names = ["x.mp4, y.mp4", "a;b.mp4", "#1.mp4", "\"q\".mp4", "a\tb.mp4", "take 3", "c d.mp4", "e,2"];
        VideoItem[] items = [.. names.Select((name, label) => new VideoItem(folder.File(name), label))];
        foreach (var first in items) // whichever decides
        {
            VideoList.Write(folder.File("list.txt"), [first, .. items]);
            Assert.Equal([first, .. items], VideoList.Read(folder.File("list.txt")).Items);
        }
    }

    private void Write(string text) => File.WriteAllText(folder.File("list.txt"), text);

    private string[] Labels(VideoList list) =>
        [.. list.Items.Select(item => $"{Path.GetRelativePath(folder.Path, item.Path)} {item.Label}")];
}
