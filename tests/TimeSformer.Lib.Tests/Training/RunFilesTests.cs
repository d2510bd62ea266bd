using System.Buffers.Binary;
using System.Text;
using TimeSformer.Data;
using TimeSformer.Training;

namespace TimeSformer.Tests.Training;

/// <summary>What a run leaves for people to look at: files for TensorBoard, and the list of runs.</summary>
public sealed class RunFilesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("123456789", 0xE3069283)] // the check value of CRC-32C
    [InlineData("", 0)]
    public void Checksums_are_masked_as_TFRecord_files_have_them(string text, uint crc) =>
        Assert.Equal(((crc >> 15) | (crc << 17)) + 0xA282EAD8, EventFile.MaskedCrc(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Scalars_are_read_back_by_another_reader()
    {
        using (var file = new EventFile(folder.Path, step: 5))
        {
            file.Write(5, ("train/loss", 0.25), ("train/learning_rate", 1e-3));
            file.Write(300, ("validation/top1", 0.5));
        }
        var events = Events(Directory.GetFiles(folder.Path).Single()).ToList();
        Assert.Equal("brain.Event:2", Encoding.UTF8.GetString(events[0][3].Single().Bytes));
        Assert.Equal((5, 1), (events[1][2].Single().Number, Fields(events[1][7].Single().Bytes)[1].Single().Number)); // a start at step 5
        Assert.Equal([(5, "train/loss", 0.25f), (5, "train/learning_rate", 1e-3f), (300, "validation/top1", 0.5f)], Scalars(events));
        double now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        Assert.All(events, one => Assert.InRange(BitConverter.Int64BitsToDouble(one[1].Single().Number), now - 60, now + 60));
    }

    [Fact]
    public void Nothing_is_written_before_the_first_scalar()
    {
        new EventFile(folder.Path, step: 1).Dispose();
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_run_and_its_resumption_have_all_steps_in_their_event_files_and_are_listed()
    {
        var recipe = Recipe(epochs: 2);
        using var stop = new CancellationTokenSource();
        new Trainer(recipe, folder.File("runs/a")) { OnStep = progress => { if (progress.Step == 2) stop.Cancel(); } }.Run(stop.Token);
        Assert.Equal((0, 2L), (RunSummary.Read(folder.File("runs/a"))!.Epochs, RunSummary.Read(folder.File("runs/a"))!.Step));
        Assert.Equal(RunState.Running, RunSummary.Read(folder.File("runs/a"))!.State);
        File.SetLastWriteTimeUtc(folder.File("runs/a/log.jsonl"), DateTime.UtcNow.AddMinutes(-2));
        Assert.Equal(RunState.Stopped, RunSummary.Read(folder.File("runs/a"))!.State);

        var result = new Trainer(recipe, folder.File("runs/a")).Run();
        var files = Directory.GetFiles(folder.File("runs/a"), "events.out.tfevents.*").Order(StringComparer.Ordinal).Select(file => Events(file).ToList()).ToList();
        Assert.Equal(2, files.Count);
        Assert.Equal(3, files[1][1][2].Single().Number); // what was said of step 3 and later does not count
        var scalars = files.SelectMany(Scalars).ToList();
        Assert.Equal([1, 2, 3, 4], scalars.Where(scalar => scalar.Tag == "train/loss").Select(scalar => scalar.Step));
        Assert.Equal([2, 4], scalars.Where(scalar => scalar.Tag == "validation/top1").Select(scalar => scalar.Step));
        Assert.Equal([4], scalars.Where(scalar => scalar.Tag == "speed/clips_per_second" && scalar.Value > 0).Select(scalar => scalar.Step));
        Assert.Equal((float)result.WaitingForData, scalars.Last(scalar => scalar.Tag == "speed/waiting_for_data").Value);
        Assert.Equal((float)result.Validation!.Loss, scalars.Last(scalar => scalar.Tag == "validation/loss").Value);

        new Trainer(Recipe(epochs: 1, rate: 0.5), folder.File("runs/deep/b")).Run();
        File.WriteAllText(folder.File("runs/recipe.yaml"), "no: recipe");
        var runs = RunSummary.ReadAll(folder.File("runs"));
        Assert.Equal([("a", RunState.Finished, 2, 4L, 2), ("b", RunState.Finished, 1, 2L, 1)], runs.Select(run => (Path.GetFileName(run.Folder), run.State, run.Epochs, run.Step, run.Accuracy.Count)));
        Assert.Equal(result.Validation!.Top1, runs[0].Accuracy[^1].Top1);
        var differences = RunSummary.Differences(runs);
        Assert.Equal(["training.epochs", "training.learning_rate"], differences.Keys.Order());
        Assert.Equal(["2", "1"], differences["training.epochs"]);
    }

    [Fact]
    public void Where_there_is_no_run_none_is_found()
    {
        Assert.Empty(RunSummary.ReadAll(folder.Path));
        Assert.Empty(RunSummary.ReadAll(folder.File("none")));
        Assert.Null(RunSummary.Read(folder.Path));
    }

    private Recipe Recipe(int epochs, double rate = 1e-3)
    {
        ProceduralVideos.Write(new(folder.File("data"), ProceduralFamily.Motion, TrainPerClass: 1, ValPerClass: 1));
        return new()
        {
            Data = new() { Train = folder.File("data/train.txt"), Val = folder.File("data/val.txt"), Frames = 2, SamplingRate = 8, CropSize = 32, JitterScales = [32, 36] },
            Training = new() { Epochs = epochs, BatchSize = 4, LearningRate = rate, Steps = [0], StepFactors = [1] },
        };
    }

    private static List<(long Step, string Tag, float Value)> Scalars(List<Dictionary<int, List<Field>>> events) =>
    [
        .. from one in events
           where one.ContainsKey(5)
           from value in Fields(one[5].Single().Bytes)[1]
           let fields = Fields(value.Bytes)
           select (one[2].Single().Number, Encoding.UTF8.GetString(fields[1].Single().Bytes), BitConverter.Int32BitsToSingle((int)fields[2].Single().Number)),
    ];

    // A reader of its own, from the published formats: records, and the wire format of protocol buffers.
    private static IEnumerable<Dictionary<int, List<Field>>> Events(string path)
    {
        var bytes = File.ReadAllBytes(path);
        for (int at = 0; at < bytes.Length;)
        {
            int length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at, 8));
            Assert.Equal(Crc(bytes[at..(at + 8)]), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 8)));
            var data = bytes[(at + 12)..(at + 12 + length)];
            Assert.Equal(Crc(data), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 12 + length)));
            at += 16 + length;
            yield return Fields(data);
        }
    }

    private readonly record struct Field(long Number, byte[] Bytes);

    private static Dictionary<int, List<Field>> Fields(byte[] data)
    {
        var fields = new Dictionary<int, List<Field>>();
        int at = 0;
        long Varint()
        {
            long value = 0;
            for (int shift = 0; ; shift += 7)
            {
                value |= (long)(data[at] & 0x7F) << shift;
                if (data[at++] < 0x80) return value;
            }
        }
        while (at < data.Length)
        {
            long key = Varint();
            Field field;
            switch (key & 7)
            {
                case 0:
                    field = new(Varint(), []);
                    break;
                case 1:
                    field = new(BinaryPrimitives.ReadInt64LittleEndian(data.AsSpan(at)), []);
                    at += 8;
                    break;
                case 2:
                    int length = (int)Varint();
                    field = new(0, data[at..(at + length)]);
                    at += length;
                    break;
                case 5:
                    field = new(BinaryPrimitives.ReadInt32LittleEndian(data.AsSpan(at)), []);
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"wire type {key & 7}");
            }
            if (!fields.TryGetValue((int)(key >> 3), out var same)) fields[(int)(key >> 3)] = same = [];
            same.Add(field);
        }
        return fields;
    }

    // Bit by bit, with the reflected polynomial of Castagnoli.
    private static uint Crc(byte[] data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) == 1 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
        }
        crc = ~crc;
        return ((crc >> 15) | (crc << 17)) + 0xA282EAD8;
    }
}
