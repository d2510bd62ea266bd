namespace TimeSformer.Tests;

/// <summary>
/// Files outside the test project: those of the repository, and reference data in a folder `shared` above it or named by
/// TIMESFORMER_SHARED. Tests skip if their reference data is absent.
/// </summary>
internal static class Shared
{
    /// <summary>The root folder of the repository.</summary>
    public static string Repository
    {
        get
        {
            var place = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(place.FullName, "TimeSformer.slnx"))) place = place.Parent!;
            return place.FullName;
        }
    }

    /// <summary>The path of a file or folder in `shared`; skips the test if it is absent.</summary>
    public static string Require(params string[] parts)
    {
        var root = Environment.GetEnvironmentVariable("TIMESFORMER_SHARED") ?? Find();
        Skip.If(root is null, "no folder 'shared' beside the repository");
        var path = Path.Combine([root!, .. parts]);
        Skip.IfNot(Path.Exists(path), $"{path} is absent");
        return path;
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared");
            if (Directory.Exists(Path.Combine(candidate, "reference"))) return candidate;
        }
        return null;
    }
}
