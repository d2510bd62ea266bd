using System.Buffers.Binary;

namespace TimeSformer.Tests.Checkpoints;

/// <summary>Properties of all safetensors files.</summary>
public sealed class SafeTensorsPropertyTests : TensorTests
{
    [Fact]
    public void Any_set_of_tensors_survives_being_written_and_read()
    {
        string[] parts = ["a", "B", " ", "ü", "\n", "\"", "\\", "😀", "blocks.0.attn.qkv.weight", "\u0001"];
        var name = Gen.Elements(parts).ArrayOf().Select(string.Concat);
        var entry = from key in name
                    from type in Gen.Elements(NpzFixture.Types.Append(ScalarType.BFloat16))
                    from shape in Gen.Choose(0, 4).ArrayOf()
                    where shape.Length <= 5
                    select (key, type, shape);
        var set = from entries in entry.ArrayOf()
                  from metadata in name.Zip(name).ArrayOf()
                  select (entries.DistinctBy(entry => entry.key).ToArray(), metadata.DistinctBy(pair => pair.Item1).ToDictionary());
        Prop.ForAll(set.ToArbitrary(), drawn =>
        {
            using var scope = NewDisposeScope();
            var (entries, metadata) = drawn;
            var tensors = entries.ToDictionary(
                entry => entry.key, entry => (randn([.. entry.shape.Select(length => (long)length)]) * 9).to_type(entry.type));
            SafeTensors.Write(folder.File("a"), tensors, metadata);
            using var file = SafeTensorsFile.Open(folder.File("a"));
            Assert.Equal(metadata, file.Metadata);
            Assert.Equal(tensors.Keys, file.Entries.Keys);
            foreach (var (key, read) in file.ReadAll())
            {
                Assert.Equal(tensors[key].dtype, read.dtype);
                Assert.Equal(tensors[key].shape, read.shape);
                Assert.True(tensors[key].Equals(read), key);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    [Fact]
    public void Any_damage_either_leaves_a_readable_file_or_is_refused()
    {
        SafeTensors.Write(
            folder.File("whole"), [new("a", randn(3, 2)), new("b", ones(4, dtype: ScalarType.Int64)), new("c", zeros(new long[] { 0, 2 }))],
            new Dictionary<string, string> { ["key"] = "text" });
        var whole = File.ReadAllBytes(folder.File("whole"));
        Prop.ForAll(Damage.NonEmptyListOf().ToArbitrary(), damages =>
        {
            File.WriteAllBytes(folder.File("damaged"), damages.Aggregate(whole, (file, damage) => damage(file)));
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                using var file = SafeTensorsFile.Open(folder.File("damaged"));
                foreach (var (name, tensor) in file.ReadAll())
                {
                    var place = (SafeTensorsEntry)file.Entries[name];
                    Assert.Equal(place.Shape, tensor.shape);
                    using (tensor) Assert.Equal(place.End - place.Begin, tensor.numel() * tensor.ElementSize);
                }
            }
            catch (CheckpointException error)
            {
                Assert.DoesNotContain(error.Message, char.IsControl);
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 32 << 20);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    // At some place in the file: another byte, another number, fewer bytes, more bytes, the end; or another header length.
    private static Gen<Func<byte[], byte[]>> Damage => Gen.OneOf<Func<byte[], byte[]>>(
        from place in Place
        from value in Gen.Choose(0, 255)
        select (Func<byte[], byte[]>)(file => Splice(file, place, 1, [(byte)value])),
        from place in Place
        from number in Gen.Elements(
            "0", "-1", "7", "24", "1e3", "4294967296", "9223372036854775807", "18446744073709551616", "[0]", "null", "\"F64\"")
        select (Func<byte[], byte[]>)(file => ReplaceNumber(file, place, number)),
        from place in Place
        from count in Gen.Choose(1, 40)
        select (Func<byte[], byte[]>)(file => Splice(file, place, count, [])),
        from place in Place
        from count in Gen.Choose(1, 40)
        select (Func<byte[], byte[]>)(file => Splice(file, place, 0, [.. file.Skip(At(file, place)).Take(count)])),
        from place in Place
        select (Func<byte[], byte[]>)(file => file[..At(file, place)]),
        from length in Gen.Choose(-9, 400)
        select (Func<byte[], byte[]>)(file => file.Length < 8 ? file : Prefixed(length, file)));

    private static Gen<double> Place => Gen.Choose(0, 999).Select(thousandth => thousandth / 1000.0);

    private static int At(byte[] file, double place) => (int)(file.Length * place);

    private static byte[] Splice(byte[] file, double place, int remove, byte[] insert)
    {
        int at = At(file, place);
        return [.. file[..at], .. insert, .. file[Math.Min(file.Length, at + remove)..]];
    }

    // Replaces the next number in the header and adapts the header's length, so that only the number is wrong.
    private static byte[] ReplaceNumber(byte[] file, double place, string number)
    {
        int begin = Math.Max(8, At(file, place));
        while (begin < file.Length && !char.IsAsciiDigit((char)file[begin])) begin++;
        int end = begin;
        while (end < file.Length && char.IsAsciiDigit((char)file[end])) end++;
        if (begin >= file.Length) return file;
        long length = BinaryPrimitives.ReadInt64LittleEndian(file) + number.Length - (end - begin);
        return Prefixed(length, [.. file[..begin], .. number.Select(letter => (byte)letter), .. file[end..]]);
    }

    private static byte[] Prefixed(long length, byte[] file)
    {
        var copy = (byte[])file.Clone();
        BinaryPrimitives.WriteInt64LittleEndian(copy, length);
        return copy;
    }
}
