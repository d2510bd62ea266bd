using System.Text.RegularExpressions;

namespace TimeSformer.Tests;

/// <summary>The notebooks of the course, executed by Jupyter's client. They check themselves: a cell that finds an error throws.</summary>
public sealed class CourseTests : FolderTests
{
    private static readonly string course = Path.Combine(Repository.Root, "notebooks");

    public static TheoryData<string> Notebooks => new(Directory.GetFiles(course, "*.ipynb").Select(file => Path.GetFileName(file)).Order());

    [SkippableTheory]
    [MemberData(nameof(Notebooks))]
    public void A_notebook_runs_to_its_end_and_its_solutions_are_right(string name)
    {
        NotebookCommandTests.NeedsJupyter();
        var here = CopyOfCourse();
        Run(here, "dotnet", Path.Combine(AppContext.BaseDirectory, "timesformer.dll"), "kernel", "install");
        var notebook = Read(Path.Combine(course, name));
        var solved = WithSolutions(notebook);
        File.WriteAllText(Path.Combine(here, name), notebook.ToJsonString());
        string[] output = ["--output-dir", folder.Path, "--output", name];
        Run(here, "jupyter", ["nbconvert", "--to", "notebook", "--execute", name, .. output, "--ExecutePreprocessor.timeout=300"]);
        var cells = CodeCells(folder.File(name));
        Assert.All(cells, cell => Assert.NotNull(cell["execution_count"]));
        Assert.All(solved, id =>
        {
            var says = cells.Single(cell => (string?)cell["id"] == id)["outputs"]!.ToJsonString();
            Assert.Contains("right", says);
            Assert.DoesNotContain("not yet", says);
        });
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

    // After the cell of each exercise, the same with the solution in place of the line that awaits an answer.
    private static List<string> WithSolutions(JsonNode notebook)
    {
        var cells = notebook["cells"]!.AsArray();
        List<string> added = [];
        for (int k = 1; k < cells.Count; k++)
        {
            var lines = Source(cells[k]!).Split('\n');
            int stub = Array.FindIndex(lines, line => line.Contains("// your answer here"));
            if (stub < 0) continue;
            var solution = Regex.Match(Source(cells[k - 1]!), "<summary>Solution</summary>.*?```csharp\n(.*?)```", RegexOptions.Singleline);
            Assert.True(solution.Success, $"no solution before {lines[stub]}");
            var cell = cells[k]!.DeepClone();
            added.Add($"solution-{k}");
            cell["id"] = added[^1];
            cell["source"] = string.Join('\n', [.. lines[..stub], solution.Groups[1].Value, .. lines[(stub + 1)..]]);
            cells.Insert(++k, cell);
        }
        Assert.NotEmpty(added);
        return added;
    }

    // A folder like the notebooks' own, of links.
    private string CopyOfCourse()
    {
        foreach (var entry in Directory.GetFileSystemEntries(Repository.Root).Where(entry => entry != course)) Link(entry, folder.Path);
        var copy = Directory.CreateDirectory(folder.File("notebooks")).FullName;
        foreach (var file in Directory.GetFiles(course).Where(file => !file.EndsWith(".ipynb"))) Link(file, copy);
        return copy;

        static void Link(string entry, string into) => File.CreateSymbolicLink(Path.Combine(into, Path.GetFileName(entry)), entry);
    }

    private void Run(string here, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = here };
        start.Environment["JUPYTER_DATA_DIR"] = folder.File("jupyter");
        start.Environment["JUPYTER_CONFIG_DIR"] = folder.File("config");
        var (status, output, error) = CommandLine.Wait(start);
        Assert.True(status == 0, $"{program} {string.Join(' ', arguments)}:\n{output}\n{error}");
    }

    private static List<JsonObject> CodeCells(string path) =>
        [.. Read(path)["cells"]!.AsArray().Select(cell => cell!.AsObject()).Where(cell => (string?)cell["cell_type"] == "code")];

    private static string Source(JsonNode cell) => string.Concat(cell["source"]!.AsArray().Select(line => (string?)line));

    private static JsonNode Read(string path) => JsonNode.Parse(File.ReadAllText(path))!;
}
