using System.Text;

namespace TimeSformer.Tests.Checkpoints;

/// <summary>Pickles of NumPy arrays, as Caffe2's model zoos have them: what they hold is read, what they ask for is not done.</summary>
public sealed class Caffe2FileTests : CheckpointTests
{
    [Fact]
    public void Arrays_of_all_types_lengths_and_orders_are_read()
    {
        Dictionary<string, Tensor> arrays = new()
        {
            ["short_w"] = randn(2, 3), ["long_w"] = randn(40, 50), ["half"] = randn(7).to_type(ScalarType.Float16),
            ["double"] = randn([300], ScalarType.Float64), ["count"] = tensor(5L), ["byte"] = tensor(new byte[] { 0, 127, 128, 255 }),
            ["none"] = zeros(0, 3), ["bool"] = tensor(new[] { true, false }),
        };
        using var file = Open(PythonTwo.Blobs([.. arrays.Select(array => (array.Key, PythonTwo.Array(array.Value)))]));
        Assert.Equal(arrays.Keys, file.Entries.Keys);
        foreach (var (name, expected) in arrays) Assert.True(expected.Equals(file.Read(name)), name);
    }

    [Fact]
    public void An_array_whose_first_index_varies_fastest_is_read_row_by_row()
    {
        var array = arange(6).view(2, 3).to_type(ScalarType.Float32);
        using var file = Open(PythonTwo.Blobs(("a", PythonTwo.Array(array.t().contiguous(), shape: [2, 3], isColumnMajor: true))));
        Assert.True(array.Equals(file.Read("a")));
    }

    // pickle.dumps({'blobs': {'conv1_w': numpy.arange(6, dtype='<f4').reshape(2, 3), 'lr': numpy.float32(0.1)}}, protocol) in Python 3.
    [Theory]
    [InlineData(
        2,
        "gAJ9cQBYBQAAAGJsb2JzcQF9cQIoWAcAAABjb252MV93cQNjbnVtcHkuY29yZS5tdWx0aWFycmF5Cl9yZWNvbnN0cnVjdApxBGNudW1weQpuZG"
        + "FycmF5CnEFSwCFcQZjX2NvZGVjcwplbmNvZGUKcQdYAQAAAGJxCFgGAAAAbGF0aW4xcQmGcQpScQuHcQxScQ0oSwFLAksDhnEOY251bXB5CmR0"
        + "eXBlCnEPWAIAAABmNHEQiYiHcRFScRIoSwNYAQAAADxxE05OTkr/////Sv////9LAHRxFGKJaAdYGwAAAAAAAAAAAMKAPwAAAEAAAEBAAADCgE"
        + "AAAMKgQHEVaAmGcRZScRd0cRhiWAIAAABscnEZY251bXB5LmNvcmUubXVsdGlhcnJheQpzY2FsYXIKcRpoEmgHWAcAAADDjcOMw4w9cRtoCYZx"
        + "HFJxHYZxHlJxH3VzLg==")]
    [InlineData(
        4,
        "gASV2gAAAAAAAAB9lIwFYmxvYnOUfZQojAdjb252MV93lIwVbnVtcHkuY29yZS5tdWx0aWFycmF5lIwMX3JlY29uc3RydWN0lJOUjAVudW1weZ"
        + "SMB25kYXJyYXmUk5RLAIWUQwFilIeUUpQoSwFLAksDhpRoB4wFZHR5cGWUk5SMAmY0lImIh5RSlChLA4wBPJROTk5K/////0r/////SwB0lGKJ"
        + "QxgAAAAAAACAPwAAAEAAAEBAAACAQAAAoECUdJRijAJscpRoBIwGc2NhbGFylJOUaBNDBM3MzD2UhpRSlHVzLg==")]
    public void Files_that_Python_3_wrote_are_read(int protocol, string pickle)
    {
        var bytes = Convert.FromBase64String(pickle);
        Assert.Equal(protocol, bytes[1]);
        using var file = Open(bytes);
        Assert.Equal(["conv1_w"], file.Entries.Keys);
        Assert.True(arange(6).view(2, 3).to_type(ScalarType.Float32).Equals(file.Read("conv1_w")));
        Assert.Contains("blobs.lr", Assert.Single(file.PassedOver));
    }

    [Fact]
    public void A_pickle_that_would_run_something_is_refused_and_runs_nothing() => AssertWritesNothing(() =>
    {
        Refused("it asks for posix.system", PythonTwo.Blobs(("a", "cposix\nsystem\nU\u000btouch PWNED\u0085R")));
        Refused("it asks for numpy.load", PythonTwo.Blobs(("a", "cnumpy\nload\nU\u0001x\u0085R")));
        Refused("it asks for __builtin__.eval", PythonTwo.Blobs(("a", "c__builtin__\neval\nU\u00031+1\u0085R")));
    });

    [Theory]
    [InlineData("}U\u0005modelK\u0001s.", "it has no dictionary 'blobs'")]
    [InlineData("]U\u0005blobsa.", "it has no dictionary 'blobs'")]
    [InlineData("}U\u0005blobsK\u0001s.", "it has no dictionary 'blobs'")]
    [InlineData("}U\u0005blobs", "ends early")]
    [InlineData("cnumpy\ndtype\nU\u0002f4K\0K\u0001\u0087RK\u0005b.", "a NumPy type has an unknown state")]
    [InlineData("cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\u0085U\u0001b\u0087R)b.", "a NumPy array has an unknown state")]
    public void Another_pickle_is_refused_with_its_cause(string pickle, string said) => Refused(said, PythonTwo.Protocol(pickle));

