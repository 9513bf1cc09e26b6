using System.Runtime.InteropServices;

namespace Involute.Runs.Ledger;

/// <summary>One hash for each of steps 1, 2, …, without the weight of a text: for runs of millions of steps.</summary>
/// <param name="hashBytes">Length of each, in bytes.</param>
internal sealed class StepHashes(int hashBytes)
{
    private readonly List<byte> _bytes = [];

    public long Count => _bytes.Count / hashBytes;

    public string this[long step] => Convert.ToHexStringLower(
        CollectionsMarshal.AsSpan(_bytes).Slice(checked((int)((step - 1) * hashBytes)), hashBytes));

    public void Add(string hash) => _bytes.AddRange(Convert.FromHexString(hash));
}
