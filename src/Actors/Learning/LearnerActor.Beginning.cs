using Akka.Actor;
using Involute.Runs;
using Involute.Runs.Checkpoints;
using static Involute.Actors.Protocol.LedgerProtocol;

namespace Involute.Actors.Learning;

/// <content>From what the ledger has found to the first step.</content>
public sealed partial class LearnerActor
{
    private void Resume(Recovered recovered)
    {
        if (Recovery.Problem(_settings, recovered) is { } problem)
        {
            End(RunStatus.BadData, problem);
            return;
        }

        foreach (var (key, from, to) in _settings.SettingChanges)
        {
            _ledger.Tell(new ChangeSetting(key, from, to));
        }

        Begin(recovered.Checkpoint, recovered.Warnings);
        Stash.UnstashAll();
    }

    // A new run does not wait for its store, which takes longer to warm up than the first steps.
    private void CheckNewStore(Recovered recovered)
    {
        foreach (var warning in recovered.Warnings)
        {
            _observer.Warned(warning);
        }

        if (Recovery.Problem(_settings, recovered) is { } problem)
        {
            Perform(_state!.StoreFailed(RunStatus.BadData, problem));
        }
    }

    private void Begin(Checkpoint? checkpoint, IReadOnlyList<string> warnings)
    {
        _state = new LearnerState(_settings, checkpoint);
        Become(Running);
        _observer.Started(_state.Outer, warnings);
        Perform(_state.Start());
    }
}
