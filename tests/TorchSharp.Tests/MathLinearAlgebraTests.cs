using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class MathLinearAlgebraTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Tensor a = tensor(new[,] { { 1d, 2 }, { 3, 4 } });
    private readonly Tensor b = tensor(new[,] { { 0d, 1 }, { 1, 0 } });
    private readonly Tensor v = tensor(new[] { 1d, -1 });

    public void Dispose() => scope.Dispose();

    private static double[] Values(Tensor tensor) => tensor.data<double>().ToArray();

    [Fact]
    public void Products()
    {
        Assert.Equal([2d, 1, 4, 3], Values(matmul(a, b)));
        Assert.Equal([2d, 1, 4, 3], Values(mm(a, b)));
        Assert.Equal([-1d, -1], Values(mv(a, v)));
        Assert.Equal(2, dot(v, v).item<double>());
        Assert.Equal([1d, -1, -1, 1], Values(outer(v, v)));
        Assert.Equal([2d, 1, 4, 3], Values(bmm(a.unsqueeze(0), b.unsqueeze(0))));
        Assert.Equal([5, 2, 2], a.matmul(zeros(5, 2, 2, dtype: ScalarType.Float64)).shape);
    }

    [Fact]
    public void Products_added()
    {
        Assert.Equal([5d, 4, 11, 10], Values(addmm(a, a, b, 1, 2)));
        Assert.Equal([1d, -1, 1, -1], Values(a.addmm(a, b, -1, 1)));
        Assert.Equal([3d, 3, 7, 7], Values(a.unsqueeze(0).baddbmm(a.unsqueeze(0), b.unsqueeze(0))));
        Assert.Equal([5d, 4, 11, 10], Values(addbmm(a, stack([a, a]), stack([b, b]))));
    }

    [Fact]
    public void Einstein_sums()
    {
        Assert.Equal([2d, 1, 4, 3], Values(einsum("ij,jk->ik", a, b)));
        Assert.Equal(5, einsum("ii", a).item<double>());
        Assert.Equal(30, einsum("ij,ij->", a, a).item<double>());
    }

    [Fact]
    public void Distances()
    {
        var x = tensor(new[,] { { 0d, 0 }, { 3, 4 } });
        Assert.Equal([0d, 5, 5, 0], Values(cdist(x, x)));
        Assert.Equal([0d, 7, 7, 0], Values(cdist(x, x, 1, compute_mode.donot_use_mm_for_euclid_dist)));
    }

    [Fact]
    public void Gradients()
    {
        GradCheck.Holds(x => x[0].matmul(x[1]), GradCheck.Random(2, 3, 2), GradCheck.Random(2, 4));
        GradCheck.Holds(x => x[0].baddbmm(x[1], x[2], 0.5f, 2), GradCheck.Random(2, 2, 2), GradCheck.Random(2, 2, 3), GradCheck.Random(2, 3, 2));
        GradCheck.Holds(x => x[0].mv(x[1]).dot(x[2]), GradCheck.Random(2, 3), GradCheck.Random(3), GradCheck.Random(2));
        GradCheck.Holds(x => einsum("bhid,bhjd->bhij", x[0], x[1]), GradCheck.Random(1, 2, 2, 3), GradCheck.Random(1, 2, 2, 3));
        GradCheck.Holds(x => cdist(x[0], x[1]), GradCheck.Random(2, 3), GradCheck.Random(2, 3));
    }
}
