using System.Buffers.Binary;
using static TorchSharp.torch;

namespace TimeSformer.Torch;

/// <summary>The state of libtorch's random generator on the CPU.</summary>
internal static class RandomState
{
    /// <summary>PyTorch's <c>set_rng_state</c>. With TorchSharp's, an invalid state ends the process.</summary>
    /// <exception cref="ArgumentException">The state is not one that <c>get_rng_state</c> returned.</exception>
    public static void set_rng_state(Tensor state)
    {
        using var own = get_rng_state();
        bool valid = state.dtype == own.dtype && state.shape.SequenceEqual(own.shape) && IsMersenneTwister(state.bytes);
        if (!valid) throw new ArgumentException("invalid state of the random generator");
        TorchSharp.torch.set_rng_state(state);
    }

    // Seed (8 bytes), numbers left in the block of 624 (4), whether seeded (4), index of the next (8): the checks of libtorch itself.
    private static bool IsMersenneTwister(ReadOnlySpan<byte> state) =>
        BinaryPrimitives.ReadInt32LittleEndian(state[8..]) is > 0 and <= 624
        && BinaryPrimitives.ReadInt32LittleEndian(state[12..]) == 1
        && BinaryPrimitives.ReadUInt64LittleEndian(state[16..]) <= 624;
}
