using System.Buffers.Binary;
using System.Text;
using Involute.Tasks.Randomness;

namespace Involute.Tests;

/// <summary>
/// Bytes that are changed as a fault or an attacker would: flipped bits, absurd lengths, ends cut off, pieces that come
/// twice. The same number always gives the same change.
/// </summary>
internal static class Mutation
{
    private static readonly int[] Absurd = [-1, 0, 1, int.MaxValue, int.MinValue, 1 << 30, 255];

    /// <summary>Bytes that differ from the original, in one to three places.</summary>
    /// <param name="original">At least one byte.</param>
    /// <param name="number">Which change.</param>
    /// <param name="pieces">Texts of the format that are put in between; none for bytes alone.</param>
    public static byte[] Of(ReadOnlySpan<byte> original, uint number, params IReadOnlyList<string> pieces)
    {
        var draws = new StepKey(new TrajectoryKey(4711, 0, 0), number).Stream(RandomStream.InnerNoise);
        var at = 0u;
        var bytes = original.ToArray();
        for (var changes = Draw(3) + 1; changes > 0 && bytes.Length > 0; changes--)
        {
            bytes = Draw(pieces.Count == 0 ? 6 : 12) switch
            {
                0 or 1 => Flip(bytes, Draw(8 * bytes.Length)),
                2 or 3 => Overwrite(bytes, Draw(bytes.Length), Absurd[Draw(Absurd.Length)]),
                4 => bytes[..Draw(bytes.Length)],
                5 or 6 => Repeat(bytes, Draw(bytes.Length), Draw(64) + 1),
                7 => Remove(bytes, Draw(bytes.Length), Draw(20) + 1),
                _ => Insert(bytes, Draw(bytes.Length), Encoding.UTF8.GetBytes(pieces[Draw(pieces.Count)])),
            };
        }

        return bytes.AsSpan().SequenceEqual(original) ? Flip(bytes, Draw(8 * bytes.Length)) : bytes;

        int Draw(int count) => draws.Integer(at++, count);
    }

    private static byte[] Flip(byte[] bytes, int bit)
    {
        bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        return bytes;
    }

    private static byte[] Overwrite(byte[] bytes, int start, int value)
    {
        Span<byte> raw = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(raw, value);
        raw[..Math.Min(raw.Length, bytes.Length - start)].CopyTo(bytes.AsSpan(start));
        return bytes;
    }

    private static byte[] Repeat(byte[] bytes, int start, int length)
    {
        var piece = bytes.AsSpan(start, Math.Min(length, bytes.Length - start));
        return [.. bytes[..start], .. piece, .. bytes[start..]];
    }

    private static byte[] Remove(byte[] bytes, int start, int length) =>
        [.. bytes[..start], .. bytes[Math.Min(start + length, bytes.Length)..]];

    private static byte[] Insert(byte[] bytes, int start, byte[] piece) =>
        [.. bytes[..start], .. piece, .. bytes[start..]];
}
