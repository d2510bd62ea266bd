using System.CommandLine;
using System.Diagnostics;
using TimeSformer.Cli.Notebooks;

namespace TimeSformer.Cli.Commands;

/// <summary><c>notebooks run|open|export</c>: the course.</summary>
internal static class NotebooksCommand
{
    public static Command Create() => new("notebooks", """
        Run, open and export the notebooks of the course.

        Examples:
          ./timesformer notebooks open
          ./timesformer notebooks run 01 02
          ./timesformer notebooks export --output html
        """) { Run(), Open(), Export() };

    private static Argument<string[]> Names() => new("name") { Description = "Paths, or how the file names begin, as 01; all where none is given", Arity = ArgumentArity.ZeroOrMore };

    private static Command Run()
    {
        var names = Names();
        var timeout = new Option<int?>("--timeout") { Description = "Seconds that one cell may take; no limit where not given" };
        var command = new Command("run", "Execute notebooks and write their outputs into them; stops at the first error, names its cell and leaves that notebook as it was") { names, timeout };
        command.SetAction(async (parsed, cancel) =>
        {
            int? seconds = parsed.GetValue(timeout);
            if (seconds <= 0) throw new ArgumentException($"--timeout {seconds}: give a number of seconds above 0");
            var notebooks = NotebookFolder.Select(parsed.GetValue(names) ?? []);
            RequireKernel();
            foreach (var notebook in notebooks)
            {
                Console.Error.WriteLine($"running {Path.GetFileName(notebook)} ...");
                long start = Stopwatch.GetTimestamp();
                if (await NotebookRun.Run(notebook, seconds, cancel) is { } failure)
                {
                    Console.Error.WriteLine($"error: {notebook}: {(failure.Cell > 0 ? $"cell {failure.Cell} failed" : "failed")}");
                    Console.Error.WriteLine(failure.Report);
                    return ExitCode.Difference;
                }
                Console.WriteLine($"{Path.GetFileName(notebook)}: {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");
            }
            return 0;
        });
        return command;
    }

    private static Command Open()
    {
        var command = new Command("open", "Start Jupyter on this machine's loopback address, protected by a token; Ctrl-C ends it");
        var quiet = new Option<bool>("--no-browser") { Description = "Only print the address" };
        command.Add(quiet);
        command.SetAction((parsed, cancel) =>
        {
            RequireKernel();
            List<string> arguments = [Jupyter.Has("lab") ? "lab" : "notebook", "--ip=127.0.0.1", $"--notebook-dir={NotebookFolder.Find()}"];
            if (parsed.GetValue(quiet)) arguments.Add("--no-browser");
            if (Environment.IsPrivilegedProcess) arguments.Add("--allow-root");
            // Jupyter makes a new token at each start and prints it.
            return Jupyter.RunOnTerminal(arguments, cancel);
        });
        return command;
    }

    private static Command Export()
    {
        var names = Names();
        var output = new Option<string>("--output") { Description = "Folder for the pages", DefaultValueFactory = _ => Path.Combine("runs", "html") };
        var command = new Command("export", "Write notebooks with their outputs as HTML pages that need no network: one file each, plots interactive") { names, output };
        command.SetAction(async (parsed, cancel) =>
        {
            foreach (var notebook in NotebookFolder.Select(parsed.GetValue(names) ?? []))
            {
                Console.WriteLine(await NotebookPage.Write(notebook, parsed.GetValue(output)!, cancel));
            }
            return 0;
        });
        return command;
    }

    private static void RequireKernel()
    {
        if (!File.Exists(KernelSpec.File)) throw new IOException("the C# kernel is not installed; run ./timesformer kernel install");
    }
}
