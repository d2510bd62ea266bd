using System.IO.Compression;
using System.Text;

namespace TimeSformer.Tests.Checkpoints;

/// <summary>A PyTorch file that is damaged or asks for more than data is refused with a one-line message, and does nothing.</summary>
public sealed class TorchRefusalTests : CheckpointTests
{
    // Written by Python for objects whose unpickling calls something, in protocols 2 and 4.
    [Theory]
    [InlineData("posix.system", "gAJ9cQBYAQAAAHdxAWNwb3NpeApzeXN0ZW0KcQJYCwAAAHRvdWNoIFBXTkVEcQOFcQRScQVzLg==")]
    [InlineData("posix.system", "gASVLQAAAAAAAAB9lIwBd5SMBXBvc2l4lIwGc3lzdGVtlJOUjAt0b3VjaCBQV05FRJSFlFKUcy4=")]
    [InlineData("__builtin__.eval", "gAJ9cQBYAQAAAHdxAWNfX2J1aWx0aW5fXwpldmFsCnECWAMAAAAxKzFxA4VxBFJxBXMu")]
    [InlineData("builtins.getattr", "gASVPQAAAAAAAAB9lIwBd5SMCGJ1aWx0aW5zlIwHZ2V0YXR0cpSTlIwIYnVpbHRpbnOUjARkaWN0lJOUjANnZXSUhpRSlHMu")]
    [InlineData("torch.serialization.load", "gAJ9cQBYAQAAAHdxAWN0b3JjaC5zZXJpYWxpemF0aW9uCmxvYWQKcQJYAQAAAHhxA4VxBFJxBXMu")]
    [InlineData(
        "torch.storage._load_from_bytes", "gASVNQAAAAAAAAB9lIwBd5SMDXRvcmNoLnN0b3JhZ2WUjBBfbG9hZF9mcm9tX2J5dGVzlJOUQwF4lIWUUpRzLg==")]
    [InlineData("subprocess.Popen", "gASVNwAAAAAAAAB9lIwBd5SMCnN1YnByb2Nlc3OUjAVQb3BlbpSTlF2UKIwFdG91Y2iUjAVQV05FRJRlhZRSlHMu")]
    public void A_name_that_a_checkpoint_does_not_need_is_refused_by_name(string name, string pickle) =>
        AssertWritesNothing(() => Refused($"it asks for {name}, which no checkpoint needs", Convert.FromBase64String(pickle)));

    [Theory]
    [InlineData("ccollections\nOrderedDict\nK\u0001R.", "arguments that are not a tuple")]
    [InlineData("K\u0001)R.", "calls something that is not part of PyTorch")]
    [InlineData("ctorch._utils\n_rebuild_tensor_v2\n)R.", "wrong arguments to a part of PyTorch")]
    [InlineData("X\u0001\0\0\0aQ.", "something that is not a storage")]
    [InlineData("h\u0007.", "a memo entry that it did not write")]
    [InlineData("}]K\u0001s.", "neither a string nor a number")]
    [InlineData("K\u0001K\u0002s.", "its stack is empty")]
    [InlineData("K\u0001K\u0002a.", "not a list")]
    [InlineData("]}(X\u0001\0\0\0au.", "a key without a value")]
    [InlineData("t.", "a mark is missing")]
    [InlineData("(.", "its stack is empty")]
    [InlineData("I01\n.", "opcode 0x49")]
    [InlineData("X\u00ff\u00ff\u00ff\u007f", "ends early")]
    [InlineData("X\u00ff\u00ff\u00ff\u00ff", "longer than the file")]
    [InlineData("X\u0002\0\0\0\u00c3\u0028.", "not UTF-8")]
    [InlineData("ctorch", "a name has no end")]
    [InlineData("", "ends early")]
    [InlineData("K\u0001}b.", "the state of something that has none")]
    public void A_wrong_pickle_is_refused_with_its_cause(string pickle, string said) =>
        Refused(said, [0x80, 2, .. Encoding.Latin1.GetBytes(pickle)]);

