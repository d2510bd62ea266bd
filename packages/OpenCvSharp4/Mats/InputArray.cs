using System.Diagnostics.CodeAnalysis;

namespace OpenCvSharp;

/// <summary>Whatever a function reads from: a Mat, an expression, a scalar. Rarely written out; it converts implicitly.</summary>
public class InputArray : DisposableCvObject
{
    private readonly Mat mat;
    private readonly bool temporary;

    internal InputArray(Mat mat, bool temporary = false)
    {
        ArgumentNullException.ThrowIfNull(mat);
        this.mat = mat;
        this.temporary = temporary;
    }

    internal MatHandle Handle
    {
        get
        {
            ThrowIfDisposed();
            mat.ThrowIfDisposed();
            return mat.Handle;
        }
    }

    private protected override NativeObject? Owner => temporary ? mat.Handle : null;

    public static InputArray Create(Mat mat) => new(mat);

    public static InputArray Create(MatExpr expr)
    {
        ArgumentNullException.ThrowIfNull(expr);
        return new InputArray(expr.ToMat(), temporary: true);
    }

    public static InputArray Create(Scalar val) => Column([val.Val0, val.Val1, val.Val2, val.Val3]);

    public static InputArray Create(double val) => Column([val]);

    /// <summary>One column with an element for each of the array's.</summary>
    public static InputArray Create<T>(T[] array)
        where T : struct => Create(array, ElementTypes.Of<T>());

    /// <summary>One column with an element for each of the array's.</summary>
    public static InputArray Create<T>(T[] array, MatType type)
        where T : struct
    {
        ArgumentNullException.ThrowIfNull(array);
        return new InputArray(Mat.FromPixelData(array.Length, 1, type, array), temporary: true);
    }

    [return: NotNullIfNotNull(nameof(mat))]
    public static implicit operator InputArray?(Mat? mat) => mat is null ? null : Create(mat);

    [return: NotNullIfNotNull(nameof(expr))]
    public static implicit operator InputArray?(MatExpr? expr) => expr is null ? null : Create(expr);

    public static implicit operator InputArray(Scalar val) => Create(val);

    public static implicit operator InputArray(double val) => Create(val);

    public static implicit operator InputArray(Vec3b vec) => Column([vec.Item0, vec.Item1, vec.Item2]);

    public static implicit operator InputArray(Vec4b vec) => Column([vec.Item0, vec.Item1, vec.Item2, vec.Item3]);

    public static implicit operator InputArray(Vec2i vec) => Column([vec.Item0, vec.Item1]);

    public static implicit operator InputArray(Vec3i vec) => Column([vec.Item0, vec.Item1, vec.Item2]);

    public static implicit operator InputArray(Vec2f vec) => Column([vec.Item0, vec.Item1]);

    public static implicit operator InputArray(Vec3f vec) => Column([vec.Item0, vec.Item1, vec.Item2]);

    public static implicit operator InputArray(Vec3d vec) => Column([vec.Item0, vec.Item1, vec.Item2]);

    /// <summary>A Mat over the same memory.</summary>
    public Mat GetMat(int i = -1)
    {
        ThrowIfDisposed();
        return i < 0 ? mat.Share() : mat.Row(i);
    }

    private static InputArray Column(double[] values) => Create(values, MatType.CV_64FC1);
}
