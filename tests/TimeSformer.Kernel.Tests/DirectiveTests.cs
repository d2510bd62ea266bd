namespace TimeSformer.Jupyter.Tests;

/// <summary>The kernel's directives, lines that start with #.</summary>
[Collection(SharedKernel.Name)]
public sealed class DirectiveTests(SharedKernel shared) : FolderTests
{
    private readonly KernelClient kernel = shared.Client;

    [Theory]
    [InlineData("#!html\n<b>x</b>", "text/html", "<b>x</b>")]
    [InlineData("#!markdown\n# Title\n\ntext", "text/markdown", "# Title\n\ntext")]
    [InlineData("#!javascript\ngo();", "text/html", "<script type=\"text/javascript\">go();</script>")]
    public void A_cell_in_another_language_is_shown(string code, string mimeType, string shown) =>
        Assert.Equal(shown, (string?)kernel.Run(code).Of("display_data").Single()["data"]![mimeType]);

    [Fact]
    public void A_diagram_is_self_contained()
    {
        var html = kernel.Run("#!mermaid\nflowchart LR; A --> B[</script>]").Shown.Single();
        Assert.Contains("A --&gt; B[&lt;/script&gt;]", html);
        Assert.Equal(2, html.Split("</script>").Length);
        Assert.DoesNotContain("http", html[..200]);
        Assert.DoesNotContain("src=", html);
        Assert.InRange(html.Length, 500_000, 1_500_000);
    }

    [Fact]
    public void A_cell_can_switch_its_language()
    {
        var answer = kernel.Run("#!csharp\nvar x = 2;\n#!html\n<hr>\n#!csharp\nx");
        Assert.Equal("2", answer.Value);
        Assert.Equal(["<hr>"], answer.Shown);
    }

    [Fact]
    public void Lines_after_directives_keep_their_numbers()
    {
        var error = kernel.Fails("#!time\n#!html\n<hr>\n#!csharp\nnothing");
        Assert.StartsWith($"cell {error.Number}(5,1): error CS0103", error.Error);
    }

    [Fact]
    public void Time_is_measured() => Assert.Matches(@"^Wall time: \d+(\.\d+)?ms$", kernel.Run("#!time\nThread.Sleep(50);").Shown.Single());

    [Fact]
    public void An_unknown_directive_is_named() =>
        Assert.Equal("error DNI101: Unknown magic command '#!sql'", kernel.Fails("1\n#!sql\nselect 1").Error);

    [Fact]
    public void Directives_are_listed() => Assert.Contains("#!mermaid", kernel.Run("#!lsmagic").Shown.Single());

    [Fact]
    public void Variables_are_listed()
    {
        kernel.Run("var alpha = 1; string beta = \"b\";");
        Assert.Contains("alpha", kernel.Run("#!who").Shown.Single());
        Assert.Contains("String", kernel.Run("#!whos").Shown.Single(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("#load")]
    [InlineData("#!import")]
    public void A_script_runs_like_a_cell(string directive)
    {
        folder.Write("inner/more.csx", "int Three() => 3;");
        var script = folder.Write("setup.csx", "using System.Numerics;\n#load \"inner/more.csx\"\nvar nine = Three() * 3;");
        Assert.Equal("9", kernel.Value($"{directive} \"{script}\"\nusing System.Text.Json;\nnine"));
        Assert.Equal("1", kernel.Value("Complex.One.Real"));
    }

    [Fact]
    public void An_error_in_a_script_names_the_script()
    {
        var script = folder.Write("setup.csx", "\nnothing");
        Assert.StartsWith($"{script}(2,1): error CS0103", kernel.Fails($"#load \"{script}\"").Error);
    }

    [Fact]
    public void The_code_of_a_notebook_can_be_imported()
    {
        var other = folder.Write("other.ipynb", """
            {"cells": [{"cell_type": "markdown", "metadata": {}, "source": "var four = 5;"},
                       {"cell_type": "code", "metadata": {}, "source": ["var four\n", " = 4;"], "outputs": []},
                       {"cell_type": "code", "metadata": {"polyglot_notebook": {"kernelName": "html"}}, "source": "<hr>", "outputs": []}],
             "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
            """);
        var answer = kernel.Run($"#!import {other}\nfour");
        Assert.Equal("4", answer.Value);
        Assert.Equal(["<hr>"], answer.Shown);
    }

    [Theory]
    [InlineData("#load \"/no/such.csx\"", "file not found: /no/such.csx")]
    [InlineData("#!import \"/etc/hostname\"", "only .cs, .csx, .ipynb and .dib")]
    [InlineData("#r \"/no/such.dll\"", "file not found: /no/such.dll")]
    [InlineData("#r \"/etc/hostname\"", "not a .NET assembly")]
    [InlineData("#r", "#r takes a path")]
    [InlineData("#r \"nuget:\"", "Unable to parse package reference")]
    public void An_invalid_directive_is_explained(string code, string expected) => Assert.Contains(expected, kernel.Fails(code).Error);
}
