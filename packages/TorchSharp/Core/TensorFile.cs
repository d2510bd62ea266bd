using System;
using System.IO;
using System.Linq;
using static TorchSharp.torch;

namespace TorchSharp;

// TorchSharp's own tensor stream: element type, number of dimensions and each length as LEB128, then the elements, row by row.
public static partial class TensorExtensionMethods
{
    private const int MaxDimensions = 64;
    private const int Chunk = 1 << 20;

    public static void Save(this Tensor tensor, BinaryWriter writer)
    {
        using var detached = tensor.detach();
        using var local = detached.cpu();
        using var source = local.contiguous();
        var shape = source.shape;
        writer.Write7BitEncodedInt64((long)source.dtype);
        writer.Write7BitEncodedInt64(shape.Length);
        foreach (var length in shape) writer.Write7BitEncodedInt64(length);
        writer.Flush();
        EachChunk(source, writer.BaseStream, static (stream, bytes) => stream.Write(bytes));
    }

    /// <summary>Closes the stream afterwards, as the original does.</summary>
    public static void Save(this Tensor tensor, Stream stream)
    {
        using var writer = new BinaryWriter(stream);
        tensor.Save(writer);
    }

    public static void Save(this Tensor tensor, string location) => tensor.Save(File.Create(location));

    /// <summary>Reads into a tensor of the same type and shape; with `skip`, reads past the data and leaves the tensor alone.</summary>
    /// <exception cref="ArgumentException">The stream holds another type or shape.</exception>
    /// <exception cref="InvalidDataException">The stream holds no tensor.</exception>
    public static void Load(this Tensor tensor, BinaryReader reader, bool skip = false)
    {
        var (type, shape) = ReadHeader(reader);
        if (type != tensor.dtype) throw new ArgumentException($"the stream holds {type}, the tensor {tensor.dtype}");
        Fill(tensor, type, shape, reader, skip);
    }

    public static Tensor Load(BinaryReader reader, bool skip = false)
    {
        Tensor? tensor = null;
        Load(ref tensor, reader, skip);
        return tensor!;
    }

    /// <summary>Makes the tensor where there is none; with `skip`, of zeros.</summary>
    public static void Load(ref Tensor? tensor, BinaryReader reader, bool skip = false)
    {
        var (type, shape) = ReadHeader(reader);
        tensor ??= zeros(shape, type, CPU);
        Fill(tensor, type, shape, reader, skip);
    }

    private static (ScalarType Type, long[] Shape) ReadHeader(BinaryReader reader)
    {
        long code = ReadNumber(reader);
        if (code > sbyte.MaxValue || !Enum.IsDefined((ScalarType)code)) throw new InvalidDataException($"element type {code} in a tensor stream");
        var type = (ScalarType)code;
        long rank = ReadNumber(reader);
        if (rank > MaxDimensions) throw new InvalidDataException($"{rank} dimensions in a tensor stream");
        var shape = new long[rank];
        for (int k = 0; k < shape.Length; k++) shape[k] = ReadNumber(reader);
        long bytes;
        try
        {
            bytes = shape.Aggregate((long)type.ElementSize(), (product, length) => checked(product * length));
        }
        catch (OverflowException error)
        {
            throw new InvalidDataException($"a tensor of {string.Join(" x ", shape)} in a tensor stream", error);
        }
        var stream = reader.BaseStream;
        if (stream.CanSeek && bytes > stream.Length - stream.Position)
        {
            throw new EndOfStreamException($"{bytes} bytes of a tensor promised, {stream.Length - stream.Position} left");
        }
        return (type, shape);
    }

    private static long ReadNumber(BinaryReader reader)
    {
        try
        {
            long number = reader.Read7BitEncodedInt64();
            return number >= 0 ? number : throw new InvalidDataException("a negative number in a tensor stream");
        }
        catch (FormatException error)
        {
            throw new InvalidDataException("a number of more than 64 bits in a tensor stream", error);
        }
    }

    private static void Fill(Tensor tensor, ScalarType type, long[] shape, BinaryReader reader, bool skip)
    {
        var stream = reader.BaseStream;
        if (!skip && !shape.AsSpan().SequenceEqual(tensor.shape))
        {
            throw new ArgumentException($"the stream holds {string.Join(" x ", shape)}, the tensor {string.Join(" x ", tensor.shape)}");
        }
        if (skip && stream.CanSeek)
        {
            stream.Seek(shape.TotalSize() * type.ElementSize(), SeekOrigin.Current);
            return;
        }
        using var read = empty(shape, type, CPU);
        EachChunk(read, stream, static (stream, bytes) => stream.ReadExactly(bytes));
        if (skip) return;
        using var still = no_grad();
        tensor.copy_(read).Dispose();
    }

    private static unsafe void EachChunk(Tensor contiguous, Stream stream, Action<Stream, Span<byte>> action)
    {
        long bytes = contiguous.numel() * contiguous.ElementSize;
        if (bytes == 0) return;
        var memory = (byte*)contiguous.DataPointer();
        for (long position = 0; position < bytes; position += Chunk)
        {
            action(stream, new Span<byte>(memory + position, (int)Math.Min(Chunk, bytes - position)));
        }
        GC.KeepAlive(contiguous);
    }
}

public static partial class torch
{
    public partial class Tensor
    {
        public static Tensor Load(BinaryReader reader) => TensorExtensionMethods.Load(reader);

        public static Tensor Load(Stream stream)
        {
            using var reader = new BinaryReader(stream);
            return Load(reader);
        }

        public static Tensor Load(string location) => Load(File.OpenRead(location));
    }
}