    [Theory]
    [InlineData(0, new long[] { 13 }, new long[] { 1 }, "reaches element 12 of storage '0', which has 12")]
    [InlineData(9, new long[] { 2, 2 }, new long[] { 2, 1 }, "reaches element 12")]
    [InlineData(-1, new long[] { 1 }, new long[] { 1 }, "negative")]
    [InlineData(0, new long[] { -1 }, new long[] { 1 }, "negative")]
    [InlineData(0, new long[] { 2 }, new long[] { -1 }, "negative")]
    [InlineData(0, new long[] { 2, 2 }, new long[] { 1 }, "2 dimensions and 1 strides")]
    [InlineData(0, new[] { long.MaxValue, 2L }, new[] { 0L, 0L }, "impossible shape")]
    [InlineData(0, new[] { 2L, 2L }, new[] { long.MaxValue, long.MaxValue }, "reaches element 18446744073709551614")]
    [InlineData(0, new[] { 1L << 40 }, new[] { 0L }, "expands the 12 elements of its storage to 1099511627776")]
    public void A_tensor_outside_its_storage_is_refused(long offset, long[] shape, long[] strides, string said)
    {
        var storage = TorchFixture.Storage("0", 12);
        var tensor = new StoredTensor(storage, offset, shape, strides);
        Refused(said, Pickler.Write(new Dictionary<string, object?> { ["x"] = tensor }), storage);
    }

    [Fact]
    public void A_storage_that_is_missing_short_or_described_twice_is_refused()
    {
        var (four, five) = (TorchFixture.Storage("0", 4), TorchFixture.Storage("0", 5));
        byte[] Uses(params TorchStorage[] storages) => Pickler.Write(
            storages.Select((storage, i) => KeyValuePair.Create($"{i}", (object?)new StoredTensor(storage, 0, [1], [1]))));
        Refused("storage '0' is missing", Uses(four));
        Refused("storage '0' has 16 bytes, but needs 20", Uses(five), four);
        Refused("storage '0' is described in two ways", Uses(four, five), four);
        Refused("impossible length", Uses(new TorchStorage("0", ScalarType.Float64, long.MaxValue / 4)), four);
        Refused("impossible length", Uses(new TorchStorage("0", ScalarType.Float32, -1)), four);
    }

    [Fact]
    public void A_legacy_file_that_is_cut_short_or_contradicts_itself_is_refused()
    {
        var (four, five) = (TorchFixture.Storage("0", 4), TorchFixture.Storage("0", 5));
        var pickle = Pickler.Write(new Dictionary<string, object?> { ["x"] = new StoredTensor(five, 0, [5], [1]) });
        var path = folder.File("legacy");
        void RefusedWith(string said, params TorchStorage[] storages)
        {
            TorchFixture.WriteLegacy(path, pickle, storages);
            Refused(said, path);
        }

        TorchFixture.WriteLegacy(path, pickle, five);
        var whole = File.ReadAllBytes(path);
        for (int length = 15; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Throws<CheckpointException>(() => TorchFile.Open(path));
        }
        RefusedWith("storage '0' is missing");
        RefusedWith("twice", five, five);
        RefusedWith("one that no tensor uses", TorchFixture.Storage("1", 5));
        RefusedWith("6 elements in one place and 5 in another", four with { Elements = 6 });
    }

    [Fact]
    public void Nested_and_shared_containers_are_bounded()
    {
        object? tree = 1L;
        for (int depth = 0; depth < 40; depth++) tree = new Dictionary<string, object?> { ["a"] = tree };
        Refused("nested more than", Pickler.Write(tree));

        // A hundred references to a hundred references to ..., each memoized once.
        StringBuilder laughs = new("}q\0" + "0");
        for (int level = 1; level <= 12; level++)
        {
            laughs.Append("}(");
            for (int i = 0; i < 100; i++) laughs.Append($"K{(char)i}h{(char)(level - 1)}");
            laughs.Append($"uq{(char)level}").Append(level < 12 ? "0" : ".");
        }
        Refused("its containers hold more than", Encoding.Latin1.GetBytes("\u0080\u0002" + laughs));

        Refused("nested more than", Encoding.Latin1.GetBytes("\u0080\u0002}q\0X\u0001\0\0\0ah\0s."));

        // A dictionary of a thousand pairs, built two thousand times from the same list.
        StringBuilder copies = new("ccollections\nOrderedDict\nq\0]q\u0001(");
        for (int i = 0; i < 1000; i++) copies.Append($"M{(char)(i & 0xff)}{(char)(i >> 8)}N\u0086");
        copies.Append('e');
        for (int i = 0; i < 2000; i++) copies.Append("h\0h\u0001\u0085R0");
        Refused("there are more than 2000000 values", Encoding.Latin1.GetBytes($"\u0080\u0002{copies}}}."));

        object? named = 1L;
        for (int depth = 0; depth < 3; depth++) named = new Dictionary<string, object?> { [new string('a', 400)] = named };
        Refused("has more than 1000 characters", Pickler.Write(named));
    }

