namespace OpenCvSharp;

/// <summary>A mistake found on the managed side, before OpenCV was called.</summary>
[Serializable]
public class OpenCvSharpException : Exception
{
    public OpenCvSharpException()
    {
    }

    public OpenCvSharpException(string message)
        : base(message)
    {
    }

    public OpenCvSharpException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
