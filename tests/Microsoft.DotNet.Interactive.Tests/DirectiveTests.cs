using Microsoft.DotNet.Interactive.Jupyter.Cells;

namespace Microsoft.DotNet.Interactive.Tests;

/// <summary>Lines that begin with a # of the kernel's own.</summary>
public class DirectiveTests
{
    private readonly Notebook notebook = new();

    [Theory]
    [InlineData("#!html\n<b>x</b>", "text/html", "<b>x</b>")]
    [InlineData("#!markdown\n# Title\n\ntext", "text/markdown", "# Title\n\ntext")]
    [InlineData("#!javascript\ngo();", "text/html", "<script type=\"text/javascript\">go();</script>")]
    public void A_cell_in_another_language_is_shown(string code, string mimeType, string shown)
    {
        notebook.Run(code);
        Assert.Equal((mimeType, shown), (notebook.Displays.Single().FormattedValues[0].MimeType, notebook.Shown.Single()));
    }

    [Fact]
    public void A_diagram_carries_all_that_draws_it()
    {
        notebook.Run("#!mermaid\nflowchart LR; A --> B[</script>]");
        var html = notebook.Shown.Single();
        Assert.Contains("A --&gt; B[&lt;/script&gt;]", html);
        Assert.Equal(2, html.Split("</script>").Length);
        Assert.DoesNotContain("http", html[..200]);
        Assert.DoesNotContain("src=", html);
        Assert.InRange(html.Length, 500_000, 1_500_000);
    }

    [Fact]
    public void A_cell_can_change_its_language_half_way()
    {
        Assert.Equal(2, notebook.Run("#!csharp\nvar x = 2;\n#!html\n<hr>\n#!csharp\nx"));
        Assert.Equal(["<hr>"], notebook.Shown);
    }

    [Fact]
    public void Lines_keep_their_numbers_behind_directives() =>
        Assert.StartsWith("cell 1(4,1): error CS0103", notebook.Fails("#!time\n#!html\n#!csharp\nnothing").Message);

    [Fact]
    public void Inside_strings_and_comments_there_are_no_directives()
    {
        Assert.Equal("a\n#!html\nb", notebook.Run("var text = \"\"\"\na\n#!html\nb\n\"\"\";\ntext"));
        Assert.Equal(1, notebook.Run("/*\n#!html\n*/\n1"));
    }

    [Fact]
    public void Time_is_measured()
    {
        notebook.Run("#!time\nThread.Sleep(50);");
        Assert.Matches(@"^Wall time: \d+(\.\d+)?ms$", notebook.Shown.Single());
    }

    [Fact]
    public void An_unknown_directive_is_named_with_those_that_exist()
    {
        var error = notebook.Fails("#!sql\nselect 1");
        Assert.Contains("#!sql", error.Message);
        Assert.Contains("#!time", error.Message);
    }

    [Fact]
    public void Variables_are_listed()
    {
        notebook.Run("var alpha = 1; string beta = \"b\";");
        notebook.Run("#!who");
        Assert.Contains("alpha", notebook.Shown.Single());
        notebook.Run("#!whos");
        Assert.Contains("String", notebook.Shown.Single());
    }

    [Theory]
    [InlineData("#load")]
    [InlineData("#!import")]
    public void A_script_runs_as_if_it_were_a_cell(string directive)
    {
        using var folder = new TemporaryFolder();
        folder.Write("inner/more.csx", "int Three() => 3;");
        var script = folder.Write("setup.csx", "using System.Numerics;\n#load \"inner/more.csx\"\nvar nine = Three() * 3;");
        Assert.Equal(9, notebook.Run($"{directive} \"{script}\"\nnine"));
        Assert.Equal(1.0, notebook.Run("Complex.One.Real"));
    }

    [Fact]
    public void An_error_in_a_script_names_the_script()
    {
        using var folder = new TemporaryFolder();
        var script = folder.Write("setup.csx", "\nnothing");
        Assert.StartsWith($"{script}(2,1): error CS0103", notebook.Fails($"#load \"{script}\"").Message);
    }

    [Fact]
    public void The_code_of_a_notebook_can_be_imported()
    {
        using var folder = new TemporaryFolder();
        var other = folder.Write("other.ipynb", """
            {"cells": [{"cell_type": "markdown", "metadata": {}, "source": "var four = 5;"},
                       {"cell_type": "code", "metadata": {}, "source": ["var four\n", " = 4;"], "outputs": []},
                       {"cell_type": "code", "metadata": {"polyglot_notebook": {"kernelName": "html"}}, "source": "<hr>", "outputs": []}],
             "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
            """);
        Assert.Equal(4, notebook.Run($"#!import {other}\nfour"));
        Assert.Equal(["<hr>"], notebook.Shown);
    }

    [Theory]
    [InlineData("#load \"/no/such.csx\"", "no file /no/such.csx")]
    [InlineData("#!import \"/etc/hostname\"", "only .cs, .csx and .ipynb")]
    [InlineData("#r \"/no/such.dll\"", "no file /no/such.dll")]
    [InlineData("#r \"/etc/hostname\"", "no .NET assembly")]
    [InlineData("#r", "#r takes a path")]
    [InlineData("#r \"nuget:\"", "write #r")]
    [InlineData("#load \"open", "not closed")]
    [InlineData("#i \"nuget: somewhere\"", "not supported")]
    public void A_directive_that_cannot_be_followed_says_why(string code, string said) => Assert.Contains(said, notebook.Fails(code).Message);

    [Theory]
    [InlineData("a\n#!time\nb")]
    [InlineData("#!html\n<b>\n#!csharp\nvar x = 1;\r\n\n#!time")]
    [InlineData("")]
    public void Code_parts_are_as_long_as_the_cell_and_have_its_lines(string cell)
    {
        foreach (var part in CellSplitter.Split(cell).OfType<CodePart>())
        {
            Assert.Equal(cell.Length, part.Code.Length);
            Assert.Equal(cell.Count(c => c == '\n'), part.Code.Count(c => c == '\n'));
        }
        Assert.Equal(cell.Length, CellSplitter.CSharpOnly(cell).Length);
    }
}
