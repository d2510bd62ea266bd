using System.Text.Json;

namespace TimeSformer.Experiments;

/// <summary>Results as JSON files, one each.</summary>
internal static class ResultFile
{
    private static readonly JsonSerializerOptions json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n", RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true,
    };

    /// <summary>Reads a result; null where the file is not one.</summary>
    public static T? Read<T>(string path)
        where T : class
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), json) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>All results in a folder, in the order of their names.</summary>
    public static IReadOnlyList<T> ReadAll<T>(string folder)
        where T : class =>
        Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(Read<T>).OfType<T>()] : [];

    /// <summary>Writes a result, under its name only when it is whole.</summary>
    public static void Write<T>(string path, T result)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllBytes(path + ".partial", [.. JsonSerializer.SerializeToUtf8Bytes(result, json), (byte)'\n']);
        File.Move(path + ".partial", path, overwrite: true);
    }
}
