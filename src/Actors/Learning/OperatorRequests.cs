using Involute.Runs.Configuration;
using Involute.Runs.Ledger;
using static Involute.Actors.Learning.LearnerEffect;
using static Involute.Actors.Protocol.ControlProtocol;

namespace Involute.Actors.Learning;

/// <summary>
/// What an operator has asked of the run: to hold it between two steps, to write a checkpoint. None of it changes a bit of
/// theta.
/// </summary>
/// <param name="settings">What the learner was given.</param>
/// <param name="run">The run.</param>
/// <param name="known">The last step that the ledger has had when this learner began.</param>
/// <param name="homes">Where the pairs live.</param>
/// <param name="placements">Places them.</param>
/// <param name="cut">What pairs are made again from.</param>
/// <param name="changing">The settings over the steps.</param>
/// <param name="store">What is on disk.</param>
/// <param name="goOn">Looks what comes next, between two steps.</param>
/// <param name="emit">Takes what is to be done, in order.</param>
internal sealed class OperatorRequests(
    LearnerSettings settings, LearnerState run, long known, BlockHomes homes, Placements placements, ReplayCut cut, ChangingSettings changing,
    StoreProgress store, Action goOn, Action<LearnerEffect> emit)
{
    private bool _wantsCheckpoint;

    /// <summary>Whether no further step may be begun.</summary>
    public bool HoldUp { get; private set; }

    /// <summary>Between two steps: whether the states of now have to be collected for a checkpoint.</summary>
    /// <param name="isSaved">Whether those of now are on disk or on their way; gives them to the store where they are at
    /// hand.</param>
    public bool WantCheckpoint(Func<bool> isSaved)
    {
        ArgumentNullException.ThrowIfNull(isSaved);
        _wantsCheckpoint = _wantsCheckpoint && !isSaved();
        return _wantsCheckpoint && placements.HasNodes;
    }

    /// <summary>An operator asks.</summary>
    /// <param name="request">What for.</param>
    public void Receive(IControl request)
    {
        switch (request)
        {
            case AskHomes ask:
                var first = Math.Clamp(ask.First, 0, homes.Count);
                emit(new Answer(new Homes([
                    .. Enumerable.Range(first, Math.Clamp(ask.Count, 0, homes.Count - first)).Select(homes.Shown)])));
                return;
            case HoldRun or TakeCheckpoint or RestartBlock or ChangeRun when run.IsEnding:
                emit(new Answer(new Refused("the run is at its end")));
                return;
            case HoldRun hold:
                HoldUp = hold.IsHeld;
                MoveIfPaused();
                break;
            case TakeCheckpoint:
                _wantsCheckpoint = true;
                MoveIfPaused();
                return;
            case RestartBlock restart:
                Restart(restart.Block);
                return;
            case AskCut ask when ask.Block >= 0 && ask.Block < homes.Count:
                emit(new Answer(new BlockCut(
                    homes.Shown(ask.Block).Block, cut.Version,
                    cut.StoredIn(ask.Block) is null ? cut.Of(ask.Block, homes.Placed(ask.Block)).State : null)));
                return;
            case ChangeRun change:
                emit(new Answer(Change(change)));
                return;
            default:
                break;
        }

        emit(new Answer(new Standing(Words(run.Phase), HoldUp, placements.Threads)
        {
            Settings = changing.Now,
            Changes = [.. changing.History],
        }));
    }

    // Between two steps nothing else would look what comes next.
    private void MoveIfPaused()
    {
        if (run.Phase == LearnerPhase.Paused)
        {
            goOn();
        }
    }

    private object Change(ChangeRun asked)
    {
        try
        {
            var wanted = changing.Changed(asked.Argument);
            if (wanted.Select(Problem).FirstOrDefault(problem => problem is not null) is { } refused)
            {
                return new Refused(refused);
            }

            // The step in flight is the first that it holds for. Steps that are recomputed have what they had.
            SettingChanged[] changes =
            [
                .. wanted.Select(change => new SettingChanged(0, change.Key, change.Before ?? "", change.After ?? "")
                {
                    Step = Math.Max(run.Outer.Theta.Version.Value, known),
                    By = asked.By,
                    At = settings.Time.GetUtcNow(),
                }),
            ];
            return Adopt(changes) is { } reason ? new Refused(reason) : new RunChanged(changes);
        }
        catch (ConfigurationException wrong)
        {
            return new Refused(wrong.Message);
        }
    }

    private string? Problem(SettingChange wanted)
    {
        var step = run.Outer.Theta.Version.Value;
        if (DecidesTheta(wanted.Key))
        {
            return step < known ? $"the run recomputes steps that its ledger has: try again after outer step {known}" : null;
        }

        // The step in flight is the last only if it was begun as such: it ends with a checkpoint.
        var least = Math.Max(run.Phase == LearnerPhase.Stepping ? step + 2 : step + 1, known);
        return ConfigurationLoader.Changed(changing.Beginning, $"{wanted.Key}={wanted.After}").OuterSteps is var last
            && last < least && last != changing.Now.OuterSteps
                ? $"{wanted.Key} = {last}, but the run computes outer step {step + 1}; allowed: at least {least}, or 'learner stop'"
                : null;
    }

    private string? Adopt(IReadOnlyList<SettingChanged> changes)
    {
        var operated = changes.Where(change => !DecidesTheta(change.Key)).ToList();
        if (operated.Count > 0 && settings.Keep(operated.Aggregate(
            changing.Beginning, (all, change) => ConfigurationLoader.Changed(all, $"{change.Key}={change.To}"))) is { } reason)
        {
            return reason;
        }

        foreach (var change in changes)
        {
            Action<SettingChanged> adopt = DecidesTheta(change.Key) ? changing.Add : changing.Operate;
            adopt(change);
            store.SettingsGiven(1);
            emit(new RecordSetting(change));
            emit(new Warn($"{change.Key} is {change.To} after outer step {change.Step}, it was {change.From}: by {change.By}")
            {
                Event = "setting-changed",
                IsWarning = false,
            });
        }

        if (operated.Count > 0)
        {
            emit(new Operate(changing.Beginning));
        }

        return null;
    }

    private bool DecidesTheta(string key) => ResumeRules.ChangeableAtStep(changing.Beginning).Contains(key);

    private void Restart(int block)
    {
        if (block < 0 || block >= homes.Count || homes.Shown(block) is { Node: null })
        {
            emit(new Answer(new Refused("these pairs are on no node now: they are placed as soon as there is one")));
            return;
        }

        placements.Restart(block);
        emit(new Answer(homes.Shown(block)));
    }

    private string Words(LearnerPhase now) => now switch
    {
        LearnerPhase.Stepping when !placements.HasNodes => "waiting for workers",
        LearnerPhase.Stepping when HoldUp => "finishing the outer step",
        LearnerPhase.Stepping => "computing",
        LearnerPhase.Paused when HoldUp => "paused",
        LearnerPhase.Paused => "waiting for the store",
        LearnerPhase.SavingStates => "collecting states for a checkpoint",
        LearnerPhase.Finishing => "writing the rest to the store",
        _ => "ended",
    };
}
