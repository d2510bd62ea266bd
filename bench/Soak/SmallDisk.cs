using System.Diagnostics;

namespace TimeSformer.Bench.Soak;

/// <summary>A folder that is a disk of its own, if this process may mount one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string folder, bool canFill) => (Folder, CanFill) = (folder, canFill);

    public string Folder { get; }

    public bool CanFill { get; }

    private string Ballast => Path.Combine(Folder, "ballast");

    /// <summary>In memory (tmpfs); an ordinary folder without root.</summary>
    public static SmallDisk Make(string folder, long bytes)
    {
        Directory.CreateDirectory(folder);
        return new(folder, Run("mount", "-t", "tmpfs", "-o", $"size={bytes}", "tmpfs", folder));
    }

    /// <summary>Leaves no byte free.</summary>
    public void Fill()
    {
        using var file = File.Create(Ballast);
        try
        {
            for (var block = new byte[4096]; ; file.Write(block)) file.Flush();
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    /// <summary>Frees what was filled.</summary>
    public void Free() => File.Delete(Ballast);

    public void Dispose()
    {
        if (CanFill) Run("umount", Folder);
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
