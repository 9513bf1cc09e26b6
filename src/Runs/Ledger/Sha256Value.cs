using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Involute.Runs.Ledger;

/// <summary>A SHA-256 without the weight of a text: runs have millions of steps. All zeros by default.</summary>
[InlineArray(SHA256.HashSizeInBytes)]
internal struct Sha256Value
{
    private byte _first;

    /// <summary>Reads 64 hexadecimal digits.</summary>
    public static Sha256Value Of(string hex)
    {
        Sha256Value value = default;
        Convert.FromHexString(hex, value, out _, out _);
        return value;
    }

    /// <summary>In lowercase hexadecimal digits.</summary>
    public override readonly string ToString() => Convert.ToHexStringLower(this);
}
