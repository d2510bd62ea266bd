namespace OpenCvSharp;

/// <summary>Arithmetic on Mats that is carried out when it becomes a Mat. It holds on to its operands' memory, even if they are disposed.</summary>
public sealed class MatExpr : DisposableCvObject
{
    private readonly Mat[] operands;
    private readonly Func<Mat> evaluate;

    internal MatExpr(Func<Mat> evaluate, params Mat[] operands)
    {
        this.evaluate = evaluate;
        this.operands = operands;
    }

    private protected override NativeObject? Owner => null;

    public Mat ToMat()
    {
        ThrowIfDisposed();
        return evaluate();
    }

    public static implicit operator Mat(MatExpr self) => Given(self).ToMat();

    public static implicit operator MatExpr(Mat mat) => FromMat(mat);

    public static MatExpr FromMat(Mat mat)
    {
        ArgumentNullException.ThrowIfNull(mat);
        var shared = mat.Share();
        return new MatExpr(shared.Share, shared);
    }

    public MatExpr Add(Mat m) => With(a => a.Add(m));

    public MatExpr Add(MatExpr me) => With(me, (a, b) => a.Add(b));

    public MatExpr Add(Scalar s) => With(a => a.Add(s));

    public MatExpr Subtract(Mat m) => With(a => a.Subtract(m));

    public MatExpr Subtract(MatExpr me) => With(me, (a, b) => a.Subtract(b));

    public MatExpr Subtract(Scalar s) => With(a => a.Subtract(s));

    public MatExpr Multiply(Mat m) => With(a => a.Multiply(m));

    public MatExpr Multiply(MatExpr me) => With(me, (a, b) => a.Multiply(b));

    public MatExpr Multiply(double s) => With(a => a.Multiply(s));

    public MatExpr Divide(Mat m) => With(a => a.Divide(m));

    public MatExpr Divide(MatExpr me) => With(me, (a, b) => a.Divide(b));

    public MatExpr Divide(double s) => With(a => a.Divide(s));

    public MatExpr Negate() => With(a => a.Negate());

    public MatExpr T() => With(a => a.T());

    /// <summary>The product element by element.</summary>
    public MatExpr Mul(MatExpr e, double scale = 1) => With(e, (a, b) => a.Mul(b, scale));

    /// <summary>The product element by element.</summary>
    public MatExpr Mul(Mat m, double scale = 1) => With(a => a.Mul(m, scale));

    public Size Size() => Measure(m => m.Size());

    public MatType Type() => Measure(m => m.Type());

    public static MatExpr operator -(MatExpr e) => Given(e).Negate();

    public static MatExpr operator +(MatExpr e, Mat m) => Given(e).Add(m);

    public static MatExpr operator +(Mat m, MatExpr e) => FromMat(m).Add(e);

    public static MatExpr operator +(MatExpr e, Scalar s) => Given(e).Add(s);

    public static MatExpr operator +(Scalar s, MatExpr e) => Given(e).Add(s);

    public static MatExpr operator +(MatExpr e1, MatExpr e2) => Given(e1).Add(e2);

    public static MatExpr operator -(MatExpr e, Mat m) => Given(e).Subtract(m);

    public static MatExpr operator -(Mat m, MatExpr e) => FromMat(m).Subtract(e);

    public static MatExpr operator -(MatExpr e, Scalar s) => Given(e).Subtract(s);

    public static MatExpr operator -(Scalar s, MatExpr e) => Given(e).With(a => s - a);

    public static MatExpr operator -(MatExpr e1, MatExpr e2) => Given(e1).Subtract(e2);

    public static MatExpr operator *(MatExpr e, Mat m) => Given(e).Multiply(m);

    public static MatExpr operator *(Mat m, MatExpr e) => FromMat(m).Multiply(e);

    public static MatExpr operator *(MatExpr e, double s) => Given(e).Multiply(s);

    public static MatExpr operator *(double s, MatExpr e) => Given(e).Multiply(s);

    public static MatExpr operator *(MatExpr e1, MatExpr e2) => Given(e1).Multiply(e2);

    public static MatExpr operator /(MatExpr e, Mat m) => Given(e).Divide(m);

    public static MatExpr operator /(Mat m, MatExpr e) => FromMat(m).Divide(e);

    public static MatExpr operator /(MatExpr e, double s) => Given(e).Divide(s);

    public static MatExpr operator /(double s, MatExpr e) => Given(e).With(a => s / a);

    public static MatExpr operator /(MatExpr e1, MatExpr e2) => Given(e1).Divide(e2);

    internal static MatExpr Of(Mat a, Action<Mat, Mat> write)
    {
        var shared = a.Share();
        return new MatExpr(() => Result(dst => write(shared, dst)), shared);
    }

    internal static MatExpr Of(Mat a, Mat b, Action<Mat, Mat, Mat> write)
    {
        ArgumentNullException.ThrowIfNull(b);
        var (left, right) = (a.Share(), b.Share());
        return new MatExpr(() => Result(dst => write(left, right, dst)), left, right);
    }

    protected override void DisposeManaged()
    {
        foreach (var operand in operands)
            operand.Dispose();
        base.DisposeManaged();
    }

    private static MatExpr Given(MatExpr e)
    {
        ArgumentNullException.ThrowIfNull(e);
        return e;
    }

    private static Mat Result(Action<Mat> write)
    {
        var dst = new Mat();
        write(dst);
        return dst;
    }

    // An operation on an expression evaluates the expression first; the outer operation is still put off.
    private MatExpr With(Func<Mat, MatExpr> next)
    {
        using var value = ToMat();
        return next(value);
    }

    private MatExpr With(MatExpr other, Func<Mat, Mat, MatExpr> next)
    {
        using var left = ToMat();
        using var right = Given(other).ToMat();
        return next(left, right);
    }

    private TResult Measure<TResult>(Func<Mat, TResult> read)
    {
        using var value = ToMat();
        return read(value);
    }
}
