namespace OpenCvSharp;

/// <summary>A short vector that can be the element of an array.</summary>
public interface IVec;

/// <summary>A short vector with arithmetic that saturates as OpenCV's does.</summary>
public interface IVec<TSelf, out TElem> : IVec
    where TSelf : IVec
    where TElem : unmanaged
{
    TElem this[int i] { get; }

    TSelf Add(TSelf other);

    TSelf Subtract(TSelf other);

    TSelf Multiply(double alpha);

    TSelf Divide(double alpha);
}
