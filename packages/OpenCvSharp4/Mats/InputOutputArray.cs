namespace OpenCvSharp;

/// <summary>The Mat that a function reads and changes, an image that is drawn on for example.</summary>
public class InputOutputArray : OutputArray
{
    internal InputOutputArray(Mat mat)
        : base(mat)
    {
    }

    public static new InputOutputArray Create(Mat mat) => new(mat);

    public static implicit operator InputOutputArray(Mat mat) => new(mat);
}
