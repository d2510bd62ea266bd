using TimeSformer.Models;
using TimeSformer.Models.Attention;

namespace TimeSformer.Tests;

/// <summary><c>./timesformer explain</c>, up to the page that it writes.</summary>
public sealed class ExplainCommandTests : FolderTests
{
    private string Refused(params string[] checkpoints)
    {
        var (status, _, error) = CommandLine.Run(["explain", .. checkpoints.SelectMany(path => new[] { "--checkpoint", path }),
            "--out", folder.File("page.html")]);
        Assert.Equal(2, status);
        Assert.False(File.Exists(folder.File("page.html")));
        return error;
    }

    [Fact]
    public void Without_a_checkpoint_it_takes_what_the_demo_left()
    {
        TinyModels.Write(folder.File("demo/run"), TinyModels.Sizes());
        var (status, output, error) = CommandLine.RunIn(folder.Path, "explain", "--out", "page.html");
        Assert.True(status == 0, error);
        Assert.Contains("page.html", output, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.File("page.html")));
    }

    [Fact]
    public void Without_a_demo_it_takes_the_courses_model()
    {
        var (status, _, error) = CommandLine.RunIn(folder.Path, "explain", "--out", "page.html");
        Assert.True(status == 0, error);
        Assert.True(new FileInfo(folder.File("page.html")).Length > 1_000_000);
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_an_error()
    {
        var (status, _, error) = CommandLine.RunIn(folder.Path, "explain", "--out", "nowhere/page.html");
        Assert.Equal(2, status);
        Assert.Contains("does not exist", error, StringComparison.Ordinal);
    }

    [Fact]
    public void One_models_weights_are_exact_and_those_of_all_five_schemes_fit()
    {
        string[] paths = [.. Enum.GetValues<AttentionScheme>().Select(scheme =>
            TinyModels.Write(folder.File($"{scheme}"), TinyModels.Sizes(scheme)))];
        var one = Notebooks.Explain.ExplainPage.Html([paths[0]]);
        var all = Notebooks.Explain.ExplainPage.Html(paths);
        Assert.Contains("\"half\":false", one, StringComparison.Ordinal);
        Assert.DoesNotContain("\"half\":false", all, StringComparison.Ordinal);
        Assert.InRange(all.Length, one.Length, 4_200_000);
    }

    [Fact]
    public void A_model_of_other_classes_is_refused()
    {
        var path = TinyModels.Write(folder.File("pets"), TinyModels.Sizes() with { NumClasses = 2 }, ["cat", "dog"]);
        Assert.Contains("this model's classes are cat, dog", Refused(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_kind_of_model_is_refused()
    {
        var sizes = VisionTransformerConfig.Tiny with { NumClasses = TinyModels.Motions.Count };
        Assert.Contains("the page explains TimeSformer", Refused(TinyModels.Write(folder.File("vit"), sizes)), StringComparison.Ordinal);
    }

    [Fact]
    public void Models_of_one_scheme_or_of_different_sizes_are_refused()
    {
        var divided = TinyModels.Write(folder.File("divided"), TinyModels.Sizes());
        var again = TinyModels.Write(folder.File("again"), TinyModels.Sizes());
        var longer = TinyModels.Write(folder.File("longer"), TinyModels.Sizes(AttentionScheme.Axial) with { NumFrames = 4 });
        Assert.Contains("are both divided_space_time", Refused(divided, again), StringComparison.Ordinal);
        Assert.Contains("4x32x32", Refused(divided, longer), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_too_large_for_a_page_is_refused_with_its_size()
    {
        var sizes = TimeSformerConfig.Small with { NumClasses = TinyModels.Motions.Count };
        Assert.Matches(@"1\d\.\d MB of weights in float16 .* holds 3 MB", Refused(TinyModels.Write(folder.File("small"), sizes)));
    }
}
