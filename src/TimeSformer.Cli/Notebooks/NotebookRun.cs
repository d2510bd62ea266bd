namespace TimeSformer.Cli.Notebooks;

/// <summary>A cell that failed.</summary>
/// <param name="Cell">Its number, counted from 1 over all cells; 0 where it is not known.</param>
/// <param name="Report">The error as the kernel reports it.</param>
internal sealed record NotebookFailure(int Cell, string Report);

/// <summary>Executes a notebook through Jupyter's own client, against the installed kernel.</summary>
internal static class NotebookRun
{
    private const string Marker = "An error occurred while executing the following cell:";

    /// <summary>Runs all cells and writes their outputs into the file. A notebook that fails stays as it was.</summary>
    /// <param name="timeout">Seconds that a cell may take; null for no limit.</param>
    /// <returns>The first failure, or null.</returns>
    public static async Task<NotebookFailure?> Run(string path, int? timeout, CancellationToken cancel)
    {
        var notebook = NotebookFile.Read(path);
        var folder = Directory.CreateTempSubdirectory("notebook-");
        try
        {
            var (status, error) = await Jupyter.Run(
                [
                    "nbconvert", "--to", "notebook", "--execute", path, "--output-dir", folder.FullName, "--output", "executed.ipynb",
                    $"--ExecutePreprocessor.kernel_name={KernelSpec.Name}", $"--ExecutePreprocessor.timeout={timeout ?? -1}", "--ExecutePreprocessor.record_timing=False",
                ],
                cancel);
            if (status != 0) return Explain(notebook, error);
            var executed = NotebookFile.Read(Path.Combine(folder.FullName, "executed.ipynb"));
            executed.NameLanguages();
            executed.Write(path);
            return null;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // The client prints the failed cell's code between two lines of dashes, then the error.
    private static NotebookFailure Explain(NotebookFile notebook, string error)
    {
        var lines = error.ReplaceLineEndings("\n").Split('\n');
        int at = Array.FindIndex(lines, line => line.Contains(Marker, StringComparison.Ordinal)) + 1;
        int first = at > 0 ? Array.IndexOf(lines, "------------------", at) : -1;
        int second = first > 0 ? Array.IndexOf(lines, "------------------", first + 1) : -1;
        if (second < 0) return new(0, lines.LastOrDefault(line => line.Trim().Length > 0) ?? "jupyter nbconvert failed without a word");
        var code = string.Join('\n', lines[(first + 1)..second]).Trim();
        int cell = notebook.Sources.Select(source => source.ReplaceLineEndings("\n").Trim()).TakeWhile(source => source != code).Count() + 1;
        return new(cell > notebook.Sources.Count() ? 0 : cell, string.Join('\n', lines[(second + 1)..]).Trim());
    }
}
