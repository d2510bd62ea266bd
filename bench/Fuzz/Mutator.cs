using System.Buffers.Binary;
using System.Text;

namespace TimeSformer.Bench.Fuzz;

/// <summary>
/// Damages valid files: changed bits and bytes, cuts, repeats, splices, numbers set to extremes, and words of the format in wrong places.
/// </summary>
/// <param name="seeds">Valid files.</param>
/// <param name="words">What the format gives a meaning to, such as a pickle's opcodes.</param>
/// <remarks>
/// SharpFuzz instruments .NET code, but for AFL, a native program; FsCheck makes values, not damaged files.
/// </remarks>
internal sealed class Mutator(IReadOnlyList<byte[]> seeds, IReadOnlyList<byte[]> words)
{
    private const int MaxBytes = 1 << 20, MaxRun = 64, MaxRepeats = 1 << 16, ManyChanges = 8;

    private static readonly long[] extremes =
    [
        0, 1, -1, 2, 255, 256, 65535, 65536, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 31, 1L << 32, 1L << 40, long.MaxValue,
        long.MinValue,
    ];

    /// <summary>A damaged file; the same for the same random numbers.</summary>
    public byte[] Next(Random random)
    {
        List<byte> bytes = [.. Pick(seeds, random)];
        // One change as often as several: it reaches far into a reader.
        int changes = random.Next(2) == 0 ? 1 : random.Next(2, ManyChanges);
        for (int k = 0; k < changes && bytes.Count > 0; k++) Change(bytes, random);
        return bytes.Count <= MaxBytes ? [.. bytes] : [.. bytes[..MaxBytes]];
    }

    private void Change(List<byte> bytes, Random random)
    {
        int at = random.Next(bytes.Count), length = Math.Min(random.Next(1, MaxRun), bytes.Count - at);
        switch (random.Next(12))
        {
            case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 1: bytes[at] = (byte)random.Next(256); break;
            case 2:
                byte filler = random.Next(2) == 0 ? (byte)0 : (byte)0xff;
                for (int k = 0; k < length; k++) bytes[at + k] = filler;
                break;
            case 3: bytes.RemoveRange(at, bytes.Count - at); break;
            case 4: bytes.RemoveRange(at, length); break;
            case 5: bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length)); break;
            case 6:
                int target = random.Next(bytes.Count);
                for (int k = 0; k < length && target + k < bytes.Count; k++) bytes[target + k] = bytes[at + k];
                break;
            case 7: // the end of another file
                var other = Pick(seeds, random);
                bytes.RemoveRange(at, bytes.Count - at);
                bytes.AddRange(other.AsSpan(random.Next(other.Length)));
                break;
            case 8: Overwrite(bytes, at, Number(random, bytes.Count), 1 << random.Next(4), random.Next(2) == 0); break;
            case 9: SetSize(bytes, at, Number(random, bytes.Count)); break;
            case 10: SetText(bytes, at, Number(random, bytes.Count)); break;
            default:
                if (words.Count == 0) break;
                var word = Pick(words, random);
                int repeats = random.Next(8) == 0 ? random.Next(2, MaxRepeats / word.Length) : 1;
                bytes.InsertRange(at, Enumerable.Repeat(word, repeats).SelectMany(one => one));
                break;
        }
    }

    private static long Number(Random random, int length) =>
        random.Next(4) == 0 ? length + random.Next(-2, 3) : extremes[random.Next(extremes.Length)];

    private static void Overwrite(List<byte> bytes, int at, long number, int size, bool isBigEndian)
    {
        Span<byte> eight = stackalloc byte[8];
        if (isBigEndian) BinaryPrimitives.WriteInt64BigEndian(eight, number);
        else BinaryPrimitives.WriteInt64LittleEndian(eight, number);
        var part = isBigEndian ? eight[^size..] : eight[..size];
        for (int k = 0; k < size && at + k < bytes.Count; k++) bytes[at + k] = part[k];
    }

    // The size of the next box (before its four letters, big-endian) or chunk (after them, little-endian).
    private static void SetSize(List<byte> bytes, int at, long number)
    {
        for (int start = Math.Max(4, at); start + 8 <= bytes.Count; start++)
        {
            bool isName = bytes.GetRange(start, 4).TrueForAll(letter => char.IsAsciiLetterOrDigit((char)letter));
            if (!isName) continue;
            bool isBox = bytes[start - 4] == 0;
            Overwrite(bytes, isBox ? start - 4 : start + 4, number, 4, isBox);
            return;
        }
    }

    // The next number in digits.
    private static void SetText(List<byte> bytes, int at, long number)
    {
        int start = bytes.FindIndex(at, letter => char.IsAsciiDigit((char)letter));
        if (start < 0) return;
        int end = bytes.FindIndex(start, letter => !char.IsAsciiDigit((char)letter));
        bytes.RemoveRange(start, (end < 0 ? bytes.Count : end) - start);
        bytes.InsertRange(start, Encoding.ASCII.GetBytes($"{number}"));
    }

    private static byte[] Pick(IReadOnlyList<byte[]> from, Random random) => from[random.Next(from.Count)];
}
