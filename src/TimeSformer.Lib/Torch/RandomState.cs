using System.Buffers.Binary;
using static TorchSharp.torch;

namespace TimeSformer.Torch;

/// <summary>The state of libtorch's generator on the CPU.</summary>
internal static class RandomState
{
    /// <summary>PyTorch's <c>set_rng_state</c>. In TorchSharp's, a state that cannot be ends the process.</summary>
    /// <exception cref="ArgumentException">It is not one that <c>get_rng_state</c> gave.</exception>
    public static void set_rng_state(Tensor state)
    {
        using var own = get_rng_state();
        bool fits = state.dtype == own.dtype && state.shape.SequenceEqual(own.shape) && IsMersenneTwister(state.bytes);
        if (!fits) throw new ArgumentException("this is no state of the random generator");
        TorchSharp.torch.set_rng_state(state);
    }

    // Seed (8 bytes), numbers left in the block of 624 (4), whether seeded (4), the next one's place (8): what libtorch itself checks.
    private static bool IsMersenneTwister(ReadOnlySpan<byte> state) =>
        BinaryPrimitives.ReadInt32LittleEndian(state[8..]) is > 0 and <= 624
        && BinaryPrimitives.ReadInt32LittleEndian(state[12..]) == 1
        && BinaryPrimitives.ReadUInt64LittleEndian(state[16..]) <= 624;
}
