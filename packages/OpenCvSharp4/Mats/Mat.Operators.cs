namespace OpenCvSharp;

// Arithmetic and comparison, evaluated when the expression becomes a Mat. `*` between two Mats is the matrix product; Mul is element by element.
public partial class Mat
{
    public MatExpr Add(Mat m) => MatExpr.Of(this, m, (a, b, dst) => Cv2.Add(a, b, dst));

    public MatExpr Add(Scalar s) => MatExpr.Of(this, (a, dst) => Cv2.Add(a, s, dst));

    public MatExpr Subtract(Mat m) => MatExpr.Of(this, m, (a, b, dst) => Cv2.Subtract(a, b, dst));

    public MatExpr Subtract(Scalar s) => MatExpr.Of(this, (a, dst) => Cv2.Subtract(a, s, dst));

    public MatExpr Multiply(Mat m) => MatExpr.Of(this, m, Cv2.MatrixProduct);

    public MatExpr Multiply(double s) => MatExpr.Of(this, (a, dst) => a.ConvertTo(dst, -1, s));

    public MatExpr Divide(Mat m) => MatExpr.Of(this, m, (a, b, dst) => Cv2.Divide(a, b, dst));

    public MatExpr Divide(double s) => MatExpr.Of(this, (a, dst) => a.ConvertTo(dst, -1, 1 / s));

    public MatExpr Negate() => Multiply(-1);

    public MatExpr Plus() => MatExpr.FromMat(this);

    public MatExpr BitwiseAnd(Mat m) => MatExpr.Of(this, m, (a, b, dst) => Cv2.BitwiseAnd(a, b, dst));

    public MatExpr BitwiseOr(Mat m) => MatExpr.Of(this, m, (a, b, dst) => Cv2.BitwiseOr(a, b, dst));

    public MatExpr Xor(Mat m) => MatExpr.Of(this, m, (a, b, dst) => Cv2.BitwiseXor(a, b, dst));

    public MatExpr OnesComplement() => MatExpr.Of(this, (a, dst) => Cv2.BitwiseNot(a, dst));

    /// <summary>255 where the relation holds, 0 elsewhere.</summary>
    public MatExpr LessThan(Mat m) => Comparison(m, CmpType.LT);

    public MatExpr LessThan(double d) => Comparison(d, CmpType.LT);

    public MatExpr LessThanOrEqual(Mat m) => Comparison(m, CmpType.LE);

    public MatExpr LessThanOrEqual(double d) => Comparison(d, CmpType.LE);

    public MatExpr Equals(Mat m) => Comparison(m, CmpType.EQ);

    public MatExpr Equals(double d) => Comparison(d, CmpType.EQ);

    public MatExpr NotEquals(Mat m) => Comparison(m, CmpType.NE);

    public MatExpr NotEquals(double d) => Comparison(d, CmpType.NE);

    public MatExpr GreaterThan(Mat m) => Comparison(m, CmpType.GT);

    public MatExpr GreaterThan(double d) => Comparison(d, CmpType.GT);

    public MatExpr GreaterThanOrEqual(Mat m) => Comparison(m, CmpType.GE);

    public MatExpr GreaterThanOrEqual(double d) => Comparison(d, CmpType.GE);

    public MatExpr T() => MatExpr.Of(this, (a, dst) => Cv2.Transpose(a, dst));

    /// <summary>The product element by element.</summary>
    public MatExpr Mul(InputArray m, double scale = 1)
    {
        ArgumentNullException.ThrowIfNull(m);
        using var factor = m.GetMat();
        return MatExpr.Of(this, factor, (a, b, dst) => Cv2.Multiply(a, b, dst, scale));
    }

    public static Mat operator +(Mat mat) => mat;

    public static MatExpr operator -(Mat mat) => Given(mat).Negate();

    public static MatExpr operator +(Mat a, Mat b) => Given(a).Add(b);

    public static MatExpr operator +(Mat a, Scalar s) => Given(a).Add(s);

    public static MatExpr operator +(Scalar s, Mat a) => Given(a).Add(s);

    public static MatExpr operator -(Mat a, Mat b) => Given(a).Subtract(b);

    public static MatExpr operator -(Mat a, Scalar s) => Given(a).Subtract(s);

    public static MatExpr operator -(Scalar s, Mat a) => MatExpr.Of(Given(a), (m, dst) => Cv2.Subtract(s, m, dst));

    public static MatExpr operator *(Mat a, Mat b) => Given(a).Multiply(b);

    public static MatExpr operator *(Mat a, double s) => Given(a).Multiply(s);

    public static MatExpr operator *(double s, Mat a) => Given(a).Multiply(s);

    public static MatExpr operator /(Mat a, Mat b) => Given(a).Divide(b);

    public static MatExpr operator /(Mat a, double s) => Given(a).Divide(s);

    public static MatExpr operator /(double s, Mat a) => MatExpr.Of(Given(a), (m, dst) => Cv2.Divide(s, m, dst));

    public static MatExpr operator &(Mat a, Mat b) => Given(a).BitwiseAnd(b);

    public static MatExpr operator |(Mat a, Mat b) => Given(a).BitwiseOr(b);

    public static MatExpr operator ^(Mat a, Mat b) => Given(a).Xor(b);

    public static MatExpr operator ~(Mat m) => Given(m).OnesComplement();

    private static Mat Given(Mat mat)
    {
        ArgumentNullException.ThrowIfNull(mat);
        return mat;
    }

    private MatExpr Comparison(Mat m, CmpType relation) => MatExpr.Of(this, m, (a, b, dst) => Cv2.Compare(a, b, dst, relation));

    private MatExpr Comparison(double d, CmpType relation) => MatExpr.Of(this, (a, dst) => Cv2.Compare(a, d, dst, relation));
}
