namespace TimeSformer;

/// <summary>Files that are there as a whole or not at all: a crash, or a reader meanwhile, finds the old content or the new.</summary>
internal static class WholeFile
{
    /// <summary>Writes a file, which gets its name, or replaces the one that has it, only when it is complete.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes a file of the path that it gets, in the same folder.</param>
    /// <exception cref="IOException">It cannot be written; what had the name is untouched.</exception>
    public static void Write(string path, Action<string> write)
    {
        var partial = path + ".partial";
        write(partial);
        File.Move(partial, path, overwrite: true);
    }
}
