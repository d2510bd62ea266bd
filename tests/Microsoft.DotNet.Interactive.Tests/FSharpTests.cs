namespace Microsoft.DotNet.Interactive.Tests;

/// <summary>F# cells, and values that go from one language to the other.</summary>
public sealed class FSharpTests(FSharpTests.Started started) : IClassFixture<FSharpTests.Started>
{
    // F# Interactive takes seconds to start.
    public sealed class Started
    {
        internal Notebook Notebook { get; } = new();
    }

    private readonly Notebook notebook = started.Notebook;

    [Fact]
    public void Cells_share_their_state_and_have_values()
    {
        notebook.Run("#!fsharp\nlet square x = x * x\nlet mutable n = 3");
        Assert.Equal(9, notebook.Run("#!fsharp\nsquare n"));
        Assert.Null(notebook.Run("#!fsharp\nn <- 4"));
    }

    [Fact]
    public void Values_go_to_fsharp()
    {
        notebook.Run("var losses = new List<double> { 1.0, 0.5 };");
        Assert.Equal(1.5, notebook.Run("#!fsharp\n#!share --from csharp losses\nSeq.sum losses"));
        Assert.Equal(2, notebook.Run("#!fsharp\n#!set --name copied --value @csharp:losses\ncopied.Count"));
    }

    [Fact]
    public void Values_come_to_csharp_with_their_types()
    {
        notebook.Run("#!fsharp\nlet words = [| \"a\"; \"bc\" |]\nlet pairs = [ (1, \"x\") ]\nlet table = dict [ \"k\", 1 ]");
        Assert.Equal(2, notebook.Run("#!share --from fsharp words\nwords[1].Length"));
        Assert.Equal(1, notebook.Run("#!set --name renamed --value @fsharp:pairs\nrenamed.Head.Item1"));
        Assert.Equal(1, notebook.Run("#!share --from fsharp table --as map\nmap[\"k\"]"));
    }

    [Fact]
    public void A_value_whose_type_csharp_cannot_name_is_dynamic()
    {
        notebook.Run("#!fsharp\ntype Clip = { Frames: int }\nlet clip = { Frames = 8 }");
        Assert.Equal(8, notebook.Run("#!share --from fsharp clip\n(int)clip.Frames"));
    }

    [Fact]
    public void A_value_whose_type_fsharp_cannot_know_is_refused()
    {
        notebook.Run("record Own(int X); var own = new Own(1);");
        Assert.Contains("own", notebook.Fails("#!fsharp\n#!share --from csharp own").Message);
    }

    [Fact]
    public void An_error_names_line_and_column() => Assert.Contains("(3,13): error FS0001", notebook.Fails("#!fsharp\n\nlet x = 1 + \"text\"").Message);

    [Fact]
    public void An_exception_is_the_cells_own() => Assert.Equal("boom", notebook.Fails("#!fsharp\n(failwith \"boom\": unit)").Message);

    [Fact]
    public void Displays_work()
    {
        notebook.Run("#!fsharp\ndisplay \"shown\" |> ignore");
        Assert.Equal(["shown"], notebook.Shown);
    }

    [Theory]
    [InlineData("#!share --from fsharp nothing", "no value named nothing")]
    [InlineData("#!share --from python x", "not with python")]
    [InlineData("#!share x", "name the language")]
    [InlineData("#!share --from fsharp", "name one value")]
    [InlineData("#!set --name x", "which value")]
    [InlineData("#!set --name x --value y", "name a language")]
    public void What_cannot_be_shared_says_why(string code, string said) => Assert.Contains(said, notebook.Fails(code).Message);
}
