using System.Runtime.InteropServices;
using TimeSformer.Cli.Notebooks;

namespace TimeSformer.Tests;

/// <summary><c>kernel</c> and <c>notebooks</c>, with a Jupyter folder for each test.</summary>
public sealed class NotebookCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("JUPYTER_DATA_DIR", null);
        Environment.SetEnvironmentVariable("JUPYTER_CONFIG_DIR", null);
        folder.Dispose();
    }

    private string Spec => folder.File("jupyter/kernels/.net-csharp/kernel.json");

    private (int Status, string Out, string Error) Command(params string[] arguments)
    {
        Environment.SetEnvironmentVariable("JUPYTER_DATA_DIR", folder.File("jupyter"));
        Environment.SetEnvironmentVariable("JUPYTER_CONFIG_DIR", folder.File("config"));
        return CommandLine.RunIn(folder.Path, arguments);
    }

    private string Notebook(string name, params string[] cells)
    {
        var title = new JsonObject { ["cell_type"] = "markdown", ["metadata"] = new JsonObject(), ["source"] = "# A title, $x^2$" };
        var code = cells.Select(source => new JsonObject
        {
            ["cell_type"] = "code", ["execution_count"] = null, ["metadata"] = new JsonObject(), ["outputs"] = new JsonArray(),
            ["source"] = source,
        });
        return folder.Write($"notebooks/{name}.ipynb", new JsonObject
        {
            ["cells"] = new JsonArray([title, .. code]), ["metadata"] = new JsonObject(), ["nbformat"] = 4, ["nbformat_minor"] = 4,
        }.ToJsonString());
    }

    private void Succeeds(params string[] arguments)
    {
        var (status, _, error) = Command(arguments);
        Assert.True(status == 0, error);
    }

    private static JsonNode Read(string notebook) => JsonNode.Parse(File.ReadAllText(notebook))!;

    internal static void NeedsJupyter() => Skip.IfNot(Jupyter.Has("nbconvert"), "jupyter nbconvert is not installed");

    [Fact]
    public void The_kernel_is_installed_shown_and_removed()
    {
        Assert.Equal(1, Command("kernel", "status").Status);
        Succeeds("kernel", "install");
        var spec = Read(Spec);
        Assert.Equal("message", (string?)spec["interrupt_mode"]);
        Assert.Equal("{connection_file}", (string?)spec["argv"]!.AsArray()[^1]);
        Assert.True(File.Exists((string?)spec["argv"]![1]), "the program exists");
        Assert.NotNull(spec["env"]!["OMP_WAIT_POLICY"]);
        Succeeds("kernel", "install");
        var (status, shown, _) = Command("kernel", "status");
        Assert.Equal(0, status);
        Assert.Contains(Spec, shown);
        // What is installed counts, not what this build would install.
        spec["argv"]![1] = folder.File("gone.dll");
        File.WriteAllText(Spec, spec.ToJsonString());
        (status, shown, _) = Command("kernel", "status");
        Assert.Equal(1, status);
        Assert.Contains($"no {folder.File("gone.dll")}; run ./timesformer kernel install", shown);
        Succeeds("kernel", "uninstall");
        Assert.False(Directory.Exists(Path.GetDirectoryName(Spec)));
        Assert.Contains("nothing to remove", Command("kernel", "uninstall").Out);
    }

    [SkippableFact]
    public void The_kernel_is_started_by_dotnet_though_the_built_program_installed_it()
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, "timesformer"), ["kernel", "install"]);
        start.Environment["JUPYTER_DATA_DIR"] = folder.File("jupyter");
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        var (status, _, error) = CommandLine.Wait(start);
        Assert.True(status == 0, error);
        Assert.Equal("dotnet", Path.GetFileName((string?)Read(Spec)["argv"]![0]));
    }

    [Theory]
    [InlineData("""{"argv": ["dotnet", "interactive", "jupyter"], "display_name": ".NET (C#)", "language": "C#"}""")]
    [InlineData("no json")]
    public void Another_kernel_is_left_alone_without_force(string other)
    {
        folder.Write(Spec, other);
        foreach (var what in new[] { "install", "uninstall" })
        {
            var (status, _, error) = Command("kernel", what);
            Assert.Equal(2, status);
            Assert.Contains("--force", error);
            Assert.Equal(other, File.ReadAllText(Spec));
        }
        Assert.Equal(1, Command("kernel", "status").Status);
        Succeeds("kernel", "install", "--force");
        Succeeds("kernel", "status");
    }

    [SkippableFact]
    public void A_notebook_is_run_its_outputs_written_and_its_languages_named()
    {
        NeedsJupyter();
        Command("kernel", "install");
        folder.Write("notebooks/data.txt", "beside the notebook");
        var updated = "var shown = display(\"first\"); await Task.Delay(20); shown.Update(\"second\");";
        var path = Notebook(
            "01-first", "Console.WriteLine(\"x\");\n1 + 1", updated, "#!html\n<b>x</b>", "File.ReadAllText(\"data.txt\")");
        Notebook("02-second", "throw new Exception(\"not asked for\");");
        Succeeds("notebooks", "run", "01", "--timeout", "60");
        var notebook = Read(path);
        JsonNode Output(int cell, int place = 0) => notebook["cells"]![cell]!["outputs"]![place]!;
        Assert.Equal("x\n", (string?)Output(1)["text"]![0]);
        Assert.Equal("2", (string?)Output(1, 1)["data"]!["text/plain"]![0]);
        Assert.Equal("second", (string?)Output(2)["data"]!["text/plain"]![0]);
        Assert.Equal("<b>x</b>", (string?)Output(3)["data"]!["text/html"]![0]);
        Assert.Equal("beside the notebook", (string?)Output(4)["data"]!["text/plain"]![0]);
        Assert.Equal("csharp", (string?)notebook["cells"]![1]!["metadata"]!["dotnet_interactive"]!["language"]);
        Assert.Equal("csharp", (string?)notebook["cells"]![1]!["metadata"]!["polyglot_notebook"]!["kernelName"]);
        Assert.Equal(".net-csharp", (string?)notebook["metadata"]!["kernelspec"]!["name"]);
        Assert.Equal("C#", (string?)notebook["metadata"]!["language_info"]!["name"]);

        // The same outputs give the same file.
        var before = File.ReadAllText(path);
        Succeeds("notebooks", "run", path);
        Assert.Equal(before, File.ReadAllText(path));
    }

    [SkippableFact]
    public void The_first_error_ends_the_run_names_the_cell_and_changes_nothing()
    {
        NeedsJupyter();
        Command("kernel", "install");
        var path = Notebook("01-broken", "var x = 1;", "\nthrow new Exception(\"in the third cell\");", "x");
        Notebook("02-after", "1");
        var before = File.ReadAllText(path);
        var (status, output, error) = Command("notebooks", "run");
        Assert.Equal(1, status);
        Assert.Contains("01-broken.ipynb: cell 3 failed", error);
        Assert.Contains("in the third cell", error);
        Assert.Contains("line 2", error);
        Assert.DoesNotContain("02-after", output);
        Assert.Equal(before, File.ReadAllText(path));
    }

    [SkippableFact]
    public void A_cell_that_takes_too_long_is_an_error()
    {
        NeedsJupyter();
        Command("kernel", "install");
        Notebook("01-slow", "Thread.Sleep(60_000);");
        var (status, _, error) = Command("notebooks", "run", "--timeout", "2");
        Assert.Equal(1, status);
        Assert.Contains("imed out", error);
    }

    // After its timeout, the client interrupts the kernel by a message on the control channel.
    [SkippableFact]
    public async Task Jupyter_can_interrupt_a_cell_and_run_the_next()
    {
        NeedsJupyter();
        Command("kernel", "install");
        var path = Notebook("01-slow", "while (true) { }", "\"alive\"");
        string[] options =
        [
            "--execute", "--inplace", "--allow-errors", $"--ExecutePreprocessor.kernel_name={KernelSpec.Name}",
            "--ExecutePreprocessor.timeout=5", "--ExecutePreprocessor.interrupt_on_timeout=True",
        ];
        var (status, error) = await Jupyter.Run(["nbconvert", "--to", "notebook", .. options, path], default);
        Assert.True(status == 0, error);
        var cells = Read(path)["cells"]!;
        Assert.Equal("Interrupted", (string?)cells[1]!["outputs"]![0]!["ename"]);
        Assert.Equal("alive", (string?)cells[2]!["outputs"]![0]!["data"]!["text/plain"]![0]);
    }

    [SkippableFact]
    public void A_page_is_self_contained()
    {
        NeedsJupyter();
        Notebook("01-first", "1 + 1");
        var (status, output, error) = Command("notebooks", "export", "01", "--output", "html");
        Assert.True(status == 0, error);
        var page = File.ReadAllText(output.Trim());
        Assert.Contains("A title", page);
        Assert.DoesNotMatch("<(script|link|img)[^>]*(src|href)=\"(http|file|/)", page);
    }

    [Theory]
    [InlineData("no notebook in", "notebooks", "run", "99")]
    [InlineData("may be", "notebooks", "run", "0")]
    [InlineData("not installed; run ./timesformer kernel install", "notebooks", "run", "01")]
    [InlineData("--timeout is 0; it must be 1 or more", "notebooks", "run", "01", "--timeout", "0")]
    [InlineData("is not a Jupyter notebook", "notebooks", "export", "03")]
    public void Wrong_input_is_refused_in_one_line(string said, params string[] arguments)
    {
        Notebook("01-first", "1");
        Notebook("02-second", "1");
        folder.Write("notebooks/03-damaged.ipynb", "{");
        var (status, _, error) = Command(arguments);
        Assert.Equal(2, status);
        Assert.Contains(said, error);
        Assert.Single(error.Trim().Split('\n'));
    }
}
