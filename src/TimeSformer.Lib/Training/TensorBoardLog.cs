using System.Buffers.Binary;
using Tensorboard;
using TorchSharp.Modules;
using static TorchSharp.torch.utils.tensorboard;

namespace TimeSformer.Training;

/// <summary>
/// A run's numbers as TensorBoard reads them: event files in its folder, one for each time that the run was started or resumed. A file is
/// created with its first number.
/// </summary>
/// <param name="run">The run's folder.</param>
public sealed class TensorBoardLog(string run)
{
    private SummaryWriter? writer;

    /// <summary>Appends a value at a step and flushes it.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Add(string tag, double value, long step)
    {
        writer ??= SummaryWriter(run);
        // The writer's own clock is in another unit than TensorBoard's; as float, seconds since 1970 are right to a minute.
        writer.add_scalar(tag, (float)value, checked((int)step), DateTimeOffset.UtcNow.ToUnixTimeSeconds());
    }

    /// <summary>Removes the records of later steps, which are done again, and one that a crash left incomplete.</summary>
    /// <param name="after">The last step that is kept.</param>
    public void Forget(long after)
    {
        foreach (var path in Directory.GetFiles(run, "events.out.tfevents.*"))
        {
            var bytes = File.ReadAllBytes(path);
            int kept = 0;
            while (RecordAt(bytes, kept) is > 0 and var size && Event.Parser.ParseFrom(bytes, kept + 12, size - 16).Step <= after)
            {
                kept += size;
            }
            if (kept == bytes.Length) continue;
            using var file = File.OpenWrite(path);
            file.SetLength(kept);
        }
    }

    // The size of a TFRecord: the length of the data (8 bytes), its checksum (4), the data, its checksum (4); 0 where none is whole.
    private static int RecordAt(byte[] bytes, int start) =>
        BinaryPrimitives.TryReadInt64LittleEndian(bytes.AsSpan(start), out long data) && data >= 0 && data <= bytes.Length - start - 16
            ? (int)data + 16
            : 0;
}
