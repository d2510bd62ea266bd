using TimeSformer.Video.Isolation;

namespace TimeSformer.Bench.Fuzz;

/// <summary>All targets, with their seeds.</summary>
internal sealed class FuzzTargets : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fuzz-seeds");
    private readonly VideoTargets videos = new();
    private readonly List<FuzzTarget> all;

    public FuzzTargets()
    {
        DecodingProgram.ServeWith(typeof(FuzzTargets).Assembly);
        all = [.. CheckpointTargets.Create(folder.FullName), .. TextTargets.Create(), .. videos.Create(folder.FullName)];
    }

    /// <summary>Some targets; all if no names are given.</summary>
    /// <exception cref="InputException">There is none of a name.</exception>
    public IReadOnlyList<FuzzTarget> Named(IReadOnlyList<string> names) => names.Count == 0 ? all : [.. names.Select(Named)];

    /// <summary>Reads a kept file again: its name begins with its target's.</summary>
    /// <exception cref="InputException">The file is missing, or its name has another beginning.</exception>
    public FuzzReport Replay(string file, string kept)
    {
        var name = Path.GetFileName(file);
        var target = all.Where(one => name.StartsWith($"{one.Name}-", StringComparison.Ordinal)).MaxBy(one => one.Name.Length);
        return target is not null && File.Exists(file)
            ? new Fuzzer(target, seed: 0, kept).Replay(file)
            : throw new InputException($"{file} is not a kept input, whose name begins with its target's");
    }

    public void Dispose()
    {
        videos.Dispose();
        folder.Delete(recursive: true);
    }

    private FuzzTarget Named(string name) => all.Find(target => target.Name == name)
        ?? throw new InputException($"unknown target '{name}'; the targets are {string.Join(", ", all.Select(target => target.Name))}");
}
