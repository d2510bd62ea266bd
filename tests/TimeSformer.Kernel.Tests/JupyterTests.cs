using System.Diagnostics;
using System.Text.Json.Nodes;

namespace TimeSformer.Jupyter.Tests;

/// <summary>Runs notebooks with Jupyter's own client.</summary>
public class JupyterTests
{
    private static (int Status, string Error) Convert(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("jupyter", ["nbconvert", .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = folder,
        };
        start.Environment["JUPYTER_DATA_DIR"] = Path.Combine(folder, "jupyter");
        start.Environment["JUPYTER_CONFIG_DIR"] = Path.Combine(folder, "config");
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }

    private static TemporaryFolder WithKernel()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        Skip.IfNot(path.Any(part => File.Exists(Path.Combine(part, "jupyter-nbconvert"))), "jupyter nbconvert is not installed");
        var folder = new TemporaryFolder();
        var spec = new JsonObject
        {
            ["argv"] = new JsonArray("dotnet", Path.Combine(AppContext.BaseDirectory, "TimeSformer.Kernel.dll"), "{connection_file}"),
            ["display_name"] = ".NET (C#)", ["language"] = "C#", ["interrupt_mode"] = "message",
        };
        folder.Write("jupyter/kernels/.net-csharp/kernel.json", spec.ToJsonString());
        return folder;
    }

    private static JsonObject Cell(string code) => new()
    {
        ["cell_type"] = "code",
        ["execution_count"] = null,
        ["metadata"] = new JsonObject(),
        ["outputs"] = new JsonArray(),
        ["source"] = code,
    };

    private static string Notebook(params string[] cells) => new JsonObject
    {
        ["cells"] = new JsonArray([.. cells.Select(Cell)]),
        ["metadata"] = new JsonObject
        {
            ["kernelspec"] = new JsonObject { ["name"] = ".net-csharp", ["display_name"] = ".NET (C#)", ["language"] = "C#" },
        },
        ["nbformat"] = 4,
        ["nbformat_minor"] = 4,
    }.ToJsonString();

    [SkippableFact]
    public void Nbconvert_executes_a_notebook_and_keeps_its_outputs()
    {
        using var folder = WithKernel();
        folder.Write("data.txt", "beside the notebook");
        var notebook = folder.Write("course.ipynb", Notebook(
            "var x = 6 * 7;\nConsole.WriteLine($\"x = {x}\");\nx",
            "var shown = display(\"first\"); await Task.Delay(20); shown.Update(\"second\");",
            "#!html\n<b>bold</b>",
            "File.ReadAllText(\"data.txt\")"));
        var (status, error) = Convert(folder.Path, "--to", "notebook", "--execute", "--inplace", notebook);
        Assert.True(status == 0, error);
        var cells = JsonNode.Parse(File.ReadAllText(notebook))!["cells"]!.AsArray();
        JsonArray outputs(int cell) => cells[cell]!["outputs"]!.AsArray();
        Assert.Equal("x = 42\n", (string?)outputs(0)[0]!["text"]![0]);
        Assert.Equal("42", (string?)outputs(0)[1]!["data"]!["text/plain"]![0]);
        Assert.Equal("second", (string?)outputs(1)[0]!["data"]!["text/plain"]![0]);
        Assert.Equal("<b>bold</b>", (string?)outputs(2)[0]!["data"]!["text/html"]![0]);
        Assert.Equal("beside the notebook", (string?)outputs(3)[0]!["data"]!["text/plain"]![0]);
        Assert.Equal("C#", (string?)JsonNode.Parse(File.ReadAllText(notebook))!["metadata"]!["language_info"]!["name"]);
    }

    // After its timeout, the client interrupts the kernel by a message on the control channel.
    [SkippableFact]
    public void A_cell_that_takes_too_long_is_interrupted()
    {
        using var folder = WithKernel();
        var notebook = folder.Write("course.ipynb", Notebook("while (true) { }", "\"alive\""));
        var (status, error) = Convert(
            folder.Path, "--to", "notebook", "--execute", "--inplace", "--allow-errors",
            "--ExecutePreprocessor.timeout=5", "--ExecutePreprocessor.interrupt_on_timeout=True", notebook);
        Assert.True(status == 0, error);
        var cells = JsonNode.Parse(File.ReadAllText(notebook))!["cells"]!.AsArray();
        Assert.Equal("Interrupted", (string?)cells[0]!["outputs"]![0]!["ename"]);
        Assert.Equal("alive", (string?)cells[1]!["outputs"]![0]!["data"]!["text/plain"]![0]);
    }
}
