namespace TimeSformer.Tests.Torch;

public sealed class RandomStateTests : TensorTests
{
    [Fact]
    public void A_state_reproduces_the_same_numbers()
    {
        var state = get_rng_state();
        var first = randn(7);
        RandomState.set_rng_state(state);
        Assert.True(first.Equals(randn(7)));
    }

    [Fact]
    public void An_invalid_state_throws_instead_of_ending_the_process()
    {
        var state = get_rng_state();
        foreach (var wrong in new[] { state[..100], state.to_type(ScalarType.Int32), zeros_like(state), state.bitwise_not() })
        {
            Assert.Throws<ArgumentException>(() => RandomState.set_rng_state(wrong));
        }
    }
}
