using Involute.Runs;
using Involute.Runs.Checkpoints;
using Involute.Runs.Ledger;
using static Involute.Actors.Protocol.LedgerProtocol;

namespace Involute.Actors.Tests.Exploration;

/// <summary>
/// A run's ledger and checkpoints, which outlive its learners: writes late, is down at times, and is as strict as the
/// real one.
/// </summary>
internal sealed class SimulatedStore(
    RunId run, string identity, Oracle oracle, Chance chance, Weather weather, Tally tally)
{
    private readonly LedgerState _ledger = new();
    private readonly Dictionary<long, StepFacts> _steps = [];
    private readonly List<byte[]> _checkpoints = [];
    private readonly Queue<StepFacts> _givenSteps = new();
    private readonly Queue<Checkpoint> _givenCheckpoints = new();
    private readonly Queue<object> _givenStates = new();
    private readonly Dictionary<StoredPart, byte[]> _parts = [];
    private readonly HashSet<StoredPart> _needed = [];
    private bool _recovering;
    private bool _owesGoodNews;

    /// <summary>What the learner has not read yet, in order.</summary>
    public Queue<object> Answers { get; } = new();

    public bool IsDown { get; private set; }

    public bool HasWork => !IsDown && (_recovering || _givenSteps.Count > 0 || _givenStates.Count > 0 || CanSave);

    private bool CanSave => _givenCheckpoints.TryPeek(out var checkpoint) && checkpoint.Step <= _ledger.LastStep;

    public void Recover() => _recovering = true;

    public void Give(StepFacts step) => _givenSteps.Enqueue(step);

    public void Give(Checkpoint checkpoint) => _givenCheckpoints.Enqueue(checkpoint);

    public void Give(StoreStates states) => _givenStates.Enqueue(states);

    public void Give(LoadStates states) => _givenStates.Enqueue(states);

    public void GoDown()
    {
        tally.Add(Fault.StoreDown);
        IsDown = true;
        _owesGoodNews = true;
        Answers.Enqueue(new StoreUnavailable("unplugged"));
    }

    public void ComeUp()
    {
        IsDown = false;
        TellGoodNews();
    }

    /// <summary>Writes one item.</summary>
    public void Work(bool fair)
    {
        if (_recovering)
        {
            _recovering = false;
            StartEpoch(fair);
        }
        else if (_givenStates.Count > 0 && (_givenSteps.Count == 0 || chance.Below(2) == 0))
        {
            Answers.Enqueue(_givenStates.Dequeue() switch
            {
                StoreStates it => new StatesStored(it.Group, CheckpointParts.Write(it.States, Keep)),
                LoadStates it => new StatesLoaded(
                    [.. it.Groups.SelectMany(group => CheckpointParts.Read(group, _parts.GetValueOrDefault))]),
                var other => throw new Violation($"no way to work on {other}"),
            });
        }
        else if (_givenSteps.Count > 0 && (!CanSave || chance.Below(2) == 0))
        {
            Answers.Enqueue(new StepSaved(Write(_givenSteps.Dequeue())));
        }
        else if (!fair && chance.Permille(weather.CheckpointFails))
        {
            tally.Add(Fault.CheckpointFailed);
            Answers.Enqueue(new CheckpointFailed(_givenCheckpoints.Dequeue().Step, "too big"));
        }
        else
        {
            Answers.Enqueue(new CheckpointSaved(Write(_givenCheckpoints.Dequeue())));
        }

        TellGoodNews();
    }

    /// <summary>
    /// The learner's process is gone, and with it the store's part in it: some of the writes under way are on disk.
    /// </summary>
    public void Crash()
    {
        if (!_recovering)
        {
            for (var more = chance.Below(_givenSteps.Count + 1); more > 0; more--)
            {
                Write(_givenSteps.Dequeue());
            }

            while (CanSave && chance.Below(2) == 0)
            {
                Write(_givenCheckpoints.Dequeue());
            }
        }

        _recovering = IsDown = _owesGoodNews = false;
        _givenSteps.Clear();
        _givenCheckpoints.Clear();
        _givenStates.Clear();
        Answers.Clear();
    }

    private void StartEpoch(bool fair)
    {
        while (!fair && _checkpoints.Count > 0 && chance.Permille(weather.CheckpointDamaged))
        {
            tally.Add(Fault.CheckpointDamaged);
            _checkpoints.RemoveAt(_checkpoints.Count - 1);
        }

        _ledger.Apply(new EpochStarted(_ledger.Epoch + 1, run, identity));
        var newest = _checkpoints.Count > 0
            ? CheckpointFormat.Read(_checkpoints[^1], _parts.GetValueOrDefault, StateReading.Leave)
            : null;
        Answers.Enqueue(new Recovered(newest, _ledger.Epoch, _ledger.LastStep, []));
    }

    private long Write(StepFacts step)
    {
        switch (_ledger.Judge(step))
        {
            case StepVerdict.Write(var recorded):
                _ledger.Apply(recorded);
                _steps.Add(step.Step, step);
                break;
            case StepVerdict.Known:
                tally.Recomputed++;
                Violation.Unless(_steps[step.Step] == step, $"step {step.Step} was recomputed with another result");
                break;
            case StepVerdict.Refuse(var reason):
                throw new Violation($"the ledger refuses: {reason}");
            default:
                break;
        }

        return step.Step;
    }

    private long Write(Checkpoint checkpoint)
    {
        Violation.Unless(
            oracle.Is(checkpoint with
            {
                Pairs = [.. checkpoint.LoadedPairs(group => CheckpointParts.Read(group, _parts.GetValueOrDefault))],
            }),
            $"the checkpoint of step {checkpoint.Step} is not the sequential program's");
        var bytes = checkpoint.Pairs.Any(pair => pair.Stored is not null)
            ? CheckpointParts.Write(checkpoint, Keep).Write()
            : CheckpointFormat.Write(checkpoint);
        _ledger.Apply(new CheckpointCommitted(checkpoint.Step, _ledger.Epoch, CheckpointFormat.HashText(bytes)));
        _checkpoints.Add(bytes);
        DropParts();
        return checkpoint.Step;
    }

    private void Keep(StoredPart part, ReadOnlyMemory<byte> content)
    {
        _parts[part] = content.ToArray();
        _needed.Add(part);
    }

    // As the real one does: what no checkpoint names, and is not of one to come.
    private void DropParts()
    {
        var named = _checkpoints.Where(row => CheckpointManifest.Is(row))
            .SelectMany(row => CheckpointManifest.Read(row).Parts).Concat(_needed).ToHashSet();
        foreach (var part in _parts.Keys.Where(part => !named.Contains(part)).ToList())
        {
            _parts.Remove(part);
        }

        _needed.Clear();
    }

    private void TellGoodNews()
    {
        if (_owesGoodNews && !HasWork && !IsDown)
        {
            _owesGoodNews = false;
            Answers.Enqueue(new StoreAvailable());
        }
    }
}
