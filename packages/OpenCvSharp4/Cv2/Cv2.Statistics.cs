namespace OpenCvSharp;

// Numbers that describe an array. A mask's zeros leave elements out.
public static partial class Cv2
{
    /// <summary>The sum of each channel.</summary>
    public static Scalar Sum(InputArray src)
    {
        Shim.Check(Shim.core_sum(In(src), out var sum));
        return sum;
    }

    /// <summary>The mean of each channel.</summary>
    public static Scalar Mean(InputArray src, InputArray? mask = null)
    {
        Shim.Check(Shim.core_mean(In(src), Optional(mask), out var mean));
        return mean;
    }

    public static void MeanStdDev(InputArray src, out Scalar mean, out Scalar stddev, InputArray? mask = null) =>
        Shim.Check(Shim.core_mean_std_dev(In(src), Optional(mask), out mean, out stddev));

    public static int CountNonZero(InputArray mtx)
    {
        Shim.Check(Shim.core_count_non_zero(In(mtx), out var count));
        return count;
    }

    public static void MinMaxLoc(InputArray src, out double minVal, out double maxVal) =>
        MinMaxLoc(src, out minVal, out maxVal, out _, out _);

    public static void MinMaxLoc(InputArray src, out Point minLoc, out Point maxLoc) =>
        MinMaxLoc(src, out _, out _, out minLoc, out maxLoc);

    public static void MinMaxLoc(InputArray src, out double minVal, out double maxVal, out Point minLoc, out Point maxLoc, InputArray? mask = null) =>
        Shim.Check(Shim.core_min_max_loc(In(src), Optional(mask), out minVal, out maxVal, out minLoc, out maxLoc));

    public static double Norm(InputArray src1, NormTypes normType = NormTypes.L2, InputArray? mask = null)
    {
        Shim.Check(Shim.core_norm(In(src1), (int)normType, Optional(mask), out var norm));
        return norm;
    }

    /// <summary>The norm of the difference.</summary>
    public static double Norm(InputArray src1, InputArray src2, NormTypes normType = NormTypes.L2, InputArray? mask = null)
    {
        Shim.Check(Shim.core_norm_difference(In(src1), In(src2), (int)normType, Optional(mask), out var norm));
        return norm;
    }

    /// <summary>How alike two images are, in decibels.</summary>
    public static double PSNR(InputArray src1, InputArray src2, double r = 255.0)
    {
        Shim.Check(Shim.core_psnr(In(src1), In(src2), r, out var ratio));
        return ratio;
    }
}