    [Fact]
    public void A_zip_file_with_expanding_overlapping_or_duplicate_entries_is_refused()
    {
        WriteZip("bomb", ("a/data.pkl", Pickler.Write(null)), ("a/data/0", new byte[100 << 20]));
        Refused("no weights compress like that", folder.File("bomb"));
        WriteZip("twice", ("a/data.pkl", Pickler.Write(null)), ("a/data.pkl", Pickler.Write(null)));
        Refused("twice", folder.File("twice"));
        // Two directory entries point to the same bytes.
        WriteZip("overlapping", ("a/data.pkl", Pickler.Write(null)), ("a/data/0", new byte[4000]));
        File.WriteAllBytes(folder.File("overlapping"), Overlapping(File.ReadAllBytes(folder.File("overlapping"))));
        Refused("overlap", folder.File("overlapping"));
    }

    [Fact]
    public void Files_of_other_kinds_are_refused()
    {
        File.WriteAllText(folder.File("text"), "no tensors here, only words");
        Refused("not a safetensors, PyTorch, .npz or Caffe2 file", folder.File("text"));
        File.WriteAllBytes(folder.File("empty"), []);
        Refused("too short for a file of tensors: 0 bytes", folder.File("empty"));
        Refused("a folder, not a file of tensors", folder.Path);
        Refused("file not found", folder.File("none"));
        WriteZip("zip", ("readme.txt", []));
        Refused("a zip file not of PyTorch or NumPy: it contains 'readme.txt'", folder.File("zip"));
        WriteZip("big endian", ("a/data.pkl", Pickler.Write(null)), ("a/byteorder", [.. "big"u8]));
        Refused("big-endian", folder.File("big endian"));
    }

    // Copies the zip directory's entry of the 4000 bytes under another name.
    private static byte[] Overlapping(byte[] zip)
    {
        int end = zip.AsSpan().LastIndexOf("PK\x05\x06"u8), last = zip.AsSpan().LastIndexOf("PK\x01\x02"u8);
        int start = BitConverter.ToInt32(zip, end + 16);
        var copy = zip[last..end];
        copy[^1] = (byte)'1';
        var tail = zip[end..];
        tail[8] = tail[10] = 3;
        BitConverter.GetBytes(end - start + copy.Length).CopyTo(tail, 12);
        return [.. zip[..end], .. copy, .. tail];
    }

    private void WriteZip(string name, params (string Name, byte[] Content)[] entries)
    {
        using var zip = ZipFile.Open(folder.File(name), ZipArchiveMode.Create);
        foreach (var entry in entries)
        {
            var level = entry.Content.Length > 1 << 20 ? CompressionLevel.Fastest : CompressionLevel.NoCompression;
            TorchFixture.Add(zip, entry.Name, entry.Content, level);
        }
    }

    private void Refused(string said, byte[] pickle, params TorchStorage[] storages)
    {
        var path = folder.File("file");
        File.Delete(path);
        TorchFixture.WriteZip(path, pickle, storages);
        Refused(said, path);
        if (said.Contains("is missing") || said.Contains(" bytes, but needs ")) return;
        TorchFixture.WriteLegacy(path, pickle, storages);
        Refused(said, path);
    }

    private static void Refused(string said, string path)
    {
        var message = Assert.Refused<CheckpointException>(said, () => TensorFile.Open(path));
        Assert.StartsWith(path + ": ", message);
        Assert.DoesNotContain('\n', message);
    }
}
