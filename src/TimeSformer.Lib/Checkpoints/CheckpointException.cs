namespace TimeSformer.Checkpoints;

/// <summary>A checkpoint that cannot be read; the message is one line with the path and the cause.</summary>
public sealed class CheckpointException(string path, string cause, Exception? inner = null) : InputException(OneLine($"{path}: {cause}"), inner)
{
    /// <summary>The file or folder.</summary>
    public string Path { get; } = path;

    /// <summary>Text out of a file, cut to a length that a message bears.</summary>
    internal static string Shown(string text) => text.Length <= 100 ? text : text[..100] + "...";

    // Names come from the file: they may hold line ends, or control sequences for a terminal.
    private static string OneLine(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(letter => char.IsControl(letter) ? $"\\u{(int)letter:x4}" : letter.ToString())) : text;
}
