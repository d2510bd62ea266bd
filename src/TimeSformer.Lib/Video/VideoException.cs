namespace TimeSformer.Video;

/// <summary>A video that cannot be decoded; the message is one line with the file and the cause.</summary>
public sealed class VideoException(string path, string cause) : InputException($"{path}: {cause}")
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>What is wrong with it.</summary>
    public string Cause { get; } = cause;
}
