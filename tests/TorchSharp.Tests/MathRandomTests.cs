using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class MathRandomTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public MathRandomTests() => manual_seed(1);

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Uniform_and_normal_numbers_have_their_moments()
    {
        var uniform = rand(100_000);
        Assert.InRange(uniform.mean().item<float>(), 0.49f, 0.51f);
        Assert.InRange(uniform.max().item<float>(), 0.99f, 1f);
        var standard = randn(100_000);
        Assert.InRange(standard.std().item<float>(), 0.99f, 1.01f);
        var shifted = normal(5, 2, [100_000]);
        Assert.InRange(shifted.mean().item<float>(), 4.95f, 5.05f);
        Assert.InRange(shifted.std().item<float>(), 1.97f, 2.03f);
        Assert.Equal([10f, 20], normal(tensor(new[] { 10f, 20 }), zeros(2)).data<float>().ToArray());
    }

    [Fact]
    public void Whole_numbers_stay_below_the_upper_bound()
    {
        foreach (var drawn in new[] { randint(3, new long[] { 1000 }), randint(0, 3, new[] { 1000 }), randint(0, 3, (10, 100)), randint(3, new[] { 1000 }) })
        {
            Assert.Equal(ScalarType.Int64, drawn.dtype);
            Assert.Equal((0, 2), (drawn.min().item<long>(), drawn.max().item<long>()));
        }
    }

    [Fact]
    public void A_permutation_holds_every_number_once()
    {
        Assert.Equal(Enumerable.Range(0, 50).Select(k => (long)k), randperm(50).data<long>().ToArray().Order());
        var target = empty(5, dtype: ScalarType.Int64);
        randperm(5, target);
        Assert.Equal([0L, 1, 2, 3, 4], target.data<long>().ToArray().Order());
    }

    [Fact]
    public void A_generator_draws_for_itself()
    {
        using var first = new Generator(7);
        using var second = new Generator(7);
        var before = get_rng_state();
        Assert.True(randn(5, generator: first).Equals(randn(5, generator: second)));
        Assert.True(rand(5, generator: first).Equals(rand(5, generator: second)));
        Assert.True(randint(9, new long[] { 5 }, generator: first).Equals(randint(9, new long[] { 5 }, generator: second)));
        Assert.True(randperm(9, generator: first).Equals(randperm(9, generator: second)));
        Assert.True(zeros(5).normal_(1, 2, first).Equals(zeros(5).normal_(1, 2, second)));
        Assert.True(zeros(5).uniform_(1, 2, first).Equals(zeros(5).uniform_(1, 2, second)));
        Assert.True(zeros(5).bernoulli_(0.5, first).Equals(zeros(5).bernoulli_(0.5, second)));
        Assert.True(before.Equals(get_rng_state()));
    }

    [Fact]
    public void Filling_at_random_keeps_to_the_range()
    {
        Assert.True(zeros(1000).uniform_(2, 3).ge(2).all().item<bool>());
        Assert.True(zeros(1000).random_(2, 4).lt(4).all().item<bool>());
        Assert.Equal([0f, 1], zeros(2).bernoulli_(tensor(new[] { 0f, 1 })).data<float>().ToArray());
    }
}
