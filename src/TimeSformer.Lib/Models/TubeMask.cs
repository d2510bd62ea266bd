using TimeSformer.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace TimeSformer.Models;

/// <summary>
/// Masks of tubes: a share of the places of a frame, drawn at random for each clip, is masked in all its frames, so that what a masked
/// place shows cannot be copied from another moment (Tong et al. 2022, section 3.3).
/// </summary>
/// <param name="Moments">T', the moments of a clip.</param>
/// <param name="Places">N, the places of a moment.</param>
/// <param name="Ratio">The share of places to mask.</param>
public sealed record TubeMask(int Moments, int Places, double Ratio)
{
    /// <summary>The masked places of a moment: the share, rounded down as in the official code.</summary>
    public int Masked => (int)(Ratio * Places);

    /// <summary>Draws a mask for each of some clips from the global generator.</summary>
    /// <returns>Masks (B, T'·N) in the order of <see cref="TubeletEmbed"/>, true where masked.</returns>
    /// <exception cref="InputException">The share leaves no place, or all, to be seen.</exception>
    public Tensor Draw(long clips)
    {
        Validate();
        using var scope = NewDisposeScope();
        var places = rand(new[] { clips, Places }).argsort(1)[.., ..Masked];                   // (B, masked), no place twice
        var mask = zeros(clips, Places, ScalarType.Bool);
        mask.scatter_(1, places, ones_like(places).to_type(ScalarType.Bool));
        return mask.unsqueeze(1).expand(clips, Moments, Places).flatten(1).MoveToOuterDisposeScope();
    }

    internal void Validate()
    {
        if (Masked > 0 && Masked < Places) return;
        throw new InputException($"a mask of {Ratio} hides {Masked} of {Places} places; some must be hidden and some seen");
    }
}

/// <summary>The numbers of the tokens that masks show and hide, (B, V) and (B, M), each row in ascending order.</summary>
internal sealed record MaskedTokens(Tensor Visible, Tensor Masked)
{
    /// <param name="mask">(B, L), true where masked.</param>
    /// <param name="clips">B.</param>
    /// <param name="tokens">L.</param>
    /// <exception cref="ArgumentException">The mask's shape or type is another, or it masks more of one clip than of another.</exception>
    public static MaskedTokens Of(Tensor mask, long clips, long tokens)
    {
        if (!mask.shape.SequenceEqual([clips, tokens]) || mask.dtype is not ScalarType.Bool)
        {
            throw new ArgumentException($"a mask of {clips} clips of {tokens} tubelets is Bool ({clips}, {tokens}), "
                + $"not {mask.dtype} ({string.Join(", ", mask.shape)})");
        }
        using var scope = NewDisposeScope();
        var counts = mask.sum(1, type: ScalarType.Int64);                                      // (B)
        long masked = (long)counts[0].Number();
        using Scalar expected = masked;
        if (masked == 0 || masked == tokens || !counts.Equals(full_like(counts, expected)))
        {
            throw new ArgumentException("a mask must hide some tubelets but not all, and as many in each clip");
        }
        return new(Numbers(mask.logical_not()), Numbers(mask));

        Tensor Numbers(Tensor where) => where.nonzero()[.., 1].view(clips, -1).MoveToOuterDisposeScope();
    }

    /// <summary>Some rows of each clip: x (B, L, ...) or, the same for all, (1, L, ...) at numbers (B, V) is (B, V, ...).</summary>
    public static Tensor Take(Tensor x, Tensor numbers)
    {
        using var scope = NewDisposeScope();
        var rows = x.expand([numbers.shape[0], .. x.shape[1..]]);
        return rows.take_along_dim(Index(numbers, x.dim()).expand([.. numbers.shape, .. x.shape[2..]]), 1).MoveToOuterDisposeScope();
    }

    private static Tensor Index(Tensor numbers, long dimensions) =>
        numbers.view([.. numbers.shape, .. Enumerable.Repeat(1L, (int)dimensions - 2)]);
}
