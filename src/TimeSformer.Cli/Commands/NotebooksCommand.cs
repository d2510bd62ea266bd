using System.Diagnostics;
using TimeSformer.Cli.Notebooks;

namespace TimeSformer.Cli.Commands;

/// <summary><c>notebooks run|open|export</c>: the notebooks of the course.</summary>
internal static class NotebooksCommand
{
    public static Command Create() => new("notebooks", """
        Run, open and export the notebooks of the course.

        Examples:
          ./timesformer notebooks open
          ./timesformer notebooks run 01 02
          ./timesformer notebooks export --output html
        """) { Run(), Open(), Export() };

    private static Argument<string[]> Names() => new("name")
    {
        Description = "Paths, or the beginnings of file names, such as 01 (default: all)", Arity = ArgumentArity.ZeroOrMore,
    };

    private static Command Run()
    {
        var names = Names();
        var timeout = Options.Count<int?>("--timeout", "Seconds that a cell may take (default: no limit)", null);
        return new Command("run", """
            Execute notebooks and write their outputs into them. The first error ends the run: its cell is named, and that notebook keeps
            its old outputs.
            """) { names, timeout }.Does(async (parsed, cancel) =>
        {
            var notebooks = NotebookFolder.Select(parsed.GetValue(names) ?? []);
            RequireKernel();
            foreach (var notebook in notebooks)
            {
                Console.Error.WriteLine($"running {Path.GetFileName(notebook)} ...");
                long start = Stopwatch.GetTimestamp();
                if (await NotebookRun.Run(notebook, parsed.GetValue(timeout), cancel) is { } failure)
                {
                    Console.Error.WriteLine($"error: {notebook}: {(failure.Cell > 0 ? $"cell {failure.Cell} failed" : "failed")}");
                    Console.Error.WriteLine(failure.Report);
                    return ExitCode.Difference;
                }
                Console.WriteLine($"{Path.GetFileName(notebook)}: {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");
            }
            return 0;
        });
    }

    private static Command Open()
    {
        var quiet = new Option<bool>("--no-browser") { Description = "Print the address only" };
        const string description = "Start Jupyter on the loopback address, protected by a token; Ctrl-C ends it";
        return new Command("open", description) { quiet }.Does((parsed, cancel) =>
        {
            RequireKernel();
            List<string> arguments = [Jupyter.Has("lab") ? "lab" : "notebook", "--ip=127.0.0.1", $"--notebook-dir={NotebookFolder.Find()}"];
            if (parsed.GetValue(quiet)) arguments.Add("--no-browser");
            if (Environment.IsPrivilegedProcess) arguments.Add("--allow-root");
            // Jupyter makes a new token at each start and prints it.
            return Jupyter.RunOnTerminal(arguments, cancel);
        });
    }

    private static Command Export()
    {
        var names = Names();
        var output = new Option<string>("--output")
        {
            Description = "Folder for the pages", DefaultValueFactory = _ => Path.Combine("runs", "html"),
        };
        return new Command("export", """
            Write notebooks with their outputs as HTML pages: a file for each, which needs no network and has interactive plots.
            """) { names, output }.Does(async (parsed, cancel) =>
        {
            foreach (var notebook in NotebookFolder.Select(parsed.GetValue(names) ?? []))
            {
                Console.WriteLine(await NotebookPage.Write(notebook, parsed.GetValue(output)!, cancel));
            }
            return 0;
        });
    }

    private static void RequireKernel()
    {
        if (!File.Exists(KernelSpec.File)) throw new InputException("the C# kernel is not installed; run ./timesformer kernel install");
    }
}
