using Akka.Actor;
using Involute.Actors.Protocol;
using Involute.Runs.Ledger;
using Involute.Runs.Stores;

namespace Involute.Actors.Ledger;

/// <content>Steps: several in one transaction, which costs about as much as one of them would.</content>
internal sealed partial class LedgerWriter
{
    private const int MostGathered = 16;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    private readonly List<StepRecorded> _gathered = [];
    private long _savedStep;

    private void Record(StepFacts step)
    {
        switch (_state.Judge(step))
        {
            case StepVerdict.Write(var recorded):
                _state.Apply(recorded);
                Gather(recorded);
                break;
            case StepVerdict.Known:
                // After whatever is still on its way to the disk: the step may be among it.
                WriteGathered();
                DeferAsync(step, _ => Saved(step.Step));
                break;
            case StepVerdict.Refuse(var reason):
                Fail(new StoreFault(StoreFaultKind.Damaged, reason));
                break;
            default:
                break;
        }
    }

    private void Gather(StepRecorded step)
    {
        _gathered.Add(step);
        if (_gathered.Count >= MostGathered)
        {
            WriteGathered();
        }
        else if (_gathered.Count == 1)
        {
            Timers.StartSingleTimer(nameof(WriteSteps), WriteSteps.Instance, LongestWait);
        }
    }

    private void WriteGathered()
    {
        if (_gathered.Count > 0)
        {
            Timers.Cancel(nameof(WriteSteps));
            PersistAllAsync([.. _gathered], step => Saved(step.Step));
            _gathered.Clear();
        }
    }

    private void Saved(long step)
    {
        _savedStep = Math.Max(_savedStep, step);
        Context.Parent.Tell(new LedgerProtocol.StepSaved(step));
        SaveNextCheckpoint();
    }

    private sealed record WriteSteps : INoSerializationVerificationNeeded
    {
        public static WriteSteps Instance { get; } = new();
    }
}
