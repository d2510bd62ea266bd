using System.IO.Compression;

namespace TimeSformer.Tests.Checkpoints;

/// <summary>NumPy files: what is read and what is refused.</summary>
public sealed class NpzFileTests : TensorTests
{
    public static TheoryData<ScalarType> Types => [.. NpzFixture.Types];

    [Theory, MemberData(nameof(Types))]
    public void Every_type_is_read(ScalarType type)
    {
        var values = (randn(3, 5) * 3).to_type(type);
        NpzFixture.Write(
            folder.File("a"), [new("x", values), new("folder/scalar", values[1, 2]), new("row", values[0]), new("empty", values[..0])]);
        using var file = TensorFile.Open(folder.File("a"));
        Assert.Equal(["x", "folder/scalar", "row", "empty"], file.Entries.Keys);
        Assert.True(values.Equals(file.Read("x")));
        Assert.True(values[1, 2].Equals(file.Read("folder/scalar")));
        Assert.True(values[0].Equals(file.Read("row")));
        Assert.Equal([0, 5], file.Read("empty").shape);
    }

    [Fact]
    public void Compressed_and_column_major_arrays_are_read()
    {
        var values = arange(0f, 24f, 1f).view(2, 3, 4);
        using (var zip = ZipFile.Open(folder.File("a"), ZipArchiveMode.Create))
        {
            TorchFixture.Add(zip, "compressed.npy", NpzFixture.Npy(values), CompressionLevel.Optimal);
            TorchFixture.Add(zip, "columns.npy", NpzFixture.Npy("<f4", "True", "(2, 3, 4)", values.permute(2, 1, 0).contiguous().bytes));
        }
        using var file = TensorFile.Open(folder.File("a"));
        Assert.True(values.Equals(file.Read("compressed")));
        Assert.True(values.Equals(file.Read("columns")));
    }

    [Theory]
    [InlineData("|O", "False", "(1,)", 4, "dtype '|O'")]
    [InlineData(">f4", "False", "(1,)", 4, "dtype '>f4'")]
    [InlineData("<f4", "Perhaps", "(1,)", 4, "a malformed header")]
    [InlineData("<f4", "False", "(-1,)", 4, "a malformed header")]
    [InlineData("<f4", "False", "(__import__('os'),)", 4, "a malformed header")]
    [InlineData("<f4", "False", "(2,)", 4, "takes 4 bytes, which does not match its shape (2) of <f4")]
    [InlineData("<f4", "False", "(1,)", 5, "takes 5 bytes")]
    [InlineData("<f4", "False", "(9223372036854775807, 9)", 4, "takes 4 bytes")]
    [InlineData("<f4", "False", "(9999999999999999999,)", 4, "impossible shape")]
    [InlineData("<f4", "False", "(1 1,)", 4, "impossible shape")]
    [InlineData("<f4", "False", "(1111111111111111111111111111111111111111111111111111111111111111111111111111", 4, "a malformed header")]
    public void A_wrong_header_is_refused_with_its_cause(string type, string columns, string shape, int bytes, string said)
    {
        NpzFixture.Write(folder.File("a"), "x.npy", NpzFixture.Npy(type, columns, shape, new byte[bytes]));
        Assert.Contains("array 'x.npy'", Assert.Refused<CheckpointException>(said, () => TensorFile.Open(folder.File("a"))));
    }

    [Theory, InlineData(0), InlineData(11), InlineData(100)]
    public void An_array_cut_short_is_refused(int length)
    {
        NpzFixture.Write(folder.File("a"), "x.npy", NpzFixture.Npy(ones(3)).AsSpan(0, length));
        Assert.Refused<CheckpointException>("x.npy", () => TensorFile.Open(folder.File("a")));
    }
}
