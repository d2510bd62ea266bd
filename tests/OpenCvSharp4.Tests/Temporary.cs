namespace OpenCvSharp.Tests;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class Temporary : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("opencvsharp-");

    public string Path(string name) => System.IO.Path.Combine(folder.FullName, name);

    public void Dispose() => folder.Delete(recursive: true);
}
