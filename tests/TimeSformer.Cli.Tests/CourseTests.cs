namespace TimeSformer.Tests;

/// <summary>The notebooks of the course, executed by Jupyter's client. They check themselves: a cell that finds an error throws.</summary>
public sealed class CourseTests : FolderTests
{
    private static readonly string course = Path.Combine(Repository.Root, "notebooks");

    public static TheoryData<string> Notebooks => new(Directory.GetFiles(course, "*.ipynb").Select(file => Path.GetFileName(file)).Order());

    [SkippableTheory]
    [MemberData(nameof(Notebooks))]
    public void A_notebook_runs_to_its_end(string name)
    {
        NotebookCommandTests.NeedsJupyter();
        Run("dotnet", Path.Combine(AppContext.BaseDirectory, "timesformer.dll"), "kernel", "install");
        string[] output = ["--output-dir", folder.Path, "--output", name];
        Run("jupyter", ["nbconvert", "--to", "notebook", "--execute", name, .. output, "--ExecutePreprocessor.timeout=300"]);
        Assert.All(CodeCells(folder.File(name)), cell => Assert.NotNull(cell["execution_count"]));
    }

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void A_notebook_is_kept_with_its_outputs_and_names_its_kernel_as_front_ends_expect(string name)
    {
        var notebook = Read(Path.Combine(course, name));
        Assert.Equal(".net-csharp", (string?)notebook["metadata"]!["kernelspec"]!["name"]);
        Assert.Equal("csharp", (string?)notebook["metadata"]!["polyglot_notebook"]!["kernelInfo"]!["defaultKernelName"]);
        var cells = CodeCells(Path.Combine(course, name));
        Assert.All(cells, cell => Assert.Equal("csharp", (string?)cell["metadata"]!["polyglot_notebook"]!["kernelName"]));
        // All ran, in one go, from the top.
        Assert.Equal(Enumerable.Range(1, cells.Count), cells.Select(cell => (int?)cell["execution_count"] ?? 0));
        Assert.DoesNotContain(cells.SelectMany(cell => cell["outputs"]!.AsArray()), output => (string?)output!["output_type"] == "error");
        Assert.Contains(cells.SelectMany(cell => cell["outputs"]!.AsArray()), output => output!["data"]?["text/html"] is not null);
    }

    private void Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = course };
        start.Environment["JUPYTER_DATA_DIR"] = folder.File("jupyter");
        start.Environment["JUPYTER_CONFIG_DIR"] = folder.File("config");
        var (status, output, error) = CommandLine.Wait(start);
        Assert.True(status == 0, $"{program} {string.Join(' ', arguments)}:\n{output}\n{error}");
    }

    private static List<JsonObject> CodeCells(string path) =>
        [.. Read(path)["cells"]!.AsArray().Select(cell => cell!.AsObject()).Where(cell => (string?)cell["cell_type"] == "code")];

    private static JsonNode Read(string path) => JsonNode.Parse(File.ReadAllText(path))!;
}
