using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OpenCvSharp.Tests;

/// <summary>What concerns the whole process runs alone: memory, and what native code prints.</summary>
[CollectionDefinition(nameof(ProcessWide), DisableParallelization = true)]
public class ProcessWide;

[Collection(nameof(ProcessWide))]
public partial class ProcessWideTests
{
    private const int Megabyte = 1 << 20;

    [Fact]
    public void Ten_thousand_disposed_Mats_leave_no_memory_behind()
    {
        var growth = Growth(() =>
        {
            using var mat = new Mat(256, 256, MatType.CV_8UC3, Scalar.Red);
            using var view = mat[new Rect(8, 8, 64, 64)];
            using var clone = view.Clone();
            using var grey = mat.CvtColor(ColorConversionCodes.BGR2GRAY);
        });

        Assert.True(growth < 100 * Megabyte, $"{growth / Megabyte} MB");
    }

    [Fact]
    public void Ten_thousand_forgotten_Mats_are_collected_in_time()
    {
        // 1.9 GB in all.
        var growth = Growth(() =>
        {
            var mat = new Mat(256, 256, MatType.CV_8UC3, Scalar.Red);
            Assert.False(mat.Empty());
        });

        Assert.True(growth < 600 * Megabyte, $"{growth / Megabyte} MB");
    }

    [Fact]
    public void Nothing_is_printed_when_things_go_wrong()
    {
        using var folder = new Temporary();
        var file = folder.Path("clip.mp4");
        VideoTests.WriteClip(folder.Path("whole.avi"), "MJPG");
        File.WriteAllText(folder.Path("text.mp4"), new string('x', 5000));
        File.WriteAllBytes(folder.Path("half.avi"), File.ReadAllBytes(folder.Path("whole.avi"))[..9000]);

        var printed = CaptureStandardError(folder.Path("stderr"), () =>
        {
            using var mat = new Mat();
            using var dst = new Mat();
            Assert.Throws<OpenCVException>(() => Cv2.CvtColor(mat, dst, ColorConversionCodes.BGR2GRAY));
            using var missing = new VideoCapture(folder.Path("missing.mp4"));
            using var text = new VideoCapture(folder.Path("text.mp4"));
            using var half = new VideoCapture(folder.Path("half.avi"));
            while (half.Read(dst))
            {
            }
            VideoTests.WriteClip(file, "H264");
            using var image = Cv2.ImRead(folder.Path("missing.png"));
        });

        Assert.Equal("", printed);
    }

    private static long Growth(Action step)
    {
        for (var i = 0; i < 500; i++)
            step();
        var before = Resident();
        for (var i = 0; i < 10_000; i++)
            step();
        return Resident() - before;

        static long Resident()
        {
            using var process = Process.GetCurrentProcess();
            return process.WorkingSet64;
        }
    }

    private static string CaptureStandardError(string file, Action action)
    {
        const int StandardError = 2;
        var saved = dup(StandardError);
        using (var stream = File.Create(file))
        {
            Assert.True(dup2((int)stream.SafeFileHandle.DangerousGetHandle(), StandardError) >= 0);
            try
            {
                action();
            }
            finally
            {
                _ = dup2(saved, StandardError);
                _ = close(saved);
            }
        }
        return File.ReadAllText(file);
    }

    [LibraryImport("libc")]
    private static partial int dup(int descriptor);

    [LibraryImport("libc")]
    private static partial int dup2(int descriptor, int target);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
