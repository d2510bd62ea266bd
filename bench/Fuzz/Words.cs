using System.Text;

namespace TimeSformer.Bench.Fuzz;

/// <summary>What text formats give a meaning to.</summary>
internal static class Words
{
    public static byte[][] Json { get; } = Bytes(
        "{", "}", "[", "]", ",", ":", "{\"a\":", "null", "true", "-1", "0.5", "1e999", "-1e-999", "9223372036854775807",
        "9223372036854775808", "\"\"", "\"\\ud800\"", "\"\\u0000\"", "\\", "\"", "\ufeff");

    public static byte[][] Yaml { get; } = Bytes(
        "&a ", "*a", "!!int ", "!!python/object/apply:os.system [x]", "!System.IO.FileInfo ", "|\n", ">\n", "- ", ": ", "? ", "{", "}", "[",
        "]", "#", "%YAML 1.2\n---\n", "\n", "\n  ", "\t", "~", "<<: *a", "1e999", "-1", ".nan", ".inf", "\"\\x00\"", "'", "a: &a [*a]\n",
        "\ufeff");

    public static byte[][] List { get; } =
    [
        .. Bytes("\"", "\"\"", ",", ";", "\t", "\r", "\n", " ", "#", "-1", "2147483648", "path,label\n", "a.mp4 ", "\0", "../", "\ufeff"),
        [0xff, 0xfe], [0xfe, 0xff], [0xc0], [0xff, 0xfe, 0, 0],
    ];

    private static byte[][] Bytes(params string[] words) => [.. words.Select(Encoding.UTF8.GetBytes)];
}
