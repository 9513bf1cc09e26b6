using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Involute.Runs.Ledger;

namespace Involute.Runs.Verification.Evidence;

/// <summary>What the ledger says of each step, in some 100 bytes a step: runs have millions.</summary>
internal sealed class RecordedSteps
{
    private const int HashBytes = SHA256.HashSizeInBytes;

    private readonly Dictionary<long, int> _places = [];
    private readonly List<byte> _hashes = [];
    private readonly List<(double MeanLoss, long Sequence)> _facts = [];

    public int Count => _facts.Count;

    /// <summary>Keeps the first record of each step.</summary>
    public void Add(StepRecorded step, long sequence)
    {
        if (_places.TryAdd(step.Step, _facts.Count))
        {
            _hashes.AddRange(Convert.FromHexString(step.ThetaSha256));
            _hashes.AddRange(Convert.FromHexString(step.ContributionsSha256));
            _facts.Add((step.MeanLoss, sequence));
        }
    }

    /// <summary>What is recorded of a step; null if nothing is.</summary>
    public RecordedStep? Find(long step)
    {
        if (!_places.TryGetValue(step, out var place))
        {
            return null;
        }

        var hashes = CollectionsMarshal.AsSpan(_hashes).Slice(place * 2 * HashBytes, 2 * HashBytes);
        var (meanLoss, sequence) = _facts[place];
        return new RecordedStep(
            Convert.ToHexStringLower(hashes[..HashBytes]), Convert.ToHexStringLower(hashes[HashBytes..]), meanLoss,
            sequence);
    }
}

/// <summary>One recorded step.</summary>
/// <param name="ThetaSha256">Hash of theta after it.</param>
/// <param name="ContributionsSha256">Hash of all its contributions.</param>
/// <param name="MeanLoss">Mean meta-loss.</param>
/// <param name="Sequence">Its place in the ledger.</param>
internal sealed record RecordedStep(string ThetaSha256, string ContributionsSha256, double MeanLoss, long Sequence);
