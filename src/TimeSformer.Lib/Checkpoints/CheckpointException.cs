namespace TimeSformer.Checkpoints;

/// <summary>A checkpoint that cannot be read; the message is one line with the path and the cause.</summary>
public sealed class CheckpointException(string path, string cause, Exception? inner = null) : IOException(OneLine($"{path}: {cause}"), inner)
{
    /// <summary>The file or folder.</summary>
    public string Path { get; } = path;

    // Names come from the file: they may hold line ends, or control sequences for a terminal.
    private static string OneLine(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(letter => char.IsControl(letter) ? $"\\u{(int)letter:x4}" : letter.ToString())) : text;
}
