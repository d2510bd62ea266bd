namespace TimeSformer.Jupyter.Tests;

/// <summary>Completion, hover and completeness. A bar marks the cursor.</summary>
[Collection(SharedKernel.Name)]
public sealed class EditingTests(SharedKernel shared)
{
    private readonly KernelClient kernel = shared.Client;

    private JsonNode At(string request, string code)
    {
        var parts = code.Split('|');
        return kernel.Ask(request, new() { ["code"] = string.Concat(parts), ["cursor_pos"] = parts[0].EnumerateRunes().Count() }).Reply;
    }

    private string[] Completions(string code) => [.. At("complete_request", code)["matches"]!.AsArray().Select(match => (string)match!)];

    private string Hovers(string code) => (string?)At("inspect_request", code)["data"]!["text/plain"] ?? "";

    [Theory]
    [InlineData("Console.Wri|", "WriteLine", "Beep")]
    [InlineData("\"text\".Sub|", "Substring", "Concat")]
    [InlineData("new[] { 1 }.Sele|", "SelectMany", "Length")]
    [InlineData("System.Text.StringB|", "StringBuilder", "Encoding")]
    [InlineData("DateTime.Now.AddD|", "AddDays", "Now")]
    [InlineData("displ|", "display", "Console")]
    [InlineData("whi|", "while", "Console")]
    [InlineData("var x = \"a\";\nx.Trim|", "TrimEnd", "Length")]
    [InlineData("new System.Diagnostics.ProcessStartInfo { Fil|", "FileName", "Start")]
    [InlineData("string.Join(sep|", "separator", "value")]
    [InlineData("#!ht|", "#!html", "#!time")]
    public void Completion_offers_what_matches(string code, string expected, string absent)
    {
        var found = Completions(code);
        Assert.Contains(expected, found);
        Assert.DoesNotContain(absent, found);
    }

    [Fact]
    public void Completion_sees_variables_of_earlier_cells()
    {
        kernel.Run("var schedule = new { Start = 0.1, Ending = 0.01 };");
        Assert.Contains("schedule", Completions("sched|"));
        Assert.Equal(["Start"], Completions("schedule.St|"));
    }

    [Theory]
    [InlineData("// Con|")]
    [InlineData("\"Con|\"")]
    [InlineData("#!html\n<b Con|")]
    public void Strings_and_comments_are_not_completed(string code) => Assert.DoesNotContain("Console", Completions(code));

    [Fact]
    public void A_completion_reply_has_the_range_that_the_matches_replace_in_Unicode_characters()
    {
        var reply = At("complete_request", "var s = \"😀\"; s.Len|gth");
        Assert.Equal(("ok", 15, 18), ((string?)reply["status"], (int)reply["cursor_start"]!, (int)reply["cursor_end"]!));
        Assert.NotNull(reply["metadata"]);
    }

    [Fact]
    public void Hover_shows_declaration_and_documentation()
    {
        var text = Hovers("Math.Ab|s(-1)");
        Assert.Contains("int Math.Abs(int value)", text);
        Assert.Contains("overloads)", text);
        Assert.Contains("absolute value", text);
    }

    [Theory]
    [InlineData("Console.WriteLine|", "Console.WriteLine(")]
    [InlineData("var answer| = 42;", "int answer")]
    [InlineData("displ|ay(1)", "Kernel.display(object value")]
    [InlineData("new System.Text.StringBuil|der(4)", "StringBuilder(int capacity)")]
    [InlineData("in|t x = 1;", "32-bit signed")]
    [InlineData("new[] { 1 }.Whe|re(n => n > 0)", "Filters a sequence")]
    public void Hover_shows(string code, string expected) => Assert.Contains(expected, Hovers(code));

    [Fact]
    public void Hover_sees_variables_of_earlier_cells()
    {
        kernel.Run("Dictionary<string, int> counts = new();");
        var reply = At("inspect_request", "cou|nts");
        Assert.Equal(("ok", true), ((string?)reply["status"], (bool)reply["found"]!));
        Assert.Contains("Dictionary<string, int>", (string?)reply["data"]!["text/plain"]);
    }

    [Theory]
    [InlineData("|")]
    [InlineData("unknownName|")]
    [InlineData("// Math|")]
    public void Hover_is_empty_outside_of_symbols(string code)
    {
        var reply = At("inspect_request", code);
        Assert.Equal(("ok", false, "{}"), ((string?)reply["status"], (bool)reply["found"]!, reply["data"]!.ToJsonString()));
    }

    [Theory]
    [InlineData("1 + 1", "complete", null)]
    [InlineData("var x = 1;", "complete", null)]
    [InlineData("if (true) {", "incomplete", "    ")]
    [InlineData("Math.Max(1,", "incomplete", "    ")]
    [InlineData("class A { void F() {", "incomplete", "        ")]
    [InlineData("var s = @\"open", "incomplete", "")]
    [InlineData("int 1x;", "invalid", null)]
    [InlineData("#!html\n<b", "complete", null)]
    public void Completeness_is_reported(string code, string status, string? indent)
    {
        var reply = kernel.Ask("is_complete_request", new() { ["code"] = code }).Reply;
        Assert.Equal((status, indent), ((string?)reply["status"], (string?)reply["indent"]));
    }
}
