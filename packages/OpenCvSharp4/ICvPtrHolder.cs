namespace OpenCvSharp;

/// <summary>Something with an address in native memory.</summary>
public interface ICvPtrHolder
{
    IntPtr CvPtr { get; }
}
