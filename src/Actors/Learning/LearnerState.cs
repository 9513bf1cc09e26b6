using Involute.Actors.Protocol;
using Involute.Estimators;
using Involute.Runs;
using Involute.Runs.Checkpoints;
using Involute.Runs.Configuration;
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
    //  SavingStates (large ones, before each checkpoint) ──all states in the store──▶ Stepping | Paused | Finishing
    //  Finishing ──everything on disk──▶ Ended            any ──store failed──▶ Ended
    private readonly LearnerSettings _settings;
    private readonly ChangingSettings _changing;
    private readonly StepInFlight _step;
    private readonly Placements _placements;
    private readonly ReplayCut _cut;
    private readonly CheckpointCuts _cuts;
    private readonly AnswerCheck _answers;
    private readonly DivergenceWatch _divergence;
    private readonly StoreProgress _store;
    private readonly RunEnding _ending;
    private readonly OperatorRequests _operators;
    private readonly ReminderPace _reminders = new();
    private double _meanLoss;
    private long _staleAnswers;
    private bool _stopRequested;
    private List<LearnerEffect> _effects = [];

    /// <summary>A run that starts, or goes on from a checkpoint that <see cref="Recovery"/> has accepted.</summary>
    public LearnerState(
        LearnerSettings settings, Checkpoint? checkpoint, ChangingSettings? changing = null, long known = 0)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        Outer = checkpoint?.StateIn(settings.Plan) ?? settings.Initial ?? OuterState<float>.Initial(settings.Plan);
        _meanLoss = checkpoint?.MeanLoss ?? double.NaN;
        var blocks = settings.Plan.Blocks();
        _cut = new ReplayCut(settings, blocks, checkpoint);
        var homes = new BlockHomes(blocks);
        _placements = new Placements(
            settings, blocks, homes, new BlockDelivery(settings, blocks, homes, _cut, Emit), _cut, Emit);
        _changing = changing ??= new ChangingSettings(settings.Run, [], settings.Plan.MetaOptimizer);
        _step = new StepInFlight(settings, blocks.Count, changing);
        _answers = new AnswerCheck(settings.Plan, settings.StateProblem);
        _divergence = new DivergenceWatch(settings.Plan, () => changing.Now.MaxHopelessSteps);
        var pace = new CheckpointPace(() => changing.Now.CheckpointInterval, settings.Time);
        _store = new StoreProgress(checkpoint?.Step ?? 0, settings.MaxUnsavedSteps, pace, Emit);
        _store.SettingsGiven(settings.ChangesAtStep.Count + settings.SettingChanges.Count);
        _ending = new RunEnding(_store);
        _operators = new OperatorRequests(settings, this, known, homes, _placements, _cut, changing, _store, GoOn, Emit);
        _cuts = new CheckpointCuts(
            changing, _cut, new StateCollection(settings, blocks, Emit), _store, _placements,
            () => _cut.Checkpoint(Outer, _meanLoss));
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
            case Tick when _reminders.IsDue(Phase, Outer.Theta.Version):
                // Asked again, ever less often while the same step lasts.
                _placements.Remind(Phase == LearnerPhase.Stepping ? block => !_step.Has(block) : _cuts.Awaits);
                break;
            case StopRun:
                Stop();
                break;
            case ControlProtocol.IControl request:
                _operators.Receive(request);
                break;
            case StatesStored stored when Phase == LearnerPhase.SavingStates:
                _cuts.Take(stored);
                StatesMoved();
                break;
            case StatesLoaded loaded:
                _placements.StatesLoaded(loaded.States);
                break;
            case Recovered recovered when Recovery.ProblemOfNew(_settings, recovered, Emit) is { } problem:
                End((RunStatus.BadData, problem));
                break;
            case Tick or StatesStored or Recovered:
                break;
            case StoreFailed failed:
                End((Recovery.StatusOf(failed.Kind), failed.Reason));
                break;
            case LedgerStopped stopped:
                End((RunStatus.StorageFailed, $"the ledger stopped: {stopped.Reason}"));
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
            || !_cuts.Awaits(block))
        {
            _staleAnswers++;
        }
        else if (_answers.Malformed(answer.Block, answer.State, answer.Version) is { } problem)
        {
            _placements.Reject(block, problem);
            PlacementsMoved();
        }
        else
        {
            _cuts.Take(block, answer.State);
            StatesMoved();
        }
    }

    private void StatesMoved()
    {
        if (_cuts.Complete())
        {
            GoOn();
        }
    }

    private void CompleteStep()
    {
        var done = _step.Apply(Outer, _placements, StaleAnswers);
        if (_divergence.Fatal(done.Result, done.Contributions) is { } fatal)
        {
            Finish(RunStatus.Diverged, fatal);
            return;
        }

        _placements.StepDone();
        _cut.Add(Outer.Theta);
        (Outer, _meanLoss) = (done.Result.State, done.Result.MeanLoss);
        _store.Recorded(Outer.Theta.Version.Value);
        var checkpoint = _cuts.AreAttached ? _cuts.Attached(_step.States, _stopRequested) : null;

        // First the next theta: the pairs compute while this step is hashed and recorded.
        Action goOn = _cuts.AreCollected ? Collect : GoOn;
        goOn();
        Emit(done);
        _store.Write(checkpoint);
        if (_divergence.Warning(done.Result) is { } warning)
        {
            Emit(new Warn(warning));
        }
    }

    private void GoOn()
    {
        _placements.Step = null;
        if (Outer.Theta.Version.Value >= _changing.Now.OuterSteps)
        {
            Finish(RunStatus.Finished, "");
        }
        else if (_stopRequested)
        {
            SaveStates();
        }
        else if (_operators.WantCheckpoint(_cuts.IsSaved))
        {
            Collect();
        }
        else if (_store.HoldsUp || _operators.HoldUp)
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
        _cuts.Plan(Outer.Theta.Version.Next.Value, _cut.WouldReach(_settings.MaxReplayBytes, Outer.Theta));
        Phase = LearnerPhase.Stepping;
        Emit(new PublishTheta(_placements.Step = _step.Begin(Outer.Theta, _cuts.AreAttached)));
    }

    private void Stop()
    {
        _stopRequested = true;
        if (Phase == LearnerPhase.SavingStates)
        {
            PlacementsMoved();
        }
        else if (Phase == LearnerPhase.Paused || (Phase == LearnerPhase.Stepping && !_placements.HasNodes))
        {
            GoOn();
        }
    }

    private void SaveStates()
    {
        if (_cuts.IsSaved() || !_placements.HasNodes)
        {
            Finish(RunStatus.Interrupted, "");
        }
        else if (Phase != LearnerPhase.SavingStates)
        {
            Collect();
        }
    }

    private void Collect()
    {
        Phase = LearnerPhase.SavingStates;
        _cuts.Collect();
    }

    private void StoreMoved()
    {
        if (Phase == LearnerPhase.Paused && !_store.HoldsUp)
        {
            GoOn();
        }
        else if (Phase == LearnerPhase.Finishing && _store.HasCaughtUp)
        {
            End(_ending.OnDisk(Outer.Theta.Version.Value));
        }
    }

    // The run's end is decided; it is reported when everything before it is on disk.
    private void Finish(RunStatus status, string message)
    {
        _ending.Decide(status, message);
        Phase = LearnerPhase.Finishing;
        _placements.Close();
        StoreMoved();
    }

    private void End((RunStatus Status, string Message) end)
    {
        if (Phase != LearnerPhase.Ended)
        {
            Phase = LearnerPhase.Ended;
            _placements.Close();
            Emit(new EndRun(new RunOutcome(end.Status, Outer, _meanLoss, _store.CheckpointStep, _ending.Words(end))));
        }
    }

    private void Emit(LearnerEffect effect) => _effects.Add(effect);

    private List<LearnerEffect> Take() => Interlocked.Exchange(ref _effects, []);
}