    [Fact]
    public void An_array_that_contradicts_itself_is_refused()
    {
        var numbers = randn(2, 3);
        void RefusedArray(string said, string array) => Refused(said, PythonTwo.Blobs(("a", array)));

        RefusedArray("shape (2, 4) and type '<f4' has 24 bytes", PythonTwo.Array(numbers, shape: [2, 4]));
        RefusedArray("shape (5) and type '<f4' has 24 bytes", PythonTwo.Array(numbers, shape: [5]));
        RefusedArray("impossible shape", PythonTwo.Array(numbers, shape: [-2, -3]));
        RefusedArray("type '>f4', which cannot be read", PythonTwo.Array(numbers, order: '>'));
        RefusedArray("type '<O8', which cannot be read", PythonTwo.Array(numbers, code: "O8"));
        // A text of Unicode, which many arrays could share, in place of bytes.
        var bytes = PythonTwo.Array(zeros(new long[] { 2048 }, ScalarType.Byte));
        RefusedArray("type '|u1' has 0 bytes", bytes.Replace("T\0\u0008\0\0", "X\0\u0008\0\0"));
        // 2^32 · 2^32 elements are no elements if the product overflows.
        RefusedArray("has 24 bytes", PythonTwo.Array(numbers, shape: [int.MaxValue, int.MaxValue, int.MaxValue]));
        Refused("its blobs have 8000 bytes", PythonTwo.Blobs(("a", PythonTwo.Array(randn(1000)) + "q\u00f0"), ("b", "h\u00f0")));
    }

    [Fact]
    public void A_text_that_is_encoded_again_and_again_is_refused()
    {
        const string encoded = "c_codecs\nencode\nh\u00f1X\u0006\0\0\0latin1\u0086R";
        var text = $"X\u0010\u0027\0\0{new string('x', 10_000)}q\u00f1";
        Refused("it encodes more text than it has", PythonTwo.Blobs(("a", text), ("b", encoded), ("c", encoded)));
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        var whole = PythonTwo.Blobs(("a", PythonTwo.Array(randn(20, 20))), ("b", PythonTwo.Array(randn(3))));
        for (int length = 2; length < whole.Length; length += 7) Refused("", whole[..length]);
    }

    private TensorFile Open(byte[] pickle)
    {
        var path = folder.File("weights.pkl");
        File.WriteAllBytes(path, pickle);
        return TensorFile.Open(path);
    }

    private void Refused(string said, byte[] pickle)
    {
        var message = Assert.Refused<CheckpointException>(said, () => Open(pickle));
        Assert.DoesNotContain('\n', message);
    }
}

/// <summary>Pickles as Python 2 writes them in protocol 2, in which strings are bytes; each character here is a byte.</summary>
internal static class PythonTwo
{
    private static readonly Dictionary<ScalarType, string> codes = new()
    {
        [ScalarType.Float64] = "f8", [ScalarType.Float32] = "f4", [ScalarType.Float16] = "f2", [ScalarType.Int64] = "i8",
        [ScalarType.Int32] = "i4", [ScalarType.Byte] = "u1", [ScalarType.Bool] = "b1",
    };

    public static byte[] Protocol(string opcodes) => [0x80, 2, .. Encoding.Latin1.GetBytes(opcodes)];

    /// <summary>A file of blobs, whose values are opcodes.</summary>
    public static byte[] Blobs(params (string Name, string Value)[] blobs) => Protocol(
        $"}}q\u0001U\u0005blobsq\u0002}}q\u0003({string.Concat(blobs.Select(blob => Text(blob.Name) + blob.Value))}us.");

    /// <summary>An array's opcodes, with another description if given.</summary>
    public static string Array(Tensor array, long[]? shape = null, bool isColumnMajor = false, char? order = null, string? code = null)
    {
        code ??= codes[array.dtype];
        var lengths = string.Concat((shape ?? array.shape).Select(length => $"J{Number((int)length)}"));
        var content = Encoding.Latin1.GetString(array.contiguous().bytes);
        return "cnumpy.core.multiarray\n_reconstruct\nq\u0010cnumpy\nndarray\nq\u0011K\0\u0085U\u0001b\u0087R"
            + $"(K\u0001({lengths}tcnumpy\ndtype\nq\u0012({Text(code)}K\0K\u0001tR"
            + $"(K\u0003{Text($"{order ?? (code[1] == '1' ? '|' : '<')}")}"
            + $"NNNJ\u00ff\u00ff\u00ff\u00ffJ\u00ff\u00ff\u00ff\u00ffK\0tb{(isColumnMajor ? '\u0088' : '\u0089')}{Text(content)}tb";
    }

    private static string Text(string text) => text.Length < 256 ? $"U{(char)text.Length}{text}" : $"T{Number(text.Length)}{text}";

    private static string Number(int number) => Encoding.Latin1.GetString(BitConverter.GetBytes(number));
}
