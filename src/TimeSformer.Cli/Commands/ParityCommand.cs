using TimeSformer.Checkpoints;

namespace TimeSformer.Cli.Commands;

/// <summary><c>parity FILE...</c>: this library's numbers against the official code's.</summary>
internal static class ParityCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("file") { Description = "Reference files (.safetensors)", Arity = ArgumentArity.OneOrMore };
        var all = new Option<bool>("--all") { Description = "Print every quantity, not only the worst of the gradients" };
        var device = Options.Device();
        return new Command("parity", """
            Build the model of a reference file, run it, and print the relative errors of its logits, block outputs, loss and gradients.
            Exit status 1 if one is above 1e-4 in float32 or 1e-9 in float64.

            Example:
              ./timesformer parity divided_space_time.safetensors
            """) { files, all, device }.Does((parsed, _) =>
            Run(parsed.GetRequiredValue(files), parsed.GetValue(device)!, parsed.GetValue(all)));
    }

    private static int Run(string[] files, string device, bool all)
    {
        bool holds = true;
        foreach (var file in files)
        {
            var report = Parity.Run(file, device);
            holds &= report.Holds;
            Terminal.Out.MarkupLineInterpolated(
                $"[bold]{Path.GetFileName(file)}[/]  {report.Config.Attention}, {report.DType}, tolerance {report.Tolerance:0e0}");
            var table = new Table().Border(TableBorder.Simple).AddColumn("quantity");
            table.AddColumn(new TableColumn("largest relative error").RightAligned());
            foreach (var difference in all ? report.Differences : Worst(report.Differences))
            {
                var style = difference.RelativeError <= report.Tolerance ? "green" : "red";
                table.AddRow(new Markup(Markup.Escape(difference.Name)), new Markup($"[{style}]{difference.RelativeError:0.0e+00}[/]"));
            }
            Terminal.Out.Write(table);
        }
        Terminal.Out.MarkupLine(holds ? "[green]all within tolerance[/]" : "[red]above tolerance[/]");
        return holds ? 0 : ExitCode.Difference;
    }

    // The worst gradient represents them all.
    private static IEnumerable<ParityDifference> Worst(IReadOnlyList<ParityDifference> differences)
    {
        var gradients = differences.Where(IsGradient).ToList();
        foreach (var difference in differences.Where(difference => !IsGradient(difference))) yield return difference;
        if (gradients.MaxBy(difference => difference.RelativeError) is { } worst)
        {
            yield return worst with { Name = $"{gradients.Count} gradients, worst: {worst.Name["gradient of ".Length..]}" };
        }
    }

    private static bool IsGradient(ParityDifference difference) => difference.Name.StartsWith("gradient of ", StringComparison.Ordinal);
}
