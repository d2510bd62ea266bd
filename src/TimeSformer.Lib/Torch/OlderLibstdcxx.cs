using System.Buffers.Binary;
using System.Text;

namespace TimeSformer.Torch;

/// <summary>
/// Patches TorchSharp's native library for systems with a libstdc++ older than that of GCC 13 (Debian 12, Ubuntu 22.04, RHEL 9). The
/// library requires the version GLIBCXX_3.4.32 only for the symbol <c>std::ios_base_library_init()</c>, which initializes the streams of
/// libstdc++; libtorch, loaded earlier, has already done so. In a copy of the file, the version becomes weak and the symbol a harmless libc
/// function.
/// </summary>
/// <remarks>ELF format and symbol versions: System V ABI, chapter 4; Linux Standard Base Core 5.0, section 10.7.</remarks>
public static class OlderLibstdcxx
{
    /// <summary>The symbol version that older libraries lack.</summary>
    public const string Version = "GLIBCXX_3.4.32";

    private const string Symbol = "_ZSt21ios_base_library_initv", Harmless = "sched_yield", LibcVersion = "GLIBC_2.2.5";
    private const ushort Weak = 2;

    /// <summary>The path of a patched copy, made if needed: beside the file in older-libstdc++, or in local application data.</summary>
    /// <exception cref="NativeLibraryException">The file is not as expected, or the copy cannot be written.</exception>
    public static string Copy(string path)
    {
        var bytes = Patch(File.ReadAllBytes(path), path);
        var local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        foreach (var folder in new[] { Path.GetDirectoryName(path)!, Path.Combine(local, "timesformer") })
        {
            var copy = Path.Combine(folder, "older-libstdc++", Path.GetFileName(path));
            try
            {
                if (File.Exists(copy) && File.ReadAllBytes(copy).AsSpan().SequenceEqual(bytes)) return copy;
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                var temporary = $"{copy}.{Environment.ProcessId}";
                File.WriteAllBytes(temporary, bytes);
                File.Move(temporary, copy, overwrite: true);
                return copy;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Try the next folder.
            }
        }
        throw new NativeLibraryException(
            $"this system's libstdc++ lacks {Version}, and the patched copy of {path} cannot be written; make {local} writable");
    }

    /// <summary>Returns a patched copy of a library, a 64-bit little-endian ELF file; `name` is for error messages.</summary>
    /// <exception cref="NativeLibraryException">The file is not of this format, or does not need the symbol as expected.</exception>
    public static byte[] Patch(byte[] library, string name)
    {
        try
        {
            var bytes = (byte[])library.Clone();
            new Elf(bytes).Weaken();
            return bytes;
        }
        catch (Exception error) when (error is ArgumentException or IndexOutOfRangeException or InvalidDataException or OverflowException)
        {
            throw new NativeLibraryException(
                $"this system's libstdc++ lacks {Version}, and {name} cannot be patched to work without it ({error.Message}); " +
                "use a system with the libstdc++ of GCC 13 or newer");
        }
    }

    private sealed class Elf
    {
        private const uint DynamicSymbols = 11, VersionNeeds = 0x6ffffffe, SymbolVersions = 0x6fffffff;

        private readonly byte[] bytes;
        private readonly List<(uint Type, int Offset, int Size, int Link)> sections = [];

        public Elf(byte[] bytes)
        {
            this.bytes = bytes;
            if (!bytes.AsSpan().StartsWith("\u007fELF\u0002\u0001"u8)) throw new InvalidDataException("not a 64-bit ELF file");
            int start = Offset(0x28), size = Short(0x3a), count = Short(0x3c);
            for (int i = 0; i < count; i++)
            {
                int header = checked(start + i * size);
                sections.Add((Word(header + 4), Offset(header + 0x18), Offset(header + 0x20), (int)Word(header + 0x28)));
            }
        }

        public void Weaken()
        {
            var symbols = Section(DynamicSymbols);
            var names = sections[symbols.Link];
            int versions = Section(SymbolVersions).Offset;
            var (unmet, libc) = Versions(Section(VersionNeeds).Offset, names.Offset);
            int found = 0;
            for (int i = 0; i < symbols.Size / 24; i++)
            {
                if ((Short(versions + 2 * i) & 0x7fff) != unmet.Index) continue;
                int text = checked(names.Offset + (int)Word(symbols.Offset + 24 * i));
                if (Text(text) != Symbol) throw new InvalidDataException($"it also needs {Text(text)}");
                Encoding.ASCII.GetBytes(Harmless + '\0').CopyTo(bytes, text);
                Write(versions + 2 * i, (ushort)libc);
                found++;
            }
            if (found != 1) throw new InvalidDataException($"{found} symbols of {Version}");
            Write(unmet.Flags, (ushort)(Short(unmet.Flags) | Weak));
        }

        // The offset of the flags of the unmet version and its index, and the index of libc's version.
        private ((int Flags, int Index) Unmet, int Libc) Versions(int need, int names)
        {
            (int, int)? unmet = null;
            int? libc = null;
            for (bool more = true; more;)
            {
                int auxiliary = checked(need + (int)Word(need + 8));
                var file = Text(checked(names + (int)Word(need + 4)));
                for (int left = Short(need + 2); left > 0; left--)
                {
                    var version = Text(checked(names + (int)Word(auxiliary + 8)));
                    if (version == Version) unmet = (auxiliary + 4, Short(auxiliary + 6));
                    if (file == "libc.so.6" && version == LibcVersion) libc = Short(auxiliary + 6);
                    auxiliary = checked(auxiliary + (int)Word(auxiliary + 12));
                }
                int next = checked((int)Word(need + 12));
                more = next != 0;
                need = checked(need + next);
            }
            return (unmet ?? throw Missing(Version), libc ?? throw Missing(LibcVersion));

            static InvalidDataException Missing(string version) => new($"it does not need {version}");
        }

        private (uint Type, int Offset, int Size, int Link) Section(uint type)
        {
            int index = sections.FindIndex(section => section.Type == type);
            return index < 0 ? throw new InvalidDataException($"it has no section of type {type:x}") : sections[index];
        }

        private string Text(int start)
        {
            var rest = bytes.AsSpan(start);
            return Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)0)]);
        }

        private ushort Short(int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

        private uint Word(int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

        private int Offset(int at) => checked((int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at)));

        private void Write(int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), value);
    }
}
