using System.Security.Cryptography;

namespace Involute.Runs.Ledger;

/// <summary>What the ledger's events add up to, and what may follow them. No Akka, no clock.</summary>
internal sealed class LedgerState
{
    /// <summary>Committed checkpoints that are kept: the one before the newest is the way out of a damaged one.</summary>
    public const int KeptCheckpoints = 2;

    /// <summary>What the first step's chain hash covers in place of one before it.</summary>
    public static readonly string ChainStart = new('0', 2 * SHA256.HashSizeInBytes);

    private StepTraces _steps;
    private readonly SortedDictionary<long, string> _checkpoints = [];
    private string _chain = ChainStart;
    private Sha256Value _journal;
    private long _sequence;
    private long _epochSequence;
    private long _computationSequence;
    private readonly List<SettingChanged> _changes = [];

    /// <summary>Before the first event.</summary>
    public LedgerState() => _steps = new StepTraces(0);

    /// <summary>After the record of a step: what stands before it is not needed.</summary>
    /// <param name="anchor">What the events up to that record add up to.</param>
    /// <param name="epoch">The newest epoch before it.</param>
    /// <param name="computation">What computed in the newest epoch that says so; null if none does.</param>
    /// <param name="step">The record.</param>
    /// <param name="changes">Changes of settings that decide theta, up to that record.</param>
    public LedgerState(
        LedgerAnchor anchor, EpochStarted epoch, Computation? computation, StepRecorded step,
        IReadOnlyList<SettingChanged> changes)
    {
        ArgumentNullException.ThrowIfNull(anchor);
        ArgumentNullException.ThrowIfNull(epoch);
        ArgumentNullException.ThrowIfNull(step);
        (Epoch, RunId, IdentitySha256) = (epoch.Epoch, epoch.RunId, epoch.IdentitySha256);
        (Computation, SettingsInEpoch) = (computation, anchor.SettingsInEpoch);
        (_epochSequence, _computationSequence) = (anchor.EpochSequence, anchor.ComputationSequence);
        (_sequence, _journal, _chain) = (anchor.Sequence, Sha256Value.Of(anchor.JournalSha256), step.ChainSha256);
        SettingSequence = anchor.SettingSequence;
        _changes.AddRange(changes);
        _steps = new StepTraces(step.Step - 1);
        _steps.Add(TraceOf(step));
    }

    /// <summary>The newest epoch; 0 before the first.</summary>
    public long Epoch { get; private set; }

    /// <summary>The run, as the ledger names it; null before the first epoch.</summary>
    public RunId? RunId { get; private set; }

    /// <summary>Settings that the ledger's run was started with; null before the first epoch.</summary>
    public string? IdentitySha256 { get; private set; }

    /// <summary>What computed in the newest epoch that says so; null if none does.</summary>
    public Computation? Computation { get; private set; }

    /// <summary>The last outer step; 0 if none.</summary>
    public long LastStep => _steps.Last;

    /// <summary>Setting changes written in the newest epoch.</summary>
    public int SettingsInEpoch { get; private set; }

    /// <summary>Changes of settings that decide theta, oldest first.</summary>
    public IReadOnlyList<SettingChanged> Changes => _changes;

    /// <summary>The sequence number of the newest of them; 0 if there is none.</summary>
    public long SettingSequence { get; private set; }

    /// <summary>Step and hash of the newest committed checkpoint; null if there is none.</summary>
    public (long Step, string BlobSha256)? Checkpoint =>
        _checkpoints.Count > 0 ? (_checkpoints.Last().Key, _checkpoints.Last().Value) : null;

    /// <summary>
    /// Checkpoints up to this step are of no more use: the two newest come after it. Null if there are fewer.
    /// </summary>
    public long? PruneUpTo => _checkpoints.Count < KeptCheckpoints ? null : _checkpoints.First().Key - 1;

    /// <summary>Hash of theta after a recorded step; null of one before the checkpoints that are kept.</summary>
    public string? ThetaHash(long step) => _steps.Find(step)?.Theta.ToString();

