using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using TimeSformer.Torch;

namespace TimeSformer.Tests.Torch;

/// <summary>The copy of TorchSharp's library for an older libstdc++, made of the real file.</summary>
public sealed class OlderLibstdcxxTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly byte[] library;

    public OlderLibstdcxxTests()
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        NativeLibraries.LoadTorch();
        File.Copy(Path.Combine(NativeLibraries.SharedFolder, "libLibTorchSharp.so"), folder.File("library.so"));
        library = File.ReadAllBytes(folder.File("library.so"));
    }

    public void Dispose() => folder.Dispose();

    [SkippableFact]
    public void It_differs_in_a_name_an_index_and_a_flag_and_loads_here()
    {
        var copy = OlderLibstdcxx.Copy(folder.File("library.so"));
        Assert.Equal(library, File.ReadAllBytes(folder.File("library.so")));
        var patched = File.ReadAllBytes(copy);
        Assert.Equal(library.Length, patched.Length);
        Assert.InRange(library.Zip(patched).Count(pair => pair.First != pair.Second), 3, "sched_yield".Length + 1 + 2 + 2);
        Assert.NotEqual(0, NativeLibrary.GetExport(NativeLibrary.Load(copy), "THSTorch_manual_seed"));
    }

    [SkippableFact]
    public void It_is_made_once_and_again_where_it_is_damaged()
    {
        var copy = OlderLibstdcxx.Copy(folder.File("library.so"));
        var made = File.GetLastWriteTimeUtc(copy);
        Assert.Equal((copy, made), (OlderLibstdcxx.Copy(folder.File("library.so")), File.GetLastWriteTimeUtc(copy)));
        var whole = File.ReadAllBytes(copy);
        File.WriteAllText(copy, "damaged");
        OlderLibstdcxx.Copy(folder.File("library.so"));
        Assert.Equal(whole, File.ReadAllBytes(copy));
    }

    [SkippableFact]
    public void What_is_patched_already_or_no_library_is_refused()
    {
        Refused(OlderLibstdcxx.Patch(library, "x"), "0 symbols of GLIBCXX_3.4.32");
        Refused([], "not a 64-bit ELF file");
        Refused("#!/bin/sh"u8.ToArray(), "not a 64-bit ELF file");
        Refused(File.ReadAllBytes(Path.Combine(NativeLibraries.SharedFolder, "libc10.so")), "it does not ask for GLIBCXX_3.4.32");

        static void Refused(byte[] file, string why)
        {
            var error = Assert.Throws<NativeLibraryException>(() => OlderLibstdcxx.Patch(file, "x.so"));
            Assert.Contains("x.so is not the file that can be changed", error.Message, StringComparison.Ordinal);
            Assert.Contains(why, error.Message, StringComparison.Ordinal);
        }
    }

    // Random bytes, the file cut short, and the file with bytes changed where its structure is described.
    [SkippableFact]
    public void A_damaged_file_is_refused_in_one_way()
    {
        int sections = (int)BitConverter.ToInt64(library, 0x28);
        var damaged = Gen.OneOf(
            Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(),
            Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf().Select(rest => (byte[])[.. library.AsSpan(0, 64), .. rest]),
            Gen.Choose(0, library.Length - 1).Select(length => library[..length]),
            from places in Gen.OneOf(Gen.Choose(0, 63), Gen.Choose(sections, library.Length - 1)).NonEmptyListOf()
            from value in Gen.Choose(0, 255)
            select places.Aggregate((byte[])library.Clone(), (bytes, place) =>
            {
                bytes[place] = (byte)value;
                return bytes;
            }));
        Prop.ForAll(damaged.ToArbitrary(), file =>
        {
            try
            {
                return OlderLibstdcxx.Patch(file, "x.so").Length == file.Length;
            }
            catch (NativeLibraryException error)
            {
                return !error.Message.Contains('\n');
            }
        }).Check(Config.QuickThrowOnFailure);
    }
}
