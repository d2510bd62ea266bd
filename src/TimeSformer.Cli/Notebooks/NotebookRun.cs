using System.Text.RegularExpressions;

namespace TimeSformer.Cli.Notebooks;

/// <summary>A cell that failed.</summary>
/// <param name="Cell">Its number, counted from 1 over all cells; 0 if unknown.</param>
/// <param name="Report">The error as the kernel reports it.</param>
internal sealed record NotebookFailure(int Cell, string Report);

/// <summary>Executes a notebook through Jupyter's own client, against the installed kernel.</summary>
internal static partial class NotebookRun
{
    /// <summary>Runs all cells and writes their outputs into the file. A notebook that fails is not changed.</summary>
    /// <param name="timeout">Seconds that a cell may take; null for no limit.</param>
    /// <returns>The first failure, or null.</returns>
    public static async Task<NotebookFailure?> Run(string path, int? timeout, CancellationToken cancel)
    {
        var notebook = NotebookFile.Read(path);
        var folder = Directory.CreateTempSubdirectory("notebook-");
        try
        {
            string[] arguments =
            [
                "nbconvert", "--to", "notebook", "--execute", path, "--output-dir", folder.FullName, "--output", "executed.ipynb",
                $"--ExecutePreprocessor.kernel_name={KernelSpec.Name}", $"--ExecutePreprocessor.timeout={timeout ?? -1}",
                "--ExecutePreprocessor.record_timing=False",
            ];
            var (status, error) = await Jupyter.Run(arguments, cancel);
            if (status != 0) return Explain(notebook, error);
            var executed = NotebookFile.Read(Path.Combine(folder.FullName, "executed.ipynb"));
            executed.NameLanguages();
            const string missing = "figures have no pictures for pages without scripts: Chromium is missing (Debian package chromium)";
            if (!await FigurePictures.Add(executed.Cells)) Console.Error.WriteLine(missing);
            executed.Write(path);
            return null;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // The client ends with an exception of its own: the code of the failed or slow cell between two lines of dashes and, if it failed, the
    // kernel's report.
    private static NotebookFailure Explain(NotebookFile notebook, string error)
    {
        var lines = error.ReplaceLineEndings("\n").Split('\n');
        int start = Array.FindLastIndex(lines, line => ClientError().IsMatch(line));
        if (start < 0) return new(0, lines.LastOrDefault(line => line.Trim().Length > 0) ?? "jupyter nbconvert failed without a message");
        var said = lines[start..];
        int first = Array.FindIndex(said, line => Dashes().IsMatch(line));
        int second = first < 0 ? -1 : Array.FindIndex(said, first + 1, line => Dashes().IsMatch(line));
        if (second < 0) return new(0, string.Join('\n', said).Trim());
        var code = string.Join('\n', said[(first + 1)..second]).Trim();
        string[] sources = [.. notebook.Sources.Select(source => source.ReplaceLineEndings("\n").Trim())];
        int cell = Array.IndexOf(sources, code) + 1;
        var report = string.Join('\n', said[(second + 1)..]).Trim();
        return new(cell, report.Length > 0 ? report : said[0][(said[0].IndexOf(':', StringComparison.Ordinal) + 2)..]);
    }

    [GeneratedRegex(@"^nbclient\.exceptions\.\w+: ")]
    private static partial Regex ClientError();

    [GeneratedRegex(@"^-{18,}$")]
    private static partial Regex Dashes();
}
