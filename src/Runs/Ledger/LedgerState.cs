using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Involute.Runs.Ledger;

/// <summary>What the ledger's events add up to, and what may follow them. No Akka, no clock.</summary>
internal sealed class LedgerState
{
    /// <summary>Committed checkpoints that are kept: the one before the newest is the way out of a damaged one.</summary>
    public const int KeptCheckpoints = 2;

    // Against accidents, not against forgers: the chain has the whole hash of what matters.
    private const int FactBytes = 8;

    /// <summary>What the first step's chain hash covers in place of one before it.</summary>
    public static readonly string ChainStart = new('0', 2 * SHA256.HashSizeInBytes);

    private readonly StepHashes _hashes = new(SHA256.HashSizeInBytes);
    private readonly StepHashes _facts = new(FactBytes);
    private readonly SortedDictionary<long, string> _checkpoints = [];
    private string _chain = ChainStart;

    /// <summary>The newest epoch; 0 before the first.</summary>
    public long Epoch { get; private set; }

    /// <summary>The run, as the ledger names it; null before the first epoch.</summary>
    public RunId? RunId { get; private set; }

    /// <summary>Settings that the ledger's run was started with; null before the first epoch.</summary>
    public string? IdentitySha256 { get; private set; }

    /// <summary>What computed in the newest epoch that says so; null if none does.</summary>
    public Computation? Computation { get; private set; }

    /// <summary>The last outer step; 0 if none.</summary>
    public long LastStep => _hashes.Count;

    /// <summary>Setting changes written in the newest epoch.</summary>
    public int SettingsInEpoch { get; private set; }

    /// <summary>Step and hash of the newest committed checkpoint; null if there is none.</summary>
    public (long Step, string BlobSha256)? Checkpoint =>
        _checkpoints.Count > 0 ? (_checkpoints.Last().Key, _checkpoints.Last().Value) : null;

    /// <summary>
    /// Checkpoints up to this step are of no more use: the two newest come after it. Null if there are fewer.
    /// </summary>
    public long? PruneUpTo => _checkpoints.Count < KeptCheckpoints ? null : _checkpoints.First().Key - 1;

    /// <summary>Hash of theta after a recorded step.</summary>
    public string ThetaHash(long step) => _hashes[step];

    /// <summary>
    /// Compares a step with all that is recorded of it: a recomputed one must be the same in every bit.
    /// </summary>
    public StepVerdict Judge(StepFacts step)
    {
        if (step.Step < 1 || step.Step > LastStep + 1)
        {
            return new StepVerdict.Refuse($"step {step.Step} cannot follow step {LastStep} of the ledger");
        }

        if (step.Step <= LastStep)
        {
            return _hashes[step.Step] != step.ThetaSha256
                ? new StepVerdict.Refuse(
                    $"step {step.Step}: recomputed theta differs "
                    + $"({step.ThetaSha256}, in the ledger {_hashes[step.Step]})")
                : _facts[step.Step] != Facts(step.ContributionsSha256, step.MeanLoss, step.Pairs)
                    ? new StepVerdict.Refuse(
                        $"step {step.Step}: recomputed theta is the same, but contributions, mean loss or number of "
                        + "pairs differ from the ledger")
                    : new StepVerdict.Known();
        }

        var chain = Chain(_chain, step.ThetaSha256, step.ContributionsSha256);
        return new StepVerdict.Write(new StepRecorded(
            step.Step, Epoch, step.ThetaSha256, step.ContributionsSha256, chain, step.MeanLoss, step.Pairs));
    }

    /// <summary>Folds one event in.</summary>
    /// <exception cref="InvalidDataException">It cannot follow the events before it.</exception>
    public void Apply(ILedgerEvent ledgerEvent)
    {
        switch (ledgerEvent)
        {
            case EpochStarted epoch:
                Start(epoch);
                break;
            case StepRecorded step:
                Record(step);
                break;
            case CheckpointCommitted commit:
                Require(commit.Step <= LastStep, $"checkpoint of step {commit.Step} after step {LastStep}");
                _checkpoints[commit.Step] = commit.BlobSha256;
                if (_checkpoints.Count > KeptCheckpoints)
                {
                    _checkpoints.Remove(_checkpoints.First().Key);
                }

                break;
            case CheckpointsSetAside aside:
                SetAside(aside.At);
                break;
            case SettingChanged:
                SettingsInEpoch++;
                break;
            default:
                throw new InvalidDataException($"ledger: unknown event {ledgerEvent.GetType().Name}");
        }
    }

    /// <summary>Checkpoints of later steps do not count any more.</summary>
    public void SetAside(long at)
    {
        foreach (var step in _checkpoints.Keys.Where(step => step > at).ToList())
        {
            _checkpoints.Remove(step);
        }
    }

    /// <summary>Chain hash of a step: SHA-256 of (previous chain hash, theta hash, contributions hash).</summary>
    public static string Chain(string previous, string theta, string contributions) => Convert.ToHexStringLower(
        SHA256.HashData([
            .. Convert.FromHexString(previous),
            .. Convert.FromHexString(theta),
            .. Convert.FromHexString(contributions)]));

    private void Start(EpochStarted epoch)
    {
        Require(epoch.Epoch == Epoch + 1, $"epoch {epoch.Epoch} after epoch {Epoch}");
        Require(RunId is null || RunId == epoch.RunId, $"run '{epoch.RunId}' after run '{RunId}'");
        Epoch = epoch.Epoch;
        RunId = epoch.RunId;
        IdentitySha256 = epoch.IdentitySha256;
        Computation = epoch.Computation ?? Computation;
        SettingsInEpoch = 0;
    }

    private void Record(StepRecorded step)
    {
        Require(step.Step == LastStep + 1, $"step {step.Step} after step {LastStep}");
        Require(step.Epoch == Epoch, $"step {step.Step} of epoch {step.Epoch} in epoch {Epoch}");
        Require(
            step.ChainSha256 == Chain(_chain, step.ThetaSha256, step.ContributionsSha256),
            $"chain is broken at step {step.Step}");
        _chain = step.ChainSha256;
        _hashes.Add(step.ThetaSha256);
        _facts.Add(Facts(step.ContributionsSha256, step.MeanLoss, step.Pairs));
    }

    // Some machines give NaN another sign than others.
    private static string Facts(string contributions, double meanLoss, int pairs)
    {
        var loss = BitConverter.DoubleToInt64Bits(double.IsNaN(meanLoss) ? double.NaN : meanLoss);
        byte[] facts =
            [.. Convert.FromHexString(contributions), .. BitConverter.GetBytes(loss), .. BitConverter.GetBytes(pairs)];
        return Convert.ToHexStringLower(SHA256.HashData(facts).AsSpan(0, FactBytes));
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidDataException($"ledger: {otherwise}");
        }
    }
}

/// <summary>What is to be done with a step that the learner wants to have recorded.</summary>
internal abstract record StepVerdict
{
    private StepVerdict()
    {
    }

    /// <summary>It is new: write this.</summary>
    public sealed record Write(StepRecorded Event) : StepVerdict;

    /// <summary>It was recorded before, with the same facts: nothing to write.</summary>
    public sealed record Known : StepVerdict;

    /// <summary>It contradicts the ledger.</summary>
    public sealed record Refuse(string Reason) : StepVerdict;
}

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