    /// <summary>What the events up to a step's record add up to; null where that is not known any more.</summary>
    public LedgerAnchor? AnchorOf(long step) => _steps.Find(step)?.Anchor();

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
            return _steps.Find(step.Step) is not { } known
                ? new StepVerdict.Refuse($"step {step.Step} is older than the checkpoints that are kept")
                : known.Theta.ToString() != step.ThetaSha256
                ? new StepVerdict.Refuse(
                    $"step {step.Step}: recomputed theta differs "
                    + $"({step.ThetaSha256}, in the ledger {known.Theta})")
                : known.Facts != Facts(step.ContributionsSha256, step.MeanLoss, step.Pairs)
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
        ArgumentNullException.ThrowIfNull(ledgerEvent);
        _sequence++;
        _journal = JournalHash.Next(
            _journal, LedgerEventFormat.ManifestOf(ledgerEvent), LedgerEventFormat.Write(ledgerEvent));
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
            case SettingChanged change:
                Change(change);
                break;
            case RunForked fork:
                Begin(fork);
                break;
            default:
                throw new InvalidDataException($"ledger: unknown event {ledgerEvent.GetType().Name}");
        }
    }

    /// <summary>
    /// Forgets the steps before the checkpoints that are kept: no learner goes on from there. Not one that goes on from an
    /// older checkpoint, before it has saved two new ones.
    /// </summary>
    public void ForgetOldSteps()
    {
        if (PruneUpTo is { } last)
        {
            _steps.Forget(last + 1);
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
        _epochSequence = _sequence;
        if (epoch.Computation is not null)
        {
            (Computation, _computationSequence) = (epoch.Computation, _sequence);
        }

        SettingsInEpoch = 0;
    }

    /// <summary>The event of a change of a setting that comes next.</summary>
    /// <param name="change">What changes; with a step, it can be found again.</param>
    public SettingChanged Changed(SettingChanged change) => change with
    {
        Epoch = Epoch,
        Previous = change.Step is null ? 0 : SettingSequence,
        By = change.Step is null ? null : change.By,
    };

    private void Change(SettingChanged change)
    {
        SettingsInEpoch++;
        if (change.Step is { } step)
        {
            Require(
                step == LastStep && change.Previous == SettingSequence,
                $"{change.Key} changed after step {step}, behind step {LastStep} and another change than it names");
            _changes.Add(change);
            SettingSequence = _sequence;
        }
    }

    private void Begin(RunForked fork)
    {
        Require(_sequence == 2 && fork.Epoch == Epoch, $"a fork of step {fork.Step} that does not begin it");
        _chain = fork.ChainSha256;
        _steps = new StepTraces(fork.Step - 1);
        _steps.Add(TraceOf(fork.Record));
    }

    private void Record(StepRecorded step)
    {
        Require(step.Step == LastStep + 1, $"step {step.Step} after step {LastStep}");
        Require(step.Epoch == Epoch, $"step {step.Step} of epoch {step.Epoch} in epoch {Epoch}");
        Require(
            step.ChainSha256 == Chain(_chain, step.ThetaSha256, step.ContributionsSha256),
            $"chain is broken at step {step.Step}");
        _chain = step.ChainSha256;
        _steps.Add(TraceOf(step));
    }

    private StepTrace TraceOf(StepRecorded step) => new(
        Sha256Value.Of(step.ThetaSha256),
        Facts(step.ContributionsSha256, step.MeanLoss, step.Pairs),
        _sequence,
        _journal,
        _epochSequence,
        _computationSequence,
        SettingsInEpoch,
        SettingSequence);

    // Against accidents, not against forgers: the chain has the whole hash of what matters. Some machines give NaN another
    // sign than others.
    private static long Facts(string contributions, double meanLoss, int pairs)
    {
        var loss = BitConverter.DoubleToInt64Bits(double.IsNaN(meanLoss) ? double.NaN : meanLoss);
        byte[] facts =
            [.. Convert.FromHexString(contributions), .. BitConverter.GetBytes(loss), .. BitConverter.GetBytes(pairs)];
        return BitConverter.ToInt64(SHA256.HashData(facts));
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidDataException($"ledger: {otherwise}");
        }
    }
}
