using System.Security.Cryptography;

namespace Involute.Runs.Checkpoints;

/// <summary>A piece of a checkpoint's content. A store keeps it under its hash, and once.</summary>
/// <param name="Sha256">Hash of its bytes (lowercase hex).</param>
/// <param name="Length">Bytes, 1 to <see cref="Largest"/>.</param>
public readonly record struct StoredPart(string Sha256, int Length)
{
    /// <summary>Bytes of the largest part: what is copied to write or read one.</summary>
    public const int Largest = 16 << 20;

    /// <summary>What some bytes are kept under.</summary>
    public static StoredPart Of(ReadOnlySpan<byte> content) =>
        new(Convert.ToHexStringLower(SHA256.HashData(content)), content.Length);

    /// <summary>Loads it, and makes sure that it is the one.</summary>
    /// <param name="load">Loads a part; null if it is not there.</param>
    /// <exception cref="InvalidDataException">It is missing or damaged.</exception>
    internal byte[] Require(Func<StoredPart, byte[]?> load) => load(this) switch
    {
        null => throw new InvalidDataException($"part {Sha256[..16]}… of {Length} bytes is missing"),
        var content when Of(content) != this =>
            throw new InvalidDataException($"part {Sha256[..16]}… of {Length} bytes is damaged (SHA-256 does not match)"),
        var content => content,
    };
}
