using Involute.Actors.Protocol;
using Involute.Estimators;
using Involute.Runs;
using Involute.Runs.Checkpoints;
using static Involute.Actors.Learning.LearnerEffect;
using static Involute.Actors.Protocol.LearnerProtocol;
using static Involute.Actors.Protocol.LedgerProtocol;
using static Involute.Actors.Protocol.NodeProtocol;
using static Involute.Actors.Protocol.PairProtocol;

namespace Involute.Actors.Learning;

/// <summary>
/// Decides everything that the learner does, without actors, clock or disk: <see cref="Receive"/> takes what has
/// happened and returns what to do about it, in order. Here are the steps and the end of the run; the nodes and where
/// blocks live are up to <see cref="Placements"/>.
/// </summary>
/// <remarks>A pair is never dropped and a sum never rescaled.</remarks>
internal sealed class LearnerState
{
    //  Stepping ──all contributions──▶ Stepping | Paused | SavingStates | Finishing
    //  Paused ──store answers, queue drained──▶ Stepping
    //  Paused ──stop──▶ SavingStates ──all states, or no node left──▶ Finishing
    //  Finishing ──everything on disk──▶ Ended            any ──store failed──▶ Ended
    private readonly LearnerSettings _settings;
    private readonly StepInFlight _step;
    private readonly Placements _placements;
    private readonly ReplayCut _cut;
    private readonly BlockSet<ReadOnlyMemory<byte>> _savedStates;
    private readonly AnswerCheck _answers;
    private readonly DivergenceWatch _divergence;
    private readonly StoreProgress _store;
    private readonly ReminderPace _reminders = new();
    private double _meanLoss;
    private long _staleAnswers;
    private bool _checkpointDue;
    private bool _stopRequested;
    private (RunStatus Status, string Message) _end;
    private List<LearnerEffect> _effects = [];

