namespace OpenCvSharp;

// Size, type and memory layout.
public partial class Mat
{
    public int Flags => Info.Flags;

    public int Dims => Info.Dims;

    /// <summary>-1 where there are more than two dimensions.</summary>
    public int Rows => Info.Rows;

    public int Height => Info.Rows;

    /// <summary>-1 where there are more than two dimensions.</summary>
    public int Cols => Info.Cols;

    public int Width => Info.Cols;

    public IntPtr Data => Info.Data;

    public unsafe byte* DataPointer => (byte*)Info.Data;

    public IntPtr DataStart => Info.DataStart;

    public IntPtr DataEnd => Info.DataEnd;

    public IntPtr DataLimit => Info.DataLimit;

    internal MatInfo Info
    {
        get
        {
            ThrowIfDisposed();
            Shim.Check(Shim.mat_info(Handle, out var info));
            return info;
        }
    }

    public Size Size()
    {
        var info = Info;
        return new Size(info.Cols, info.Rows);
    }

    public int Size(int dim) => Dimension(dim).Size;

    public MatType Type() => new(Info.Type);

    public int Depth() => Type().Depth;

    public int Channels() => Type().Channels;

    /// <summary>Bytes of an element, all channels together.</summary>
    public int ElemSize() => (int)Info.ElementSize;

    /// <summary>Bytes of one channel of an element.</summary>
    public int ElemSize1() => (int)Info.ElementSize1;

    /// <summary>Bytes from one row to the next.</summary>
    public long Step() => Info.Step0;

    /// <summary>Bytes from one index of dimension <paramref name="i"/> to the next.</summary>
    public long Step(int i) => Dimension(i).Step;

    /// <summary>The step in numbers rather than bytes.</summary>
    public long Step1(int i = 0) => Step(i) / ElemSize1();

    /// <summary>How many elements there are.</summary>
    public long Total() => Info.Total;

    public bool Empty() => Info.Empty != 0;

    /// <summary>No gap between one row and the next.</summary>
    public bool IsContinuous() => Info.Continuous != 0;

    /// <summary>Shows only a part of the memory that it was made from.</summary>
    public bool IsSubmatrix() => Info.Submatrix != 0;

    public override string ToString() =>
        IsDisposed ? "Mat [disposed]" : $"Mat [ {Rows}*{Cols}*{Type()}, IsContinuous={IsContinuous()}, IsSubmatrix={IsSubmatrix()} ]";

    private (int Size, long Step) Dimension(int i)
    {
        ThrowIfDisposed();
        Shim.Check(Shim.mat_dimension(Handle, i, out var size, out var step));
        return (size, step);
    }
}
