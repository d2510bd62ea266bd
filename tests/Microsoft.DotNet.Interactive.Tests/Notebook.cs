using Microsoft.DotNet.Interactive.Formatting;
using Microsoft.DotNet.Interactive.Jupyter.Cells;
using Microsoft.DotNet.Interactive.Jupyter.CSharp;

namespace Microsoft.DotNet.Interactive.Tests;

/// <summary>A notebook without a client: cells run inside the test's process.</summary>
internal sealed class Notebook
{
    private int count;

    public CellRunner Runner { get; } = new();

    /// <summary>The displays of the latest cell, in order.</summary>
    public List<DisplayedValue> Displays { get; } = [];

    /// <summary>What the latest cell displayed, in the first MIME type of each display.</summary>
    public IEnumerable<string> Shown => Displays.Select(display => display.FormattedValues[0].Value);

    public object? Run(string code, CancellationToken interrupted = default)
    {
        Displays.Clear();
        using var context = new KernelInvocationContext(new CellHost(Displays.Add, (_, _) => "", _ => { }), interrupted);
        CellValue value = default;
        // On a thread of its own, as in the kernel: the context must not stay with the test.
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            context.Enter();
            try
            {
                value = Runner.Run(code, $"cell {++count}");
            }
            catch (Exception error)
            {
                failure = error;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null) throw new CellFailure(ErrorReport.Of(failure, Runner.SourceOf));
        return value.Value;
    }

    public CellError Fails(string code) => Assert.Throws<CellFailure>(() => Run(code)).Error;

    public sealed class CellFailure(CellError error) : Exception(string.Join('\n', error.Trace))
    {
        public CellError Error { get; } = error;
    }
}

/// <summary>A folder that the test may fill.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("notebook-test-").FullName;

    public string Write(string name, string text)
    {
        var file = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
