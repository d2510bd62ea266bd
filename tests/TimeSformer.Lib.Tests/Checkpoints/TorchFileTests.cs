namespace TimeSformer.Tests.Checkpoints;

/// <summary>Reading PyTorch files.</summary>
public sealed class TorchFileTests : TensorTests
{
    public static TheoryData<ScalarType> Types => [.. NpzFixture.Types, ScalarType.BFloat16];

    [Theory, MemberData(nameof(Types))]
    public void Every_type_survives_a_round_trip(ScalarType type)
    {
        var values = (randn(3, 5) * 3).to_type(type);
        TorchWriter.Write(
            folder.File("a"), new Dictionary<string, object?> { ["x"] = values.t(), ["scalar"] = values[1, 2], ["empty"] = values[..0] });
        using var file = TensorFile.Open(folder.File("a"));
        Assert.True(values.t().Equals(file.Read("x")));
        Assert.Equal(type, file.Read("x").dtype);
        Assert.True(values[1, 2].Equals(file.Read("scalar")));
        Assert.Equal([0, 5], file.Read("empty").shape);
    }

    [Fact]
    public void Plain_values_and_containers_survive_a_round_trip()
    {
        var root = new OrderedDictionary<string, object?>
        {
            ["none"] = null, ["yes"] = true, ["small"] = -3L, ["large"] = long.MinValue, ["real"] = 0.1, ["text"] = "ü",
            ["tuple"] = new object?[] { 1L, "two" }, ["list"] = new List<object?> { 2.5, false },
            ["tree"] = new OrderedDictionary<string, object?> { ["leaf"] = 1L },
        };
        TorchWriter.Write(folder.File("a"), root);
        using var file = TorchFile.Open(folder.File("a"));
        var read = Assert.IsType<OrderedDictionary<string, object?>>(file.Root);
        Assert.Equal(root.Keys, read.Keys);
        foreach (var (key, value) in root) Assert.Equal(value, read[key]);
        Assert.Empty(file.Entries);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Tensors_are_views_of_storages_that_they_may_share(bool legacy)
    {
        TorchStorage twelve = TorchFixture.Storage("0", 12), two = TorchFixture.Storage("1", 2);
        var pickle = Pickler.Write(new OrderedDictionary<string, object?>
        {
            ["whole"] = new StoredTensor(twelve, 0, [3, 4], [4, 1]), ["transposed"] = new StoredTensor(twelve, 0, [4, 3], [1, 4]),
            ["tail"] = new StoredTensor(twelve, 5, [7], [1]), ["every_third"] = new StoredTensor(twelve, 1, [4], [3]),
            ["expanded"] = new StoredTensor(two, 1, [2, 3], [0, 0]), ["scalar"] = new StoredTensor(two, 1, [], []),
            ["empty"] = new StoredTensor(two, 2, [0, 5], [5, 1]),
        });
        if (legacy) TorchFixture.WriteLegacy(folder.File("a"), pickle, twelve, two);
        else TorchFixture.WriteZip(folder.File("a"), pickle, twelve, two);

        using var file = TensorFile.Open(folder.File("a"));
        var numbers = arange(0f, 12f, 1f);
        Assert.True(numbers.view(3, 4).Equals(file.Read("whole")));
        Assert.True(numbers.view(3, 4).t().Equals(file.Read("transposed")));
        Assert.True(numbers[5..].Equals(file.Read("tail")));
        Assert.True(tensor(new[] { 1f, 4f, 7f, 10f }).Equals(file.Read("every_third")));
        Assert.True(ones(2, 3).Equals(file.Read("expanded")));
        Assert.True(tensor(1f).Equals(file.Read("scalar")));
        Assert.Equal([0, 5], file.Read("empty").shape);
        Assert.All(file.ReadAll().Values, tensor => Assert.True(tensor.is_contiguous()));
    }

    [Theory, InlineData("model_state"), InlineData("state_dict"), InlineData("model")]
    public void Weights_are_found_beside_training_state(string section)
    {
        TorchWriter.Write(folder.File("a"), new OrderedDictionary<string, object?>
        {
            ["optimizer"] = new OrderedDictionary<string, object?> { ["momentum"] = ones(3) },
            [section] = new OrderedDictionary<string, object?>
            {
                ["x"] = zeros(2), ["nested"] = new OrderedDictionary<string, object?> { ["y"] = zeros(1) },
            },
        });
        using var file = TorchFile.Open(folder.File("a"));
        Assert.Equal(section, file.Section);
        Assert.Equal(["x", "nested.y"], file.Entries.Keys);
        var optimizer = (OrderedDictionary<string, object?>)((OrderedDictionary<string, object?>)file.Root!)["optimizer"]!;
        Assert.True(ones(3).Equals(file.ReadTensor(Assert.IsType<TensorEntry>(optimizer["momentum"], exactMatch: false))));
    }

    // pickle.dumps({'args': Namespace(...), 'bytes': b'a\xff', 'twice': (x, x), 'big': 2**70, 'size': torch.Size([2, 3]),
    // 'dtype': torch.float16, 'device': torch.device('cpu'), 'ordered': OrderedDict with an attribute, 7: None, ...}) in protocols 2 and 4.
    [Theory]
    [InlineData(
        "gAJ9cQAoWAQAAABhcmdzcQFjYXJncGFyc2UKTmFtZXNwYWNlCnECKYFxA31xBChYAgAAAGxycQVHP7mZmZmZmZpYBAAAAG5hbWVxBlgBAAAAeHEHdWJYBQAA" +
        "AGJ5dGVzcQhjX2NvZGVjcwplbmNvZGUKcQlYAwAAAGHDv3EKWAYAAABsYXRpbjFxC4ZxDFJxDVgFAAAAdHdpY2VxDl1xD1gBAAAAYXEQYWgPhnERWAMAAABi" +
        "aWdxEooJAAAAAAAAAABAWAQAAABzaXplcRNjdG9yY2gKU2l6ZQpxFEsCSwOGcRWFcRZScRdYBQAAAGR0eXBlcRhjdG9yY2gKZmxvYXQxNgpxGVgGAAAAZGV2" +
        "aWNlcRpjdG9yY2gKZGV2aWNlCnEbWAMAAABjcHVxHIVxHVJxHlgHAAAAb3JkZXJlZHEfY2NvbGxlY3Rpb25zCk9yZGVyZWREaWN0CnEgKVJxIVgBAAAAa3Ei" +
        "SwFzfXEjWAkAAABfbWV0YWRhdGFxJH1xJVgBAAAAdnEmSwFzc2JLB05YBAAAAGxvbmdxJ4oGAAAAAAABWAMAAABuZWdxKEr7////WAEAAAB3cSlNLAFYBQAA" +
        "AHBhaXJzcSpdcSsoSwFLAoZxLEsDSwSGcS1ldS4=")]
    [InlineData(
        "gASVXAEAAAAAAAB9lCiMBGFyZ3OUjAhhcmdwYXJzZZSMCU5hbWVzcGFjZZSTlCmBlH2UKIwCbHKURz+5mZmZmZmajARuYW1llIwBeJR1YowFYnl0ZXOUQwJh" +
        "/5SMBXR3aWNllF2UjAFhlGFoDYaUjANiaWeUigkAAAAAAAAAAECMBHNpemWUjAV0b3JjaJSMBFNpemWUk5RLAksDhpSFlFKUjAVkdHlwZZSMBXRvcmNolIwH" +
        "ZmxvYXQxNpSTlIwGZGV2aWNllGgSjAZkZXZpY2WUk5SMA2NwdZSFlFKUjAdvcmRlcmVklIwLY29sbGVjdGlvbnOUjAtPcmRlcmVkRGljdJSTlClSlIwBa5RL" +
        "AXN9lIwJX21ldGFkYXRhlH2UjAF2lEsBc3NiSwdOjARsb25nlIoGAAAAAAABjANuZWeUSvv///+MAXeUTSwBjAVwYWlyc5RdlChLAUsChpRLA0sEhpRldS4=")]
    public void What_training_scripts_store_beside_weights_is_read_as_data(string pickle)
    {
        TorchFixture.WriteZip(folder.File("a"), Convert.FromBase64String(pickle));
        using var file = TorchFile.Open(folder.File("a"));
        var root = Assert.IsType<OrderedDictionary<string, object?>>(file.Root);
        Assert.Equal(["args", "bytes", "twice", "big", "size", "dtype", "device", "ordered", "7", "long", "neg", "w", "pairs"], root.Keys);
        Assert.Empty(Assert.IsType<OrderedDictionary<string, object?>>(root["args"]));
        Assert.Equal(new byte[] { (byte)'a', 0xff }, root["bytes"]);
        var twice = Assert.IsType<object?[]>(root["twice"]);
        Assert.Same(twice[0], twice[1]);
        Assert.Equal(System.Numerics.BigInteger.Pow(2, 70), root["big"]);
        Assert.Equal(new object?[] { 2L, 3L }, root["size"]);
        Assert.Equal("cpu", root["device"]);
        Assert.Equal(1L, Assert.IsType<OrderedDictionary<string, object?>>(root["ordered"])["k"]);
        Assert.Null(root["7"]);
        Assert.Equal([1L << 40, -5L, 300L], [root["long"], root["neg"], root["w"]]);
        Assert.Equal(new object?[] { 3L, 4L }, Assert.IsType<List<object?>>(root["pairs"])[1]);
    }
}
