using System.Runtime.InteropServices;

namespace TimeSformer.Tests.Torch;

/// <summary>The patched copy of TorchSharp's library, made from the real file.</summary>
public sealed class OlderLibstdcxxTests : FolderTests
{
    private readonly byte[] library;

    public OlderLibstdcxxTests()
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        NativeLibraries.LoadTorch();
        File.Copy(Path.Combine(NativeLibraries.SharedFolder, "libLibTorchSharp.so"), folder.File("library.so"));
        library = File.ReadAllBytes(folder.File("library.so"));
    }

    [SkippableFact]
    public void The_copy_differs_in_a_name_an_index_and_a_flag_and_can_be_loaded()
    {
        var copy = OlderLibstdcxx.Copy(folder.File("library.so"));
        Assert.Equal(library, File.ReadAllBytes(folder.File("library.so")));
        var patched = File.ReadAllBytes(copy);
        Assert.Equal(library.Length, patched.Length);
        Assert.InRange(library.Zip(patched).Count(pair => pair.First != pair.Second), 3, "sched_yield".Length + 1 + 2 + 2);
        Assert.NotEqual(0, NativeLibrary.GetExport(NativeLibrary.Load(copy), "THSTorch_manual_seed"));
    }

    [SkippableFact]
    public void The_copy_is_made_once_and_again_if_damaged()
    {
        var copy = OlderLibstdcxx.Copy(folder.File("library.so"));
        var time = File.GetLastWriteTimeUtc(copy);
        Assert.Equal((copy, time), (OlderLibstdcxx.Copy(folder.File("library.so")), File.GetLastWriteTimeUtc(copy)));
        var whole = File.ReadAllBytes(copy);
        File.WriteAllText(copy, "damaged");
        OlderLibstdcxx.Copy(folder.File("library.so"));
        Assert.Equal(whole, File.ReadAllBytes(copy));
    }

    [SkippableFact]
    public void Patched_files_and_other_files_are_rejected()
    {
        Rejected(OlderLibstdcxx.Patch(library, "x"), "0 symbols of GLIBCXX_3.4.32");
        Rejected([], "not a 64-bit ELF file");
        Rejected("#!/bin/sh"u8.ToArray(), "not a 64-bit ELF file");
        Rejected(File.ReadAllBytes(Path.Combine(NativeLibraries.SharedFolder, "libc10.so")), "it does not need GLIBCXX_3.4.32");

        static void Rejected(byte[] file, string cause)
        {
            var message = Assert.Refused<NativeLibraryException>(cause, () => OlderLibstdcxx.Patch(file, "x.so"));
            Assert.Contains("x.so cannot be patched", message);
        }
    }

    // Random bytes, truncated files, and files with changed bytes in the header or the section table.
    [SkippableFact]
    public void A_damaged_file_is_patched_or_rejected_with_one_exception_type()
    {
        int sections = (int)BitConverter.ToInt64(library, 0x28);
        var bytes = Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf();
        var damaged = Gen.OneOf(
            bytes, bytes.Select(rest => (byte[])[.. library.AsSpan(0, 64), .. rest]),
            Gen.Choose(0, library.Length - 1).Select(length => library[..length]),
            from places in Gen.OneOf(Gen.Choose(0, 63), Gen.Choose(sections, library.Length - 1)).NonEmptyListOf()
            from value in Gen.Choose(0, 255)
            select places.Aggregate((byte[])library.Clone(), (file, place) =>
            {
                file[place] = (byte)value;
                return file;
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
