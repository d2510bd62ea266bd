using System.Reflection;
using OpenCvSharp;
using Xunit.Sdk;

namespace TimeSformer.Tests;

/// <summary>Tests with a dispose scope and a temporary folder each; gradients are recorded only if asked for.</summary>
public abstract class TensorTests(bool gradients = false) : FolderTests
{
    private readonly TorchSharp.DisposeScope scope = NewDisposeScope();
    private readonly IDisposable mode = set_grad_enabled(gradients);

    public override void Dispose()
    {
        mode.Dispose();
        scope.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>A theory's case for each value of an enumeration.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EachAttribute<T> : DataAttribute where T : struct, Enum
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => Enum.GetValues<T>().Select(value => new object[] { value });
}

/// <summary>Assertions of this project.</summary>
internal static class Assertions
{
    extension(Assert)
    {
        /// <summary>The message of the exception that an action throws; it contains what is said.</summary>
        public static string Refused<T>(string said, Action action) where T : Exception
        {
            var message = Assert.Throws<T>(action).Message;
            Assert.Contains(said, message);
            return message;
        }
    }
}

/// <summary>Reports progress on the calling thread.</summary>
internal sealed class SynchronousProgress(Action<int> report) : IProgress<int>
{
    public void Report(int value) => report(value);
}

/// <summary>Handmade videos.</summary>
internal static class TestVideo
{
    /// <summary>Writes BGR frames and disposes of them; returns the path.</summary>
    public static string Write(string path, IEnumerable<Mat> frames, string codec = "mp4v", double rate = 30)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var writer = new VideoWriter();
        foreach (var frame in frames)
        {
            using var _ = frame;
            Assert.True(writer.IsOpened() || writer.Open(path, FourCC.FromString(codec), rate, frame.Size()), path);
            writer.Write(frame);
        }
        return path;
    }
}
