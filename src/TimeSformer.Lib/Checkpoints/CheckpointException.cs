namespace TimeSformer.Checkpoints;

/// <summary>A checkpoint that cannot be read; the message is one line with the path and the cause.</summary>
public sealed class CheckpointException(string path, string cause) : IOException($"{path}: {cause}")
{
    /// <summary>The file or folder.</summary>
    public string Path { get; } = path;
}
