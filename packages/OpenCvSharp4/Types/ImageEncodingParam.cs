namespace OpenCvSharp;

/// <summary>One setting of an image encoder, JPEG quality for example.</summary>
[Serializable]
public record ImageEncodingParam
{
    public ImageEncodingParam(ImwriteFlags id, int value)
    {
        EncodingId = id;
        Value = value;
    }

    public ImwriteFlags EncodingId { get; }

    public int Value { get; }

    /// <summary>Settings as OpenCV reads them: name, value, name, value, ...</summary>
    internal static int[] Flatten(ImageEncodingParam[] parameters) => [.. parameters.SelectMany(p => new[] { (int)p.EncodingId, p.Value })];
}
