namespace OpenCvSharp.Tests;

public class ExpressionTests
{
    [Fact]
    public void Arithmetic_reads_as_on_paper()
    {
        using var a = Row(1, 2, 3);
        using var b = Row(10, 20, 30);

        Assert.Equal([21f, 42f, 63f], Values((a + b) * 2 - a));
        Assert.Equal([-1f, -2f, -3f], Values(-a));
        Assert.Equal([10f, 10f, 10f], Values(b / a));
        Assert.Equal([6f, 3f, 2f], Values(6 / a));
        Assert.Equal([99f, 98f, 97f], Values(new Scalar(100) - a));
        Assert.Equal([10f, 40f, 90f], Values(a.Mul(b)));
    }

    [Fact]
    public void Star_is_the_matrix_product()
    {
        using var a = Row(1, 2, 3);
        using Mat product = a * a.T();

        Assert.Equal(new Size(1, 1), product.Size());
        Assert.Equal(14f, product.Get<float>(0, 0));
    }

    [Fact]
    public void Comparisons_give_masks()
    {
        using var a = Row(1, 2, 3);
        using Mat mask = a.GreaterThan(1.5);

        mask.GetArray(out byte[] values);
        Assert.Equal([0, 255, 255], values);
        Assert.Equal(2.5, a.Mean(mask).Val0);
    }

    [Fact]
    public void An_expression_keeps_its_operands_memory()
    {
        MatExpr sum;
        using (var a = Row(1, 2, 3))
            sum = a + a;

        Assert.Equal([2f, 4f, 6f], Values(sum));
    }

    [Fact]
    public void Functions_take_expressions_and_scalars()
    {
        using var a = Row(1, 2, 3);
        using var dst = new Mat();

        Cv2.Add(a * 2, new Scalar(1), dst);

        Assert.Equal([3f, 5f, 7f], Values(dst));
    }

    private static Mat Row(params float[] values) => Mat.FromPixelData(1, values.Length, MatType.CV_32FC1, values);

    private static float[] Values(MatExpr expression)
    {
        using var mat = expression.ToMat();
        mat.GetArray(out float[] values);
        return values;
    }
}
