using System.Runtime.InteropServices;

namespace OpenCvSharp.Tests;

public class PixelAccessTests
{
    [Fact]
    public void Get_set_and_at_address_row_and_column()
    {
        using var mat = new Mat(2, 3, MatType.CV_8UC3, Scalar.Black);

        mat.Set(1, 2, new Vec3b(1, 2, 3));
        mat.At<Vec3b>(0, 1).Item2 = 200;

        Assert.Equal(new Vec3b(1, 2, 3), mat.Get<Vec3b>(1, 2));
        Assert.Equal(new Vec3b(0, 0, 200), mat.Get<Vec3b>(0, 1));
        Assert.Equal(3, Marshal.ReadByte(mat.Ptr(1, 2), 2));
        Assert.Equal(mat.Data + (int)mat.Step(), mat.Ptr(1));
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(2, 0)]
    [InlineData(0, 3)]
    public void An_index_outside_is_refused(int row, int column)
    {
        using var mat = new Mat(2, 3, MatType.CV_8UC1, Scalar.Black);

        Assert.Throws<ArgumentOutOfRangeException>(() => mat.Get<byte>(row, column));
        Assert.Throws<ArgumentOutOfRangeException>(() => mat.Set<byte>(row, column, 1));
    }

    [Fact]
    public void A_type_larger_than_an_element_is_refused()
    {
        using var mat = new Mat(2, 3, MatType.CV_8UC1, Scalar.Black);

        Assert.Throws<ArgumentException>(() => mat.Get<Vec3b>(0, 0));
    }

    [Fact]
    public void Indexers_read_and_write()
    {
        using var mat = MatTests.Numbered(3, 4);
        var safe = mat.GetGenericIndexer<byte>();
        var quick = mat.GetUnsafeGenericIndexer<byte>();

        safe[2, 3] = 77;
        quick[0, 1] = 66;

        Assert.Equal((77, 66), (quick[2, 3], safe[0, 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => safe[3, 0]);
    }

    [Fact]
    public void A_span_is_the_memory_itself()
    {
        using var mat = new Mat(2, 2, MatType.CV_8UC3, Scalar.Black);

        mat.AsSpan<byte>()[5] = 9;
        mat.AsSpan<Vec3b>()[3] = new Vec3b(1, 1, 1);

        Assert.Equal(9, mat.Get<Vec3b>(0, 1).Item2);
        Assert.Equal(12, mat.Sum().Val0 + mat.Sum().Val1 + mat.Sum().Val2);
    }

    [Fact]
    public void A_span_over_a_view_with_gaps_is_empty()
    {
        using var mat = new Mat(4, 4, MatType.CV_8UC1);
        using var view = mat.ColRange(1, 3);

        Assert.True(view.AsSpan<byte>().IsEmpty);
    }

    [Fact]
    public void Arrays_go_in_and_out_also_through_a_view()
    {
        using var mat = new Mat(3, 4, MatType.CV_32FC1, new Scalar(0));
        using var view = mat[1, 3, 1, 3];

        view.SetArray(1f, 2f, 3f, 4f);

        Assert.Equal(3f, mat.Get<float>(2, 1));
        Assert.True(view.GetArray(out float[] values));
        Assert.Equal([1f, 2f, 3f, 4f], values);
        Assert.True(view.GetRectangularArray(out float[,] table));
        Assert.Equal(4f, table[1, 1]);
    }

    [Fact]
    public void Arrays_have_to_match_the_type_and_the_number_of_elements()
    {
        using var mat = new Mat(1, 2, MatType.CV_8UC3, Scalar.Blue);

        Assert.True(mat.GetArray(out Vec3b[] pixels));
        Assert.Equal([new Vec3b(255, 0, 0), new Vec3b(255, 0, 0)], pixels);
        Assert.Throws<OpenCvSharpException>(() => mat.GetArray(out byte[] _));
        Assert.Throws<ArgumentException>(() => mat.SetArray(new Vec3b(1, 2, 3)));
    }

    [Fact]
    public void Pixel_data_is_shared_with_the_array_it_came_from()
    {
        var data = new byte[12];
        using var mat = Mat.FromPixelData(2, 2, MatType.CV_8UC3, data);

        mat.SetTo(new Scalar(1, 2, 3));
        data[0] = 50;

        Assert.Equal([50, 2, 3, 1, 2, 3], data[..6]);
        Assert.Equal(50, mat.Get<Vec3b>(0, 0).Item0);
    }

    [Fact]
    public void The_array_stays_in_place_as_long_as_a_view_needs_it()
    {
        var view = ViewOfAnArrayNobodyHolds();
        for (var i = 0; i < 3; i++)
            GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);

        Assert.Equal(3, view.Get<byte>(0, 0));
        view.Dispose();

        static Mat ViewOfAnArrayNobodyHolds()
        {
            using var mat = Mat.FromPixelData(2, 2, MatType.CV_8UC1, new byte[] { 1, 2, 3, 4 });
            return mat.Row(1);
        }
    }

    [Fact]
    public void Rows_may_be_further_apart_than_they_are_long()
    {
        using var mat = Mat.FromPixelData(2, 2, MatType.CV_8UC1, new byte[] { 1, 2, 0, 3, 4, 0 }, step: 3);

        Assert.Equal(4, mat.Get<byte>(1, 1));
        Assert.False(mat.IsContinuous());
    }

    [Fact]
    public void Foreign_memory_can_be_looked_at()
    {
        var memory = Marshal.AllocHGlobal(4);
        try
        {
            using var mat = Mat.FromPixelData(2, 2, MatType.CV_8UC1, memory);
            mat.SetTo(new Scalar(6));
            Assert.Equal(6, Marshal.ReadByte(memory, 3));
        }
        finally
        {
            Marshal.FreeHGlobal(memory);
        }
    }

    [Fact]
    public void An_array_that_is_too_short_is_refused() =>
        Assert.Throws<ArgumentException>(() => Mat.FromPixelData(2, 2, MatType.CV_8UC3, new byte[11]));
}
