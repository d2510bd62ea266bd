using TimeSformer.Notebooks.Explain;

namespace TimeSformer.Cli.Commands;

/// <summary><c>explain</c>: a page in which a trained model runs, to play with and to read.</summary>
internal static class ExplainCommand
{
    private static readonly string demoRun = Path.Combine("demo", "run");
    private static readonly string courseModel = Path.Combine(Options.Experiments, "..", "data", "models", "motion-tiny");

    public static Command Create()
    {
        var checkpoints = new Option<string[]>("--checkpoint")
        {
            Description = "A tiny model's run or checkpoint; several, each of another attention scheme, are what the page offers to choose "
                + $"from. Without it, the demo's, or else the one that comes with the course",
        };
        var output = new Option<string>("--out", "--output") { Description = "The page", DefaultValueFactory = _ => "explain.html" };
        return new Command("explain", """
            Write one HTML page in which a trained tiny TimeSformer runs: drag a shape, and see what the model says of its motion, what each
            patch attends to, and every number on the way. It needs no network and no server; send it to whom you like.

            Examples:
              ./timesformer explain --out page.html
              ./timesformer explain --checkpoint runs/divided --checkpoint runs/joint --out page.html
            """) { checkpoints, output }.Does((parsed, _) => Run(parsed.GetValue(checkpoints) ?? [], parsed.GetValue(output)!));
    }

    private static int Run(string[] checkpoints, string page)
    {
        Options.RequireFolderOf(page, "--out");
        if (checkpoints is []) checkpoints = [Directory.Exists(demoRun) ? demoRun : courseModel];
        File.WriteAllText(page, ExplainPage.Html(checkpoints));
        Console.WriteLine($"page  {page}   ({new FileInfo(page).Length / 1e6:0.0} MB; open it in a browser)");
        return 0;
    }
}
