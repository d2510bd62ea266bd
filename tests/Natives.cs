using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace TimeSformer.Tests;

/// <summary>A test may begin with TorchSharp itself.</summary>
internal static class Natives
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "tests are a program, of which this is the start")]
    internal static void Load() => TimeSformer.Torch.NativeLibraries.LoadTorch();
}
