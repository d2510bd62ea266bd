namespace TimeSformer.Cli.Notebooks;

/// <summary>The browser of this machine that draws figures as pictures.</summary>
internal static class Chromium
{
    /// <summary>What to say where there is none.</summary>
    public const string Missing = "Chromium is missing (Debian package chromium)";

    private static readonly string[] names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

    /// <summary>Its path; null where there is none.</summary>
    public static string? Find() => Programs.Find(names);
}
