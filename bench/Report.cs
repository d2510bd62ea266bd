using TimeSformer.Cli;

namespace TimeSformer.Bench;

/// <summary>The results as tables.</summary>
internal static class Report
{
    private const int Operations = 15;

    public static void Print(IReadOnlyList<Row> rows, IReadOnlyList<StepProfile> profiles, string heading)
    {
        bool official = rows.Any(row => row.OfficialMs is not null);
        List<string> titles =
            ["model", "scheme", "type", "ours by", "step", "clips", "ours ms", "peer ms", "ratio", "share", "peer's", "ours MB", "peer MB"];
        bool compiled = rows.Any(row => row.CompiledMs is not null);
        if (official) titles.Add("official ms");
        if (compiled) titles.Add("compiled ms");
        Terminal.PrintTable(titles, rows.Select(Cells), heading, left: 5);
        if (official)
        {
            var unfair = rows.Where(row => row.PeerIsFair is false).Select(row => $"{row.Model} {row.Scheme} {row.Precision} {row.Mode}");
            Terminal.Out.WriteLine(unfair.Any()
                ? $"The peer's time differs from the official code's by more than 10 % in: {string.Join(", ", unfair)}."
                : "The peer's times are within 10 % of the official code's.");
        }
        foreach (var profile in profiles)
        {
            var name = $"{profile.Model}, {profile.Scheme}, {profile.Precision}, a training step";
            PrintProfile($"{name} of ours", profile.Ours);
            PrintProfile($"{name} of the peer", profile.Peer);
        }

        IEnumerable<string> Cells(Row row)
        {
            List<string> cells =
            [
                row.Model, row.Scheme, row.Precision, row.Steps, row.Mode, $"{row.Batch}", $"{row.OursMs:0.0}", $"{row.PeerMs:0.0}",
                $"{row.Ratio:0.00}", $"{row.GemmShare:P0}", $"{row.PeerGemmShare:P0}", $"{row.OursMb:0}", $"{row.PeerMb:0}",
            ];
            if (official) cells.Add($"{row.OfficialMs:0.0}");
            if (compiled) cells.Add($"{row.CompiledMs:0.0}");
            return cells;
        }
    }

    // The longest ones, and the others in one line, so that the lines sum to the step.
    private static void PrintProfile(string heading, IReadOnlyList<Operation> operations)
    {
        double total = operations.Sum(operation => operation.Ms);
        var others = operations.Skip(Operations).ToList();
        IEnumerable<Operation> shown = operations.Take(Operations);
        if (others.Count > 0)
        {
            shown = shown.Append(new($"{others.Count} others", others.Sum(other => other.Calls), others.Sum(other => other.Ms)));
        }
        shown = shown.Append(new("the step", 1, total));
        Terminal.PrintTable(
            ["operation", "calls", "ms", "of the step"],
            shown.Select(operation => (string[])
                [operation.Name, $"{operation.Calls}", $"{operation.Ms:0.00}", $"{operation.Ms / total:P1}"]),
            heading);
    }
}
