namespace TimeSformer.Tests.Training;

public sealed class YamlTextTests
{
    [Fact]
    public void Aliases_of_what_came_before_are_fine()
    {
        const string text = "{a: &a [1, 2], b: &b {c: *a}, d: *b, e: *a}";
        Assert.Same(text, YamlText.Checked(text));
    }

    [Theory]
    [InlineData("a: &a [*a]", "line 1: the alias *a stands for something unknown or around it")]
    [InlineData("a:\n  - *b\nb: &b 1", "line 2: the alias *b stands for something unknown or around it")]
    [InlineData("a: &a {b: &b {c: *a}}", "the alias *a")]
    public void An_alias_of_what_it_is_in_or_of_nothing_is_refused(string text, string said) =>
        Assert.Refused<RecipeException>(said, () => YamlText.Checked(text));

    [Theory, InlineData('['), InlineData('{')]
    public void A_deep_text_is_refused_before_it_takes_time(char opens) => Assert.Refused<RecipeException>(
        "line 1: values are nested more than 64 deep", () => YamlText.Checked($"a: {new string(opens, 1_000_000)}"));

    [Fact]
    public void A_small_text_that_stands_for_a_huge_one_is_refused()
    {
        var doubling = Enumerable.Range(1, 40).Select(k => $"l{k}: &l{k} [*l{k - 1}, *l{k - 1}]");
        Assert.Refused<RecipeException>(
            "there are more than 100000 values", () => YamlText.Checked($"l0: &l0 [1]\n{string.Join('\n', doubling)}"));
    }
}
