using System.Text;

namespace TimeSformer.Tests.Checkpoints;

/// <summary>What a PyTorch file holds beside data is passed over and named; nothing of it is imported or called.</summary>
public sealed class PassedOverTests : CheckpointTests
{
    // pickle.dumps of a numpy scalar and array, sets, a Namespace, objects of a project's own classes, one of these classes, a date, a
    // path, a defaultdict, a complex number, a slice, a deque, a nested numpy scalar, keys that are no text, a bytearray, and an epoch.
    private const string Protocol2 =
        "gAJ9cQAoWAgAAABiZXN0X2FjY3EBY251bXB5LmNvcmUubXVsdGlhcnJheQpzY2FsYXIKcQJjbnVtcHkKZHR5cGUKcQNYAgAAAGY4cQSJiIdxBVJxBihLA1gBAAAA" +
        "PHEHTk5OSv////9K/////0sAdHEIYmNfY29kZWNzCmVuY29kZQpxCVgIAAAAAAAAAAAAAABxClgGAAAAbGF0aW4xcQuGcQxScQ2GcQ5ScQ9YBQAAAGFycmF5cRBj" +
        "bnVtcHkuY29yZS5tdWx0aWFycmF5Cl9yZWNvbnN0cnVjdApxEWNudW1weQpuZGFycmF5CnESSwCFcRNoCVgBAAAAYnEUaAuGcRVScRaHcRdScRgoSwFLAoVxGWgD" +
        "aAVScRpoCGKJaAlYEAAAAAAAAAAAAAAAAAAAAAAAAABxG2gLhnEcUnEddHEeYlgDAAAAc2V0cR9jX19idWlsdGluX18Kc2V0CnEgXXEhKEsBSwJlhXEiUnEjWAYA" +
        "AABmcm96ZW5xJGNfX2J1aWx0aW5fXwpmcm96ZW5zZXQKcSVdcSZLAWGFcSdScShYBAAAAGFyZ3NxKWNhcmdwYXJzZQpOYW1lc3BhY2UKcSopgXErfXEsWAIAAABs" +
        "cnEtRz+5mZmZmZmac2JYBQAAAG1ldGVycS5jcHJvamVjdC5tZXRlcnMKQXZlcmFnZU1ldGVyCnEvKYFxMH1xMShYAwAAAHN1bXEyRz/4AAAAAAAAWAYAAAB2YWx1" +
        "ZXNxM2ggXXE0KEsBSwJlhXE1UnE2dWJYAwAAAGNmZ3E3Y3Byb2plY3QubWV0ZXJzCkF0dHIKcTgpgXE5WAEAAABhcTpLAXN9cTtYAQAAAGJxPEsCc2JYBQAAAGNs" +
        "YXNzcT1oL1gEAAAAd2hlbnE+Y2RhdGV0aW1lCmRhdGV0aW1lCnE/aAlYCwAAAAfDqgECAAAAAAAAcUBoC4ZxQVJxQoVxQ1JxRFgEAAAAcGF0aHFFY3BhdGhsaWIK" +
        "UHVyZVBvc2l4UGF0aApxRlgBAAAAL3FHaDpoPIdxSFJxSVgHAAAAZGVmYXVsdHFKY2NvbGxlY3Rpb25zCmRlZmF1bHRkaWN0CnFLY19fYnVpbHRpbl9fCmxpc3QK" +
        "cUyFcU1ScU5YAQAAAHhxT11xUEsBYXNYBwAAAGNvbXBsZXhxUWNfX2J1aWx0aW5fXwpjb21wbGV4CnFSRwAAAAAAAAAARz/wAAAAAAAAhnFTUnFUWAUAAABzbGlj" +
        "ZXFVY19fYnVpbHRpbl9fCnNsaWNlCnFWSwFLAk6HcVdScVhYBQAAAGRlcXVlcVljY29sbGVjdGlvbnMKZGVxdWUKcVopUnFbSwFhWAYAAABuZXN0ZWRxXH1xXVgF" +
        "AAAAcmF0ZXNxXl1xXyhHP7mZmZmZmZpoAmgDaAVScWBoCGJoDYZxYVJxYmVzWAQAAABrZXlzcWN9cWQoSwFLAoZxZUsDTksEdVgGAAAAYnVmZmVycWZjX19idWls" +
        "dGluX18KYnl0ZWFycmF5CnFnaAlYAgAAAGFicWhoC4ZxaVJxaoVxa1JxbFgFAAAAZXBvY2hxbUsDdS4=";

