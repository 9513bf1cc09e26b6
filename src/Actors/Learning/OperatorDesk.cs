using Akka.Actor;
using Involute.Actors.Protocol;
using Involute.Runs;
using static Involute.Actors.Protocol.ControlProtocol;
using static Involute.Actors.Protocol.LedgerProtocol;

namespace Involute.Actors.Learning;

/// <summary>Operators who wait for what they have asked for: a checkpoint or a change on disk, or the end of the run.</summary>
internal sealed class OperatorDesk
{
    private readonly List<(long Step, IActorRef Asker)> _checkpoints = [];
    private readonly List<(long Change, IActorRef Asker, object Answer)> _changes = [];
    private readonly List<IActorRef> _ends = [];
    private long _given;
    private long _saved;

    /// <summary>Operators who wait.</summary>
    public int Waiting => _checkpoints.Count + _changes.Count + _ends.Count;

    /// <summary>An operator asks before the run goes on.</summary>
    /// <param name="request">What for.</param>
    /// <param name="asker">Who.</param>
    /// <param name="learner">Is asked to stop, as by a signal.</param>
    public void BeforeRun(IControl request, IActorRef asker, ICanTell learner)
    {
        ArgumentNullException.ThrowIfNull(asker);
        if (!Takes(request, asker, learner))
        {
            asker.Tell(new Refused("the run is being read from its store: try again in a moment"));
        }
    }

    /// <summary>An operator asks while the run goes on.</summary>
    /// <param name="request">What for.</param>
    /// <param name="asker">Who.</param>
    /// <param name="learner">As in <see cref="BeforeRun"/>.</param>
    /// <param name="run">The run.</param>
    /// <param name="saved">The last checkpoint on disk.</param>
    /// <returns>Whether the run has to do something about it.</returns>
    public bool IsForRun(IControl request, IActorRef asker, ICanTell learner, LearnerState run, long saved)
    {
        ArgumentNullException.ThrowIfNull(asker);
        ArgumentNullException.ThrowIfNull(run);
        if (request is not TakeCheckpoint || run.IsEnding)
        {
            return !Takes(request, asker, learner);
        }

        var step = run.Outer.Theta.Version.Value;
        if (step == saved)
        {
            asker.Tell(new CheckpointTaken(saved));
            return false;
        }

        _checkpoints.Add((step, asker));
        return true;
    }

    /// <summary>Answers; that settings were changed when the ledger has it on disk.</summary>
    public void Answer(IActorRef asker, object answer)
    {
        ArgumentNullException.ThrowIfNull(asker);
        if (answer is RunChanged { Changes.Count: > 0 } && _saved < _given)
        {
            _changes.Add((_given, asker, answer));
        }
        else
        {
            asker.Tell(answer);
        }
    }

    /// <summary>A change of a setting is given to the ledger.</summary>
    public void SettingGiven() => _given++;

    /// <summary>What the ledger says.</summary>
    public void Hear(object message)
    {
        switch (message)
        {
            case SettingSaved:
                _saved++;
                _changes.FindAll(one => one.Change <= _saved).ForEach(one => one.Asker.Tell(one.Answer));
                _changes.RemoveAll(one => one.Change <= _saved);
                break;
            case CheckpointSaved saved:
                TellOf(saved.Step, new CheckpointTaken(saved.Step));
                break;
            case CheckpointFailed failed:
                TellOf(failed.Step, new Refused($"the checkpoint of step {failed.Step} could not be written: {failed.Reason}"));
                break;
            default:
                break;
        }
    }

    /// <summary>The run has ended: all that wait are answered.</summary>
    public void Ended(RunOutcome outcome, string words)
    {
        _ends.ForEach(asker => asker.Tell(new RunStopped(outcome)));
        _ends.Clear();
        _changes.ForEach(one => one.Asker.Tell(
            new Refused($"the run has ended before the change was on disk: {words}")));
        _changes.Clear();
        TellOf(long.MaxValue, new Refused($"the run has ended before the checkpoint was on disk: {words}"));
    }

    private bool Takes(IControl request, IActorRef asker, ICanTell learner)
    {
        switch (request)
        {
            case EndRun:
                _ends.Add(asker);
                learner.Tell(new LearnerProtocol.StopRun(), ActorRefs.NoSender);
                return true;
            case NoLongerWanted:
                _checkpoints.RemoveAll(one => one.Asker.Equals(asker));
                _changes.RemoveAll(one => one.Asker.Equals(asker));
                _ends.Remove(asker);
                return true;
            default:
                return false;
        }
    }

    private void TellOf(long step, object answer)
    {
        _checkpoints.FindAll(one => one.Step <= step).ForEach(one => one.Asker.Tell(answer));
        _checkpoints.RemoveAll(one => one.Step <= step);
    }
}
