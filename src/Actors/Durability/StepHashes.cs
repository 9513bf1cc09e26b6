using System.Runtime.InteropServices;

namespace Involute.Actors.Durability;

/// <summary>Theta hashes of steps 1, 2, …: 32 bytes each, for runs of millions of steps.</summary>
internal sealed class StepHashes
{
    private const int HashBytes = 32;

    private readonly List<byte> _bytes = [];

    public long Count => _bytes.Count / HashBytes;

    public string this[long step] => Convert.ToHexStringLower(
        CollectionsMarshal.AsSpan(_bytes).Slice(checked((int)((step - 1) * HashBytes)), HashBytes));

    public void Add(string hash) => _bytes.AddRange(Convert.FromHexString(hash));
}
