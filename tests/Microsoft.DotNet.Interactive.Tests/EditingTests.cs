using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive.Jupyter.Editing;

namespace Microsoft.DotNet.Interactive.Tests;

/// <summary>Completion, hover and completeness. The cursor is where the bar stands.</summary>
public class EditingTests
{
    private readonly Notebook notebook = new();

    private static JsonObject At(string code, Func<string, int, JsonObject> ask)
    {
        int cursor = code.IndexOf('|', StringComparison.Ordinal);
        return ask(code.Remove(cursor, 1), code[..cursor].EnumerateRunes().Count());
    }

    private string[] Completions(string code) =>
        [.. At(code, (text, cursor) => Completion.Of(notebook.Runner.CSharp, text, cursor))["matches"]!.AsArray().Select(match => (string)match!)];

    private string Hovers(string code) => (string?)At(code, (text, cursor) => Hover.Of(notebook.Runner.CSharp, text, cursor))["data"]!["text/plain"] ?? "";

    [Theory]
    [InlineData("Console.Wri|", "WriteLine", "Beep")]
    [InlineData("\"text\".Sub|", "Substring", "Concat")]
    [InlineData("new[] { 1 }.Sele|", "SelectMany", "Length")]
    [InlineData("System.Coll|", "Collections", "Console")]
    [InlineData("System.Text.StringB|", "StringBuilder", "Encoding")]
    [InlineData("DateTime.No|", "Now", "AddDays")]
    [InlineData("DateTime.Now.AddD|", "AddDays", "Now")]
    [InlineData("string? s = null; s?.Len|", "Length", "Join")]
    [InlineData("Con|", "Console", "SubString")]
    [InlineData("displ|", "display", "Console")]
    [InlineData("whi|", "while", "Console")]
    [InlineData("var x = \"a\";\nx.Trim|", "TrimEnd", "Length")]
    [InlineData("new System.Diagnostics.ProcessStartInfo { Fil|", "FileName", "Start")]
    [InlineData("string.Join(sep|", "separator:", "value:")]
    [InlineData("#!ht|", "#!html", "#!time")]
    public void Completion_offers_what_fits(string code, string expected, string absent)
    {
        var found = Completions(code);
        Assert.Contains(expected, found);
        Assert.DoesNotContain(absent, found);
    }

    [Fact]
    public void Completion_sees_variables_of_earlier_cells()
    {
        notebook.Run("var learningRate = new { Start = 0.1, Ending = 0.01 };");
        Assert.Contains("learningRate", Completions("learn|"));
        Assert.Equal(["Start"], Completions("learningRate.St|"));
    }

    [Theory]
    [InlineData("// Con|")]
    [InlineData("\"Con|\"")]
    [InlineData("#!html\n<b Con|")]
    public void In_texts_nothing_is_completed(string code) => Assert.DoesNotContain("Console", Completions(code));

    [Fact]
    public void The_replaced_range_counts_characters_as_jupyter_does()
    {
        var reply = At("var s = \"😀\"; s.Len|gth", (text, cursor) => Completion.Of(notebook.Runner.CSharp, text, cursor));
        Assert.Equal((15, 18), ((int)reply["cursor_start"]!, (int)reply["cursor_end"]!));
    }

    [Fact]
    public void Hover_tells_declaration_and_documentation()
    {
        var text = Hovers("Math.Ab|s(-1)");
        Assert.Contains("int Math.Abs(int value)", text);
        Assert.Contains("more)", text);
        Assert.Contains("absolute value", text);
        Assert.Contains("Returns:", text);
    }

    [Theory]
    [InlineData("Console.WriteLine|", "Console.WriteLine(")]
    [InlineData("var answer| = 42;", "int answer")]
    [InlineData("displ|ay(1)", "Shows a value in the notebook")]
    [InlineData("new System.Text.StringBuil|der(4)", "StringBuilder(int capacity)")]
    [InlineData("Math.Max(1, |2)", "Math.Max(int val1, int val2)")]
    [InlineData("in|t x = 1;", "32-bit signed")]
    [InlineData("new[] { 1 }.Whe|re(n => n > 0)", "Filters a sequence")]
    public void Hover_knows(string code, string expected) => Assert.Contains(expected, Hovers(code));

    [Fact]
    public void Hover_sees_variables_of_earlier_cells()
    {
        notebook.Run("Dictionary<string, int> counts = new();");
        Assert.Contains("Dictionary<string, int>", Hovers("cou|nts"));
    }

    [Theory]
    [InlineData("|")]
    [InlineData("unknownName|")]
    [InlineData("// Math|")]
    public void Hover_finds_nothing_where_nothing_is(string code) => Assert.Equal("", Hovers(code));

    [Theory]
    [InlineData("1 + 1", "complete", null)]
    [InlineData("var x = 1;", "complete", null)]
    [InlineData("if (true) {", "incomplete", "    ")]
    [InlineData("Math.Max(1,", "incomplete", "    ")]
    [InlineData("class A { void F() {", "incomplete", "        ")]
    [InlineData("var s = @\"open", "incomplete", "")]
    [InlineData("int 1x;", "invalid", null)]
    [InlineData("#!html\n<b", "complete", null)]
    public void Completeness_is_told(string code, string status, string? indent)
    {
        var reply = Completeness.Of(code);
        Assert.Equal((status, indent), ((string?)reply["status"], (string?)reply["indent"]));
    }
}
