namespace TimeSformer.Checkpoints;

/// <summary>Which file of a folder holds the weights.</summary>
internal static class WeightsFile
{
    // Hugging Face's, the first that is there.
    private static readonly string[] names = ["model.safetensors", "pytorch_model.bin"];

    /// <summary>The path itself, if it is a file; of a folder, the weights of Hugging Face or of the newest of our checkpoints.</summary>
    /// <exception cref="CheckpointException">There are none.</exception>
    public static string Find(string path)
    {
        if (File.Exists(path)) return path;
        if (!Directory.Exists(path)) throw new CheckpointException(path, "there is no such file or folder");
        if (IsOurs(path)) return Path.Combine(Checkpoint.Open(path).Folder, names[0]);
        return names.Select(name => Path.Combine(path, name)).FirstOrDefault(File.Exists)
            ?? throw new CheckpointException(path, $"no checkpoint here: neither {Checkpoint.InfoName}, a run's folders of checkpoints, {string.Join(" nor ", names)}");
    }

    /// <summary>Whether a folder is a checkpoint of ours or a run with one.</summary>
    public static bool IsOurs(string folder) => File.Exists(Path.Combine(folder, Checkpoint.InfoName)) || Checkpoint.Latest(folder) is not null;
}
