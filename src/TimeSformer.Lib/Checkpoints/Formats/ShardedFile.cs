using System.Text.Json;
using static TorchSharp.torch;

namespace TimeSformer.Checkpoints.Formats;

/// <summary>
/// A checkpoint in several files, as Hugging Face splits large ones: the index <c>NAME.index.json</c> names, under <c>weight_map</c>, the
/// file of each tensor, which lies beside the index.
/// </summary>
public sealed class ShardedFile : TensorFile
{
    internal const string IndexEnding = ".index.json";

    private const int MaxIndexBytes = 64 << 20;

    private readonly OrderedDictionary<string, TensorEntry> entries = [];

    private ShardedFile(string path, Shards shards, IEnumerable<(string Tensor, string Shard)> map)
        : base(path, shards)
    {
        foreach (var (tensor, shard) in map)
        {
            var file = shards.Open(shard);
            var entry = file.Entries.GetValueOrDefault(tensor)
                ?? throw new CheckpointException(path, $"it says that {shard} has {tensor.Shorten()}, but it has not");
            entries[tensor] = new ShardEntry(file, tensor, entry.DType, entry.Shape);
        }
        PassedOver = [.. shards.Files.SelectMany(file => file.PassedOver)];
    }

    /// <summary>The tensors that the index names, in its order.</summary>
    public override IReadOnlyDictionary<string, TensorEntry> Entries => entries;

    /// <inheritdoc/>
    public override IReadOnlyList<string> PassedOver { get; }

    /// <summary>Opens an index and all files that it names; they must lie in its folder.</summary>
    /// <exception cref="CheckpointException">
    /// The index or a file is damaged or missing, a file is named by more than its name, or a file lacks a tensor that it should have.
    /// </exception>
    public static new ShardedFile Open(string path)
    {
        var map = ReadMap(path);
        return new Shards(path).OrDispose(shards => new ShardedFile(path, shards, map));
    }

    private protected override Tensor Read(TensorEntry entry) => entry is ShardEntry { File: var file, Name: var name }
        ? file.Read(name)
        : throw new ArgumentException("the entry is not of this file", nameof(entry));

    private static List<(string Tensor, string Shard)> ReadMap(string path)
    {
        using var bytes = FileBytes.Open(path, least: 2, "index of shards");
        if (bytes.Length > MaxIndexBytes) throw new CheckpointException(path, $"it has more than {MaxIndexBytes} bytes");
        var text = new byte[bytes.Length];
        bytes.Read(text, 0);
        try
        {
            using var document = JsonDocument.Parse(text);
            var map = document.RootElement.GetProperty("weight_map").EnumerateObject();
            return [.. map.Select(member => (member.Name, member.Value.GetString() ?? ""))];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new CheckpointException(path, $"not an index of shards with a weight_map: {error.Message}", error);
        }
    }

    private sealed record ShardEntry(TensorFile File, string Name, ScalarType DType, IReadOnlyList<long> Shape)
        : TensorEntry(DType, Shape);

    private sealed class Shards(string index) : IDisposable
    {
        private readonly OrderedDictionary<string, TensorFile> files = [];

        public IEnumerable<TensorFile> Files => files.Values;

        public TensorFile Open(string name)
        {
            if (files.TryGetValue(name, out var open)) return open;
            // A name with a folder in it could lead anywhere; an index in an index, in circles.
            bool isPlain = name.Length > 0 && name is not ("." or "..") && name.IndexOfAny(['/', '\\', ':', '\0']) < 0
                && !name.EndsWith(IndexEnding, StringComparison.Ordinal);
            if (!isPlain)
            {
                throw new CheckpointException(index, $"its shard '{name.Shorten()}' is not the plain name of a file beside it");
            }
            var path = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(index))!, name);
            if (!File.Exists(path)) throw new CheckpointException(index, $"its shard {name} is missing; it must lie beside the index");
            return files[name] = TensorFile.Open(path);
        }

        public void Dispose()
        {
            foreach (var file in files.Values) file.Dispose();
        }
    }
}
