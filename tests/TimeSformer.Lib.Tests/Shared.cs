namespace TimeSformer.Tests;

/// <summary>
/// Reference data outside the repository, in a folder `shared` above it or named by TIMESFORMER_SHARED; tests skip if theirs is absent.
/// </summary>
internal static class Shared
{
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
