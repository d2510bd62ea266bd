using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

public sealed class ModuleFileTests : Scoped
{
    private static byte[] Saved(Module module, IList<string>? skip = null)
    {
        using var stream = new MemoryStream();
        module.save(stream, skip);
        return stream.ToArray();
    }

    [Fact]
    public void A_module_is_read_back_as_it_was_written()
    {
        using var source = Sequential(Conv2d(1, 300, 1), BatchNorm2d(300)).to(ScalarType.Float64);
        using var target = Sequential(Conv2d(1, 300, 1), BatchNorm2d(300)).to(ScalarType.Float64);
        source.call(randn(new long[] { 2, 1, 2, 2 }, ScalarType.Float64));
        Assert.Same(target, target.load(new MemoryStream(Saved(source))));
        foreach (var (key, value) in source.state_dict()) Assert.True(value.Equals(target.state_dict()[key]), key);
    }

    /// <summary>As TorchSharp writes it: LEB128 counts, a length-prefixed name, the type's number, the shape, the bytes.</summary>
    [Fact]
    public void The_format_is_TorchSharps()
    {
        using var linear = Linear(Parameter(tensor(new[] { 1f, 2f }).view(1, 2)));
        Assert.Equal(
            [1, 6, .. "weight"u8, 6, 2, 1, 2, .. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(2f)],
            Saved(linear));
    }

    [Fact]
    public void A_file_of_another_module_is_refused_by_name()
    {
        using var one = Linear(1, 1, hasBias: false);
        using var other = LayerNorm(1, bias: false);
        using var wide = Linear(2, 1, hasBias: false);
        using var two = Sequential(Linear(1, 1, hasBias: false));
        Assert.Contains("weight is Float32 [1, 1] in the file", Assert.Throws<ArgumentException>(() => wide.load(new MemoryStream(Saved(one)))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => other.load(new MemoryStream(Saved(one))));
        Assert.Contains("'weight'", Assert.Throws<ArgumentException>(() => two.load(new MemoryStream(Saved(one)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_cut_short_says_where()
    {
        using var linear = Linear(4, 4);
        var error = Assert.Throws<EndOfStreamException>(() => linear.load(new MemoryStream(Saved(linear)[..^3])));
        Assert.Contains("'bias'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_skipped_is_not_written_and_what_is_unknown_is_passed_over()
    {
        using var source = Linear(1, 1);
        using var target = Linear(1, 1);
        var bias = target.bias!.clone();
        Dictionary<string, bool> loaded = [];
        target.load(new MemoryStream(Saved(source, skip: ["bias"])), strict: false, loadedParameters: loaded);
        Assert.True(target.weight.Equals(source.weight));
        Assert.True(target.bias!.Equals(bias));
        Assert.Equal(["weight"], loaded.Keys);
    }
}
