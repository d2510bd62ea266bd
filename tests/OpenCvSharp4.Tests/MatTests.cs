namespace OpenCvSharp.Tests;

public class MatTests
{
    [Fact]
    public void A_new_Mat_is_empty()
    {
        using var mat = new Mat();

        Assert.True(mat.Empty());
        Assert.Equal(0, mat.Rows);
        Assert.Equal(IntPtr.Zero, mat.Data);
    }

    [Fact]
    public void Size_is_width_and_height_but_constructors_take_rows_and_columns()
    {
        using var byNumbers = new Mat(3, 5, MatType.CV_8UC3);
        using var bySize = new Mat(new Size(5, 3), MatType.CV_8UC3);

        Assert.Equal(new Size(5, 3), byNumbers.Size());
        Assert.Equal(byNumbers.Size(), bySize.Size());
        Assert.Equal((3, 5), (byNumbers.Height, byNumbers.Width));
        Assert.Equal(3, byNumbers.Size(0));
    }

    [Fact]
    public void Layout_follows_from_the_type()
    {
        using var mat = new Mat(4, 6, MatType.CV_32FC3);

        Assert.Equal(MatType.CV_32FC3, mat.Type());
        Assert.Equal(MatType.CV_32F, mat.Depth());
        Assert.Equal(3, mat.Channels());
        Assert.Equal(12, mat.ElemSize());
        Assert.Equal(4, mat.ElemSize1());
        Assert.Equal(72, mat.Step());
        Assert.Equal(12, mat.Step(1));
        Assert.Equal(24, mat.Total());
        Assert.True(mat.IsContinuous());
        Assert.Equal(mat.Data, mat.DataStart);
    }

    [Fact]
    public void Types_name_themselves()
    {
        Assert.Equal("CV_8UC3", MatType.CV_8UC3.ToString());
        Assert.Equal("CV_32FC(7)", MatType.CV_32FC(7).ToString());
        Assert.Equal(16, MatType.CV_8UC3.Value);
        Assert.Throws<OpenCvSharpException>(() => MatType.CV_8UC(0));
    }

    [Fact]
    public void A_scalar_fills_every_pixel()
    {
        using var mat = new Mat(2, 2, MatType.CV_8UC3, Scalar.Red);

        Assert.Equal(new Vec3b(0, 0, 255), mat.Get<Vec3b>(1, 1));
    }

    [Fact]
    public void More_than_two_dimensions_have_no_rows()
    {
        using var mat = new Mat([2, 3, 4], MatType.CV_32FC1, new Scalar(7));

        Assert.Equal(3, mat.Dims);
        Assert.Equal(-1, mat.Rows);
        Assert.Equal(24, mat.Total());
        mat.Set(1, 2, 3, 9f);
        Assert.Equal(9f, mat.Get<float>(1, 2, 3));
        Assert.Equal(7f, mat.Get<float>(1, 2, 2));
    }

    [Fact]
    public void A_clone_has_memory_of_its_own_and_a_view_has_not()
    {
        using var mat = new Mat(4, 4, MatType.CV_8UC1, new Scalar(0));
        using var clone = mat.Clone();
        using var view = mat[new Rect(1, 1, 2, 2)];

        view.SetTo(new Scalar(5));

        Assert.Equal(5, mat.Get<byte>(2, 2));
        Assert.Equal(0, mat.Get<byte>(0, 0));
        Assert.Equal(0, clone.Get<byte>(2, 2));
        Assert.True(view.IsSubmatrix());
        Assert.False(view.IsContinuous());
    }

    [Fact]
    public void Views_name_rows_first()
    {
        using var mat = Numbered(4, 5);

        using var part = mat[1, 3, 2, 5];
        using var same = mat[1..3, 2..];
        using var row = mat.Row(3);
        using var column = mat.Col(4);

        Assert.Equal(new Size(3, 2), part.Size());
        Assert.Equal(7, part.Get<byte>(0, 0));
        Assert.Equal(7, same.Get<byte>(0, 0));
        Assert.Equal(15, row.Get<byte>(0, 0));
        Assert.Equal(19, column.Get<byte>(3, 0));
    }

    [Fact]
    public void Assigning_to_a_part_copies_into_it()
    {
        using var mat = new Mat(3, 3, MatType.CV_8UC1, new Scalar(1));
        using var patch = new Mat(2, 2, MatType.CV_8UC1, new Scalar(9));

        mat[1, 3, 1, 3] = patch;

        Assert.Equal(4 * 9 + 5, mat.Sum().Val0);
        Assert.Throws<ArgumentException>(() => mat[0, 1, 0, 1] = patch);
    }

    [Fact]
    public void A_view_outlives_the_Mat_it_looks_at()
    {
        Mat view;
        using (var mat = Numbered(4, 4))
            view = mat.SubMat(1, 2, 0, 4);

        Assert.Equal(4, view.Get<byte>(0, 0));
        view.Dispose();
    }

    [Fact]
    public void Copying_with_a_mask_leaves_the_rest()
    {
        using var source = new Mat(1, 3, MatType.CV_8UC1, new Scalar(8));
        using var mask = new Mat(1, 3, MatType.CV_8UC1, new Scalar(0));
        using var target = new Mat(1, 3, MatType.CV_8UC1, new Scalar(1));
        mask.Set<byte>(0, 1, 255);

        source.CopyTo(target, mask);

        Assert.True(target.GetArray(out byte[] values));
        Assert.Equal([1, 8, 1], values);
    }

    [Fact]
    public void Converting_saturates()
    {
        using var mat = Mat.FromPixelData(1, 3, MatType.CV_32FC1, new[] { -5f, 100.4f, 300f });
        using var bytes = new Mat();

        mat.ConvertTo(bytes, MatType.CV_8U);
        bytes.GetArray(out byte[] values);
        Assert.Equal([0, 100, 255], values);

        mat.ConvertTo(bytes, MatType.CV_8U, 0.5, 10);
        bytes.GetArray(out values);
        Assert.Equal([8, 60, 160], values);
    }

    [Fact]
    public void Zeros_ones_and_eye()
    {
        using Mat zeros = Mat.Zeros(2, 3, MatType.CV_32FC1);
        using Mat ones = Mat.Ones(new Size(3, 2), MatType.CV_32FC1);
        using Mat eye = Mat.Eye(3, 3, MatType.CV_64FC1);

        Assert.Equal(0, zeros.Sum().Val0);
        Assert.Equal(6, ones.Sum().Val0);
        Assert.Equal((1, 0), (eye.Get<double>(2, 2), eye.Get<double>(0, 2)));
    }

    [Fact]
    public void Reshaping_keeps_the_memory()
    {
        using var mat = Numbered(4, 6);
        using var pixels = mat.Reshape(3);
        using var rows = mat.Reshape(1, 2);

        Assert.Equal(MatType.CV_8UC3, pixels.Type());
        Assert.Equal(new Vec3b(3, 4, 5), pixels.Get<Vec3b>(0, 1));
        Assert.Equal(12, rows.Get<byte>(1, 0));
        Assert.Equal(mat.Data, pixels.Data);
    }

    internal static Mat Numbered(int rows, int cols) =>
        Mat.FromPixelData(rows, cols, MatType.CV_8UC1, Enumerable.Range(0, rows * cols).Select(i => (byte)i).ToArray()).Clone();
}
