using TimeSformer.Features;

namespace TimeSformer.Tests.Features;

public sealed class TrustworthinessTests : TensorTests
{
    // A, B, C, D and E lie at 0, 1, 3, 7 and 15; in the picture, B and E change places. The nearest in the picture, and its true rank:
    // of A, E, the fourth: 3 ranks too many; of B, D, the third: 2; of C, E, the fourth: 3; of D, C, the first: 0; of E, A, the fourth: 3.
    // That is 11 in all: 1 - 2 / (5 · 1 · (10 - 3 - 1)) · 11.
    [Fact]
    public void Trustworthiness_is_as_worked_out_by_hand() => Assert.Equal(
        1 - (2.0 / 30 * 11), Trustworthiness.Of(Line(0, 1, 3, 7, 15), Line(0, 15, 3, 7, 1), neighbors: 1), 12);

    // A to F lie at 0, 1, 2.5, 4.5, 7 and 10; in the picture, A and F change places. The two nearest there, and their true ranks:
    // of A, E and D, 4 and 3: 2 + 1 too many; of B, F and C, 5 and 2: 3; of C, B and D: 0; of D, C and E: 0; of E, D and A, 1 and 5: 3;
    // of F, B and C, 4 and 3: 2 + 1. That is 12 in all: 1 - 2 / (6 · 2 · (12 - 6 - 1)) · 12.
    [Fact]
    public void Only_ranks_beyond_the_neighbors_count() => Assert.Equal(
        1 - (2.0 / 60 * 12), Trustworthiness.Of(Line(0, 1, 2.5, 4.5, 7, 10), Line(10, 1, 2.5, 4.5, 7, 0), neighbors: 2), 12);

    [Fact]
    public void A_picture_that_is_a_turned_and_scaled_copy_is_trusted_wholly()
    {
        var points = randn(50, 2);
        var turned = stack([points[.., 1].Times(3), points[.., 0].Times(-3)], 1);
        Assert.Equal(1, Trustworthiness.Of(points, turned, neighbors: 7));
    }

    [Fact]
    public void What_cannot_be_measured_is_refused()
    {
        Assert.Refused<ArgumentException>("4 places for 5 points", () => Trustworthiness.Of(randn(5, 3), randn(4, 2)));
        Assert.Refused<ArgumentException>("5 neighbors of 10 points", () => Trustworthiness.Of(randn(10, 3), randn(10, 2)));
        Assert.Refused<ArgumentException>("0 neighbors of 10 points", () => Trustworthiness.Of(randn(10, 3), randn(10, 2), 0));
    }

    private static Tensor Line(params double[] places) => tensor(places).unsqueeze(1);
}
