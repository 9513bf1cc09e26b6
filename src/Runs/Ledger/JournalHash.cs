using System.Security.Cryptography;
using System.Text;

namespace Involute.Runs.Ledger;

/// <summary>
/// The running hash of a ledger: of each event SHA-256 of (the hash before it, its manifest in UTF-8, a zero byte, its
/// bytes), and 32 zero bytes before the first event.
/// </summary>
internal static class JournalHash
{
    // The record of a step takes 171.
    private const int MostOnStack = 512;

    /// <summary>The hash after one more event.</summary>
    public static Sha256Value Next(Sha256Value before, string manifest, ReadOnlySpan<byte> message)
    {
        var length = SHA256.HashSizeInBytes + Encoding.UTF8.GetByteCount(manifest) + 1 + message.Length;
        Span<byte> bytes = length <= MostOnStack ? stackalloc byte[length] : new byte[length];
        ((ReadOnlySpan<byte>)before).CopyTo(bytes);
        var end = SHA256.HashSizeInBytes + Encoding.UTF8.GetBytes(manifest, bytes[SHA256.HashSizeInBytes..]);
        bytes[end] = 0;
        message.CopyTo(bytes[(end + 1)..]);
        Sha256Value next = default;
        SHA256.HashData(bytes, next);
        return next;
    }
}
