using System.Security.Cryptography;
using System.Text;

namespace Involute.Runs.Ledger;

/// <summary>
/// The running hash of a ledger: of each event SHA-256 of (the hash before it, its manifest in UTF-8, a zero byte, its
/// bytes), and 32 zero bytes before the first event.
/// </summary>
internal static class JournalHash
{
    /// <summary>The hash after one more event.</summary>
    public static Sha256Value Next(Sha256Value before, string manifest, ReadOnlySpan<byte> message)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(before);
        hash.AppendData(Encoding.UTF8.GetBytes(manifest));
        hash.AppendData([0]);
        hash.AppendData(message);
        Sha256Value next = default;
        hash.GetHashAndReset(next);
        return next;
    }
}
