using System.IO.Compression;

namespace TimeSformer.Tests.Checkpoints;

/// <summary>PyTorch and NumPy files with random damage load or are refused; nothing else happens, and nothing large is allocated.</summary>
public sealed class FuzzTests : TensorTests
{
    private const int Mutations = 500;
    private const long MostBytes = 32 << 20;

    public FuzzTests() => manual_seed(6);

    [Fact]
    public void A_changed_PyTorch_zip_file_loads_or_is_refused()
    {
        TorchWriter.Write(folder.File("good"), new OrderedDictionary<string, object?>
        {
            ["epoch"] = 14L,
            ["model_state"] = new OrderedDictionary<string, object?>
            {
                ["model.cls_token"] = randn(1, 1, 8), ["model.half"] = randn(3, 4).to_type(ScalarType.Float16),
                ["model.count"] = tensor(5L),
            },
            ["optimizer_state"] = new OrderedDictionary<string, object?>
            {
                ["lr"] = 0.005, ["params"] = new List<object?> { 0L, 1L, true, null }, ["pair"] = new object?[] { 1L, "x" },
            },
            ["cfg"] = "MODEL: 1\n",
        });
        Survives(File.ReadAllBytes(folder.File("good")), seed: 1);
    }

    [Fact]
    public void A_changed_pickle_in_a_zip_file_loads_or_is_refused() =>
        Survives(Views, seed: 2, (path, changed) => TorchFixture.WriteZip(path, changed, storage));

    [Fact]
    public void A_changed_pickle_of_objects_loads_or_is_refused() => Survives(
        Convert.FromBase64String(PassedOverTests.Protocol4), seed: 4, (path, changed) => TorchFixture.WriteZip(path, changed));

    [Fact]
    public void A_changed_legacy_file_loads_or_is_refused()
    {
        TorchFixture.WriteLegacy(folder.File("good"), Views, storage);
        Survives(File.ReadAllBytes(folder.File("good")), seed: 3);
    }

    [Theory, InlineData(CompressionLevel.NoCompression), InlineData(CompressionLevel.Optimal)]
    public void A_changed_npz_file_loads_or_is_refused(CompressionLevel level)
    {
        NpzFixture.Write(folder.File("good"), [new("a", randn(3, 4)), new("b", tensor(5L)), new("c", zeros(1000))], level);
        Survives(File.ReadAllBytes(folder.File("good")), seed: 5);
    }

    [Fact]
    public void A_changed_Caffe2_file_loads_or_is_refused() => Survives(
        PythonTwo.Blobs(("a_w", PythonTwo.Array(randn(3, 4))), ("b_w", PythonTwo.Array(zeros(1000))), ("lr", "K\u0001")), seed: 7);

    private static readonly TorchStorage storage = TorchFixture.Storage("0", 12);

    private static byte[] Views => Pickler.Write(new OrderedDictionary<string, object?>
    {
        ["state_dict"] = new OrderedDictionary<string, object?>
        {
            ["a"] = new StoredTensor(storage, 0, [3, 4], [4, 1]), ["b"] = new StoredTensor(storage, 1, [4, 2], [1, 4]),
            ["c"] = new StoredTensor(storage, 3, [], []),
        },
        ["epoch"] = 3L,
        ["rates"] = new List<object?> { 0.1, -1L, null, "text", new object?[] { 1L << 40 } },
    });

    private void Survives(byte[] good, int seed, Action<string, byte[]>? write = null)
    {
        var random = new Random(seed);
        int loaded = 0, refused = 0;
        for (int i = 0; i < Mutations; i++)
        {
            var path = folder.File($"{i}");
            (write ?? File.WriteAllBytes)(path, i == 0 ? good : Change(good, random));
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                using var file = TensorFile.Open(path);
                foreach (var (name, entry) in file.Entries)
                {
                    Assert.InRange(TensorEntry.ByteCount([.. entry.Shape], entry.DType)!.Value, 0, MostBytes);
                    using var tensor = file.Read(name);
                    Assert.Equal(entry.Shape, tensor.shape);
                }
                loaded++;
            }
            catch (CheckpointException error)
            {
                Assert.DoesNotContain('\n', error.Message);
                refused++;
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
            File.Delete(path);
        }
        // Damaged values load, damaged structure does not: useful damage leads to both.
        Assert.InRange(loaded, 2, Mutations - 2);
        Assert.InRange(refused, 2, Mutations - 2);
    }

    private static byte[] Change(byte[] good, Random random)
    {
        List<byte> bytes = [.. good];
        int changes = random.Next(1, 4);
        for (int i = 0; i < changes; i++)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(7))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes[at] = random.Next(2) == 0 ? (byte)0 : (byte)0xff; break;
                case 3 when at > 0: bytes.RemoveRange(at, bytes.Count - at); break;
                case 4: bytes.RemoveRange(at, Math.Min(random.Next(1, 9), bytes.Count - at)); break;
                case 5: bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count), 1)); break;
                default:
                    var (from, length) = (random.Next(bytes.Count), random.Next(1, 9));
                    for (int k = 0; k < length && at + k < bytes.Count && from + k < bytes.Count; k++) bytes[at + k] = bytes[from + k];
                    break;
            }
            if (bytes.Count == 0) break;
        }
        return [.. bytes];
    }
}