    /// <summary>A run that starts, or goes on from a checkpoint that <see cref="Recovery"/> has accepted.</summary>
    public LearnerState(LearnerSettings settings, Checkpoint? checkpoint)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        Outer = checkpoint?.State ?? settings.Initial ?? OuterState<float>.Initial(settings.Plan);
        _meanLoss = checkpoint?.MeanLoss ?? double.NaN;
        var blocks = settings.Plan.Blocks();
        _cut = new ReplayCut(settings, blocks, checkpoint);
        _placements = new Placements(settings, blocks, _cut, Emit);
        _step = new StepInFlight(settings, blocks.Count);
        _savedStates = new BlockSet<ReadOnlyMemory<byte>>(blocks.Count);
        _answers = new AnswerCheck(settings.Plan, settings.StateProblem);
        _divergence = new DivergenceWatch(settings.Plan, settings.Run.MaxHopelessSteps);
        var pace = new CheckpointPace(settings.Run.CheckpointInterval, settings.Time);
        _store = new StoreProgress(checkpoint?.Step ?? 0, settings.MaxUnsavedSteps, pace, Emit);
    }

    /// <summary>What the run waits for.</summary>
    public LearnerPhase Phase { get; private set; }

    /// <summary>The last adopted theta and the meta-optimizer's memory.</summary>
    public OuterState<float> Outer { get; private set; }

    /// <summary>Answers that came twice, too late, or from a placement that is over.</summary>
    public long StaleAnswers => _staleAnswers + _placements.StaleFailures;

    /// <summary>Whether the end of the run is decided: no block is placed any more.</summary>
    public bool IsEnding => Phase is LearnerPhase.Finishing or LearnerPhase.Ended;

    /// <summary>How long a stop waits for the step in flight and its checkpoint.</summary>
    public TimeSpan StopWait => StopPatience.Wait(_step.Usual, _store.UsualSave);

    /// <summary>The run begins.</summary>
    public IReadOnlyList<LearnerEffect> Start()
    {
        GoOn();
        return Take();
    }

    /// <summary>Something has happened.</summary>
    /// <param name="message">What: a message of the protocols of learner, nodes and ledger.</param>
    /// <param name="sender">The node that says so; null where the process or the ledger does.</param>
    /// <returns>What to do about it, in order.</returns>
    public IReadOnlyList<LearnerEffect> Receive(object message, NodeIdentity? sender = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        switch (message)
        {
            case IWireMessage foreign and not RegisterNode when foreign.RunId != _settings.RunId:
                Ignore(foreign);
                break;
            case WindowsAdvanced answers:
                answers.Windows.ToList().ForEach(window => Collect(window, sender));
                break;
            case StateSaved answer:
                Collect(answer, sender);
                break;
            case Tick:
                Remind();
                break;
            case StopRun:
                Stop();
                break;
            case Recovered recovered:
                CheckNewStore(recovered);
                break;
            case StoreFailed failed:
                End(Recovery.StatusOf(failed.Kind), failed.Reason);
                break;
            case LedgerStopped stopped:
                End(RunStatus.StorageFailed, $"the ledger stopped: {stopped.Reason}");
                break;
            case var _ when _store.Receive(message):
                StoreMoved();
                break;
            case var _ when _placements.Receive(message, sender):
                PlacementsMoved();
                break;
            default:
                Ignore(message);
                break;
        }

        return Take();
    }

    private void Ignore(object it) => Emit(new Warn($"unexpected {it.GetType().Name} while {Phase}: ignored"));

    private void PlacementsMoved()
    {
        if (!IsEnding && _placements.Hopeless is { } reason)
        {
            Finish(RunStatus.Failed, reason);
        }
        else if (!IsEnding && _stopRequested && !_placements.HasNodes)
        {
            SaveStates();
        }
    }

    private void Collect(WindowAdvanced answer, NodeIdentity? sender)
    {
        var part = answer.Contribution;
        if (Phase != LearnerPhase.Stepping
            || part.Version != Outer.Theta.Version
            || _placements.Find(part.Block, answer.Attempt, sender) is not { } block || _step.Has(block))
        {
            _staleAnswers++;
            if (_placements.IsOver(part.Block, answer.Attempt))
            {
                // Pairs that do not know that they have a successor would compute for nothing.
                Emit(new Reply(new ReleaseBlock(_settings.RunId, part.Block, answer.Attempt)));
            }
        }
        else if (_answers.Malformed(answer, _step.Theta!.AttachState) is { } problem)
        {
            _placements.Reject(block, problem);
            PlacementsMoved();
        }
        else if (AnswerCheck.NotFinite(answer) is { } doubt && _placements.HasAnotherHome(block) && _step.Doubt(block))
        {
            _placements.AskAnother(block, doubt);
        }
        else if (_step.Offer(block, answer) && _step.IsComplete)
        {
            CompleteStep();
        }
    }

    private void Collect(StateSaved answer, NodeIdentity? sender)
    {
        if (Phase != LearnerPhase.SavingStates
            || answer.Version != Outer.Theta.Version
            || _placements.Find(answer.Block, answer.Attempt, sender) is not { } block
            || _savedStates.Has(block))
        {
            _staleAnswers++;
        }
        else if (_answers.Malformed(answer.Block, answer.State, answer.Version) is { } problem)
        {
            _placements.Reject(block, problem);
            PlacementsMoved();
        }
        else if (_savedStates.Offer(block, answer.State) && _savedStates.IsComplete)
        {
            _cut.Renew(Outer.Theta.Version, _savedStates.InOrder);
            _store.Write(OfferCut());
            Finish(RunStatus.Interrupted, "");
        }
    }

    private void CompleteStep()
    {
        var (result, contributions) = _step.Apply(Outer);
        if (_divergence.Fatal(result, contributions) is { } fatal)
        {
            Finish(RunStatus.Diverged, fatal);
            return;
        }

        _placements.StepDone();
        _cut.Add(Outer.Theta);
        (Outer, _meanLoss) = (result.State, result.MeanLoss);
        _store.Recorded(Outer.Theta.Version.Value);
        Checkpoint? checkpoint = null;
        if (_step.Theta!.AttachState)
        {
            _cut.Renew(Outer.Theta.Version, _step.States);
            checkpoint = _checkpointDue || _stopRequested ? OfferCut() : null;
            _placements.Rebalance();
        }

        // First the next theta: the pairs compute while this step is hashed and recorded.
        GoOn();
        Emit(new CompleteStep(result, contributions));
        _store.Write(checkpoint);
        if (_divergence.Warning(result) is { } warning)
        {
            Emit(new Warn(warning));
        }
    }

    private void GoOn()
    {
        _placements.Step = null;
        if (Outer.Theta.Version.Value >= _settings.Run.OuterSteps)
        {
            Finish(RunStatus.Finished, "");
        }
        else if (_stopRequested)
        {
            SaveStates();
        }
        else if (_store.HoldsUp)
        {
            Phase = LearnerPhase.Paused;
        }
        else
        {
            BeginStep();
        }
    }

    private void BeginStep()
    {
        var next = Outer.Theta.Version.Next.Value;
        _checkpointDue = _store.IsDue(next) || next == _settings.Run.OuterSteps
            || _cut.WouldReach(_settings.MaxReplayBytes, Outer.Theta);
        _placements.Recheck();
        Phase = LearnerPhase.Stepping;
        Emit(new PublishTheta(_placements.Step = _step.Begin(Outer.Theta, _checkpointDue || _placements.HasMisplaced)));
    }

    // Answers that have not come during a whole tick are asked for again, ever less often while the same step lasts.
    private void Remind()
    {
        if (_reminders.IsDue(Phase, Outer.Theta.Version))
        {
            _placements.Remind(Phase == LearnerPhase.Stepping ? _step.Has : _savedStates.Has);
        }
    }

    private void Stop()
    {
        _stopRequested = true;
        if (Phase == LearnerPhase.Paused || (Phase == LearnerPhase.Stepping && !_placements.HasNodes))
        {
            GoOn();
        }
    }

    // A cut at this very step may have been made for a move, and not have been saved.
    private void SaveStates()
    {
        var version = Outer.Theta.Version;
        if (_cut.Version == version && !_store.Has(version.Value))
        {
            _store.Write(OfferCut());
        }

        if (_cut.Version == version || !_placements.HasNodes)
        {
            Finish(RunStatus.Interrupted, "");
            return;
        }

        Phase = LearnerPhase.SavingStates;
        _savedStates.Clear();
        _placements.WantStates();
    }

    // Returns the checkpoint to write now, if any; the cut is at the step of now.
    private Checkpoint? OfferCut() => _store.Offer(_cut.Checkpoint(Outer, _meanLoss));

    // A new run does not wait for its store, which takes longer to warm up than the first steps.
    private void CheckNewStore(Recovered recovered)
    {
        recovered.Warnings.ToList().ForEach(warning => Emit(new Warn(warning)));
        if (Recovery.Problem(_settings, recovered) is { } problem)
        {
            End(RunStatus.BadData, problem);
        }
    }

    private void StoreMoved()
    {
        if (Phase == LearnerPhase.Paused && !_store.HoldsUp)
        {
            GoOn();
        }
        else if (Phase == LearnerPhase.Finishing && _store.HasCaughtUp)
        {
            var missing = _end.Status is RunStatus.Finished or RunStatus.Interrupted
                ? _store.Missing(Outer.Theta.Version.Value)
                : null;
            End(missing is null ? _end.Status : RunStatus.StorageFailed, missing ?? _end.Message);
        }
    }

    // The run's end is decided; it is reported when everything before it is on disk.
    private void Finish(RunStatus status, string message)
    {
        _end = (status, message);
        Phase = LearnerPhase.Finishing;
        _placements.Close();
        StoreMoved();
    }

    private void End(RunStatus status, string message)
    {
        if (Phase != LearnerPhase.Ended)
        {
            Phase = LearnerPhase.Ended;
            _placements.Close();
            var standing = status is RunStatus.Diverged or RunStatus.Failed
                ? $"{message}; the last checkpoint is of step {_store.CheckpointStep}"
                : message;
            Emit(new EndRun(new RunOutcome(status, Outer, _meanLoss, _store.CheckpointStep, standing)));
        }
    }

    private void Emit(LearnerEffect effect) => _effects.Add(effect);

    private List<LearnerEffect> Take()
    {
        (var taken, _effects) = (_effects, []);
        return taken;
    }
}