    internal const string Protocol4 =
        "gASVKAMAAAAAAAB9lCiMCGJlc3RfYWNjlIwVbnVtcHkuY29yZS5tdWx0aWFycmF5lIwGc2NhbGFylJOUjAVudW1weZSMBWR0eXBllJOUjAJmOJSJiIeUUpQoSwOM" +
        "ATyUTk5OSv////9K/////0sAdJRiQwgAAAAAAAAAAJSGlFKUjAVhcnJheZRoAowMX3JlY29uc3RydWN0lJOUaAWMB25kYXJyYXmUk5RLAIWUQwFilIeUUpQoSwFL" +
        "AoWUaAdoCVKUaAxiiUMQAAAAAAAAAAAAAAAAAAAAAJR0lGKMA3NldJSPlChLAUsCkIwGZnJvemVulChLAZGUjARhcmdzlIwIYXJncGFyc2WUjAlOYW1lc3BhY2WU" +
        "k5QpgZR9lIwCbHKURz+5mZmZmZmac2KMBW1ldGVylIwOcHJvamVjdC5tZXRlcnOUjAxBdmVyYWdlTWV0ZXKUk5QpgZR9lCiMA3N1bZRHP/gAAAAAAACMBnZhbHVl" +
        "c5SPlChLAUsCkHVijANjZmeUaCmMBEF0dHKUk5QpgZSMAWGUSwFzfZSMAWKUSwJzYowFY2xhc3OUaCuMBHdoZW6UjAhkYXRldGltZZSMCGRhdGV0aW1llJOUQwoH" +
        "6gECAAAAAAAAlIWUUpSMBHBhdGiUjAdwYXRobGlilIwNUHVyZVBvc2l4UGF0aJSTlIwBL5RoNWg3h5RSlIwHZGVmYXVsdJSMC2NvbGxlY3Rpb25zlIwLZGVmYXVs" +
        "dGRpY3SUk5SMCGJ1aWx0aW5zlIwEbGlzdJSTlIWUUpSMAXiUXZRLAWFzjAdjb21wbGV4lGhLjAdjb21wbGV4lJOURwAAAAAAAAAARz/wAAAAAAAAhpRSlIwFc2xp" +
        "Y2WUaEuMBXNsaWNllJOUSwFLAk6HlFKUjAVkZXF1ZZRoSIwFZGVxdWWUk5QpUpRLAWGMBm5lc3RlZJR9lIwFcmF0ZXOUXZQoRz+5mZmZmZmaaARoB2gJUpRoDGJo" +
        "DYaUUpRlc4wEa2V5c5R9lChLAUsChpRLA05LBHWMBmJ1ZmZlcpRoS4wJYnl0ZWFycmF5lJOUQwJhYpSFlFKUjAVlcG9jaJRLA3Uu";

    [Theory, InlineData(Protocol2, 2), InlineData(Protocol4, 4)]
    public void Objects_beside_the_weights_are_named_with_their_types(string pickle, int protocol)
    {
        TorchFixture.WriteZip(folder.File("a"), Convert.FromBase64String(pickle));
        using var file = TorchFile.Open(folder.File("a"));
        var builtins = protocol == 2 ? "__builtin__." : "";
        Assert.Equal(
        [
            "best_acc (numpy.core.multiarray.scalar)", "array (numpy.ndarray)", $"set ({builtins}set)", $"frozen ({builtins}frozenset)",
            "args (argparse.Namespace)", "meter (project.meters.AverageMeter)", "cfg (project.meters.Attr)",
            "class (project.meters.AverageMeter)", "when (datetime.datetime)", "path (pathlib.PurePosixPath)",
            "default (collections.defaultdict)",
        ], file.PassedOver.Take(11));
        Assert.Contains("nested.rates.1 (numpy.core.multiarray.scalar)", file.PassedOver);
        Assert.Contains("keys.key 0 (a value whose key is not text)", file.PassedOver);
        Assert.Equal(3L, Assert.IsType<OrderedDictionary<string, object?>>(file.Root)["epoch"]);
        Assert.Empty(file.Entries);
    }

    [Theory, InlineData("numpy.core.multiarray", "scalar"), InlineData("numpy._core.multiarray", "_reconstruct")]
    public void The_weights_beside_them_load(string module, string name)
    {
        var storage = TorchFixture.Storage("0", 3);
        var pickle = Beside(new() { ["model"] = new Dictionary<string, object?> { ["x"] = new StoredTensor(storage, 0, [3], [1]) } },
            $"c{module}\n{name}\n)R");
        TorchFixture.WriteZip(folder.File("a"), pickle, storage);
        using var file = TensorFile.Open(folder.File("a"));
        Assert.Equal([0f, 1f, 2f], file.Read("x").data<float>().ToArray());
        Assert.Equal([$"odd ({module}.{name})"], file.PassedOver);
    }

    // Called, a name may be any function; and what runs code is refused even where it is only named.
    [Theory]
    [InlineData("cproject.tools\nrun\n)R", "it asks for project.tools.run")]
    [InlineData("cposix\nsystem\n", "it asks for posix.system")]
    [InlineData("cposix\nsystem\n)\u0081", "it asks for posix.system")]
    [InlineData("cbuiltins\nexec\n", "it asks for builtins.exec")]
    [InlineData("cnumpy.testing._private.utils\nrunstring\n)R", "it asks for numpy.testing._private.utils.runstring")]
    [InlineData("cnumpy\nload\n)R", "it asks for numpy.load")]
    [InlineData("cproject\nThing\n)\u0081)R", "calls something that is not part of PyTorch")]
    public void A_call_that_could_be_of_anything_is_refused(string opcodes, string said)
    {
        TorchFixture.WriteZip(folder.File("a"), Beside([], opcodes));
        AssertWritesNothing(() => Assert.Refused<CheckpointException>(said, () => TensorFile.Open(folder.File("a"))));
    }

    [Fact]
    public void A_weight_that_would_need_a_call_is_an_error_that_names_it()
    {
        Dictionary<string, object?> none = [];
        var pickle = Beside(none, "}X\u0001\0\0\0wctorch._utils\n_rebuild_qtensor\n)Rs");
        TorchFixture.WriteZip(folder.File("a"), pickle);
        Assert.Refused<CheckpointException>("odd.w is made by torch._utils._rebuild_qtensor", () => TensorFile.Open(folder.File("a")));
    }

    // A dictionary with one more member, `odd`, made by opcodes.
    private static byte[] Beside(Dictionary<string, object?> members, string opcodes) =>
        [.. Pickler.Write(members)[..^1], .. Encoding.Latin1.GetBytes($"X\u0003\0\0\0odd{opcodes}s.")];
}
