using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace TimeSformer.Training;

/// <summary>
/// Scalars in the file format that TensorBoard reads: records, each framed by its length and masked CRC32C checksums as TFRecord files are,
/// that hold protocol buffers of the type tensorflow.Event.
/// </summary>
/// <remarks>The file is made with the first scalar. It begins with the mark of a (re)start, on which TensorBoard drops what an earlier file says of the same and later steps.</remarks>
/// <param name="folder">Of the run; several files in it are read one after the other.</param>
/// <param name="step">The first step that is still to be done.</param>
public sealed class EventFile(string folder, long step) : IDisposable
{
    private const int Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5; // how a field is stored, in the low bits of its key

    private FileStream? stream;

    /// <summary>Appends values at a step.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(long at, params ReadOnlySpan<(string Tag, double Value)> scalars)
    {
        if (stream is null)
        {
            stream = Create(folder);
            Record(Event(0, message => Text(message, 3, "brain.Event:2")));          // file_version
            Record(Event(step, message => Message(message, 7, session => Number(session, 1, 1)))); // session_log.status = START
        }
        var values = new ArrayBufferWriter<byte>();
        foreach (var (tag, value) in scalars)
        {
            Message(values, 1, one =>
            {
                Text(one, 1, tag);
                Key(one, 2, Fixed32);
                BinaryPrimitives.WriteSingleLittleEndian(one.GetSpan(4), (float)value);
                one.Advance(4);
            });
        }
        Record(Event(at, message => Blob(message, 5, values.WrittenSpan)));          // summary
        stream.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => stream?.Dispose();

    /// <summary>The checksum of TFRecord files: CRC32C, rotated by 15 bits and moved, so that checksums of checksums stay sound.</summary>
    public static uint MaskedCrc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes) crc = BitOperations.Crc32C(crc, value);
        crc = ~crc;
        return BitOperations.RotateRight(crc, 15) + 0xA282EAD8;
    }

    // The seconds since 1970 in the name are how TensorBoard orders files.
    private static FileStream Create(string folder)
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        return new(Path.Combine(folder, $"events.out.tfevents.{now / 1000:D10}.{now % 1000:D3}.timesformer"), FileMode.Append);
    }

    private void Record(ReadOnlySpan<byte> data)
    {
        Span<byte> length = stackalloc byte[8], checksum = stackalloc byte[4];
        BinaryPrimitives.WriteInt64LittleEndian(length, data.Length);
        stream!.Write(length);
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, MaskedCrc(length));
        stream.Write(checksum);
        stream.Write(data);
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, MaskedCrc(data));
        stream.Write(checksum);
    }

    private static ReadOnlySpan<byte> Event(long step, Action<ArrayBufferWriter<byte>> what)
    {
        var message = new ArrayBufferWriter<byte>();
        Key(message, 1, Fixed64);                                                    // wall_time, in seconds
        BinaryPrimitives.WriteDoubleLittleEndian(message.GetSpan(8), DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0);
        message.Advance(8);
        Number(message, 2, step);
        what(message);
        return message.WrittenSpan;
    }

    private static void Message(ArrayBufferWriter<byte> target, int field, Action<ArrayBufferWriter<byte>> content)
    {
        var inner = new ArrayBufferWriter<byte>();
        content(inner);
        Blob(target, field, inner.WrittenSpan);
    }

    private static void Text(ArrayBufferWriter<byte> target, int field, string text) => Blob(target, field, Encoding.UTF8.GetBytes(text));

    private static void Blob(ArrayBufferWriter<byte> target, int field, ReadOnlySpan<byte> bytes)
    {
        Key(target, field, Bytes);
        Variable(target, (ulong)bytes.Length);
        target.Write(bytes);
    }

    private static void Number(ArrayBufferWriter<byte> target, int field, long value)
    {
        Key(target, field, Varint);
        Variable(target, (ulong)value);
    }

    private static void Key(ArrayBufferWriter<byte> target, int field, int kind) => Variable(target, (ulong)((field << 3) | kind));

    // Seven bits a byte, the lowest first; the top bit says that more follow.
    private static void Variable(ArrayBufferWriter<byte> target, ulong value)
    {
        for (; value >= 0x80; value >>= 7) target.Write([(byte)(value | 0x80)]);
        target.Write([(byte)value]);
    }
}
