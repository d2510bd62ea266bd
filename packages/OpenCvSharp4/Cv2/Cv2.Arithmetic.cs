namespace OpenCvSharp;

// Element by element; results saturate. A mask's zeros leave the destination as it is.
public static partial class Cv2
{
    public static void Add(InputArray src1, InputArray src2, OutputArray dst, InputArray? mask = null, int dtype = -1) =>
        Write(dst, Shim.core_add(In(src1), In(src2), Out(dst), Optional(mask), dtype));

    public static void Subtract(InputArray src1, InputArray src2, OutputArray dst, InputArray? mask = null, int dtype = -1) =>
        Write(dst, Shim.core_subtract(In(src1), In(src2), Out(dst), Optional(mask), dtype));

    public static void Subtract(InputArray src1, Scalar src2, OutputArray dst, InputArray? mask = null, int dtype = -1)
    {
        using var scalar = InputArray.Create(src2);
        Subtract(src1, scalar, dst, mask, dtype);
    }

    public static void Subtract(Scalar src1, InputArray src2, OutputArray dst, InputArray? mask = null, int dtype = -1)
    {
        using var scalar = InputArray.Create(src1);
        Subtract(scalar, src2, dst, mask, dtype);
    }

    public static void Multiply(InputArray src1, InputArray src2, OutputArray dst, double scale = 1, int dtype = -1) =>
        Write(dst, Shim.core_multiply(In(src1), In(src2), Out(dst), scale, dtype));

    /// <summary>A division of an integer by 0 gives 0.</summary>
    public static void Divide(InputArray src1, InputArray src2, OutputArray dst, double scale = 1, MatType? dtype = null) =>
        Write(dst, Shim.core_divide(In(src1), In(src2), Out(dst), scale, dtype?.Value ?? -1));

    public static void Divide(double scale, InputArray src2, OutputArray dst, int dtype = -1)
    {
        using var scalar = InputArray.Create(scale);
        Write(dst, Shim.core_divide(In(scalar), In(src2), Out(dst), 1, dtype));
    }

    public static void Absdiff(InputArray src1, InputArray src2, OutputArray dst) =>
        Write(dst, Shim.core_absdiff(In(src1), In(src2), Out(dst)));

    public static void Min(InputArray src1, InputArray src2, OutputArray dst) =>
        Write(dst, Shim.core_min(In(src1), In(src2), Out(dst)));

    public static void Max(InputArray src1, InputArray src2, OutputArray dst) =>
        Write(dst, Shim.core_max(In(src1), In(src2), Out(dst)));

    public static void BitwiseAnd(InputArray src1, InputArray src2, OutputArray dst, InputArray? mask = null) =>
        Write(dst, Shim.core_bitwise_and(In(src1), In(src2), Out(dst), Optional(mask)));

    public static void BitwiseOr(InputArray src1, InputArray src2, OutputArray dst, InputArray? mask = null) =>
        Write(dst, Shim.core_bitwise_or(In(src1), In(src2), Out(dst), Optional(mask)));

    public static void BitwiseXor(InputArray src1, InputArray src2, OutputArray dst, InputArray? mask = null) =>
        Write(dst, Shim.core_bitwise_xor(In(src1), In(src2), Out(dst), Optional(mask)));

    public static void BitwiseNot(InputArray src, OutputArray dst, InputArray? mask = null) =>
        Write(dst, Shim.core_bitwise_not(In(src), Out(dst), Optional(mask)));

    /// <summary>255 where the relation holds, 0 elsewhere.</summary>
    public static void Compare(InputArray src1, InputArray src2, OutputArray dst, CmpType cmpop) =>
        Write(dst, Shim.core_compare(In(src1), In(src2), Out(dst), (int)cmpop));

    /// <summary>255 where all channels lie between the bounds, bounds included, 0 elsewhere.</summary>
    public static void InRange(InputArray src, InputArray lowerb, InputArray upperb, OutputArray dst) =>
        Write(dst, Shim.core_in_range(In(src), In(lowerb), In(upperb), Out(dst)));

    public static void InRange(InputArray src, Scalar lowerb, Scalar upperb, OutputArray dst)
    {
        using var low = InputArray.Create(lowerb);
        using var high = InputArray.Create(upperb);
        InRange(src, low, high, dst);
    }

    /// <summary>src1 * alpha + src2 * beta + gamma.</summary>
    public static void AddWeighted(InputArray src1, double alpha, InputArray src2, double beta, double gamma, OutputArray dst, int dtype = -1) =>
        Write(dst, Shim.core_add_weighted(In(src1), alpha, In(src2), beta, gamma, Out(dst), dtype));

    /// <summary>|src * alpha + beta| as 8-bit numbers.</summary>
    public static void ConvertScaleAbs(InputArray src, OutputArray dst, double alpha = 1, double beta = 0) =>
        Write(dst, Shim.core_convert_scale_abs(In(src), Out(dst), alpha, beta));

    /// <summary>Scales to a norm of alpha, or with <c>MinMax</c> to the range from alpha to beta.</summary>
    public static void Normalize(InputArray src, InputOutputArray dst, double alpha = 1, double beta = 0, NormTypes normType = NormTypes.L2, int dtype = -1, InputArray? mask = null) =>
        Write(dst, Shim.core_normalize(In(src), Out(dst), alpha, beta, (int)normType, dtype, Optional(mask)));

    internal static void MatrixProduct(Mat a, Mat b, Mat dst) => Write(dst, Shim.core_gemm(In(a), In(b), Out(dst)));
}
