using Involute.Estimators;
using Involute.Estimators.Pairs;
using Involute.Runs;
using Involute.Runs.Checkpoints;
using static Involute.Actors.Protocol.NodeProtocol;
using static Involute.Actors.Protocol.PairProtocol;

namespace Involute.Actors.Learning;

/// <summary>
/// Decides everything that the learner does, without actors, clock or disk: each method takes what has happened and
/// returns what to do about it, in order.
/// </summary>
/// <remarks>
/// A pair is never dropped and a sum never rescaled: a block that fails or is lost is placed anew from the last cut and
/// replays the windows since, which gives the same numbers.
/// </remarks>
public sealed partial class LearnerState
{
    //  Stepping ──all contributions──▶ Stepping | Paused | SavingStates | Finishing
    //  Paused ──store answers, queue drained──▶ Stepping
    //  Paused ──stop──▶ SavingStates ──all states, or no node left──▶ Finishing
    //  Finishing ──everything on disk──▶ Ended            any ──store failed──▶ Ended
    private readonly LearnerSettings _settings;
    private readonly OuterUpdate<float> _update;
    private readonly BlockHomes _homes;
    private readonly BlockSet<WindowAdvanced> _windows;
    private readonly BlockSet<ReadOnlyMemory<byte>> _savedStates;
    private readonly ReplayCut _cut;
    private readonly RestartBudget _restarts;
    private readonly NodeFaults _nodeFaults = new();
    private readonly DivergenceWatch _divergence;
    private readonly StoreProgress _store;
    private OuterState<float> _state;
    private double _meanLoss;
    private readonly ReminderPace _reminders = new();
    private ThetaPublished? _inFlight;
    private bool _checkpointDue;
    private bool _stopRequested;
    private string? _lastFailure;
    private (RunStatus Status, string Message) _end;
    private List<LearnerEffect> _effects = [];

    /// <summary>A run that starts, or goes on from a checkpoint that <see cref="Recovery"/> has accepted.</summary>
    public LearnerState(LearnerSettings settings, Checkpoint? checkpoint)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        var blocks = settings.Plan.Blocks();
        _update = new OuterUpdate<float>(settings.Plan);
        _homes = new BlockHomes(blocks);
        _windows = new BlockSet<WindowAdvanced>(blocks.Count);
        _savedStates = new BlockSet<ReadOnlyMemory<byte>>(blocks.Count);
        _restarts = new RestartBudget(blocks.Count, settings.MaxRestarts);
        _divergence = new DivergenceWatch(settings.Plan.Windows);
        _state = checkpoint?.State ?? OuterState<float>.Initial(settings.Plan);
        _meanLoss = checkpoint?.MeanLoss ?? double.NaN;
        _store = new StoreProgress(checkpoint?.Step ?? 0, settings.MaxUnsavedSteps);
        _cut = new ReplayCut(
            _state.Theta.Version,
            checkpoint is null
                ? new ReadOnlyMemory<byte>[blocks.Count]
                : [.. checkpoint.Pairs.Select(pair => pair.State)]);
    }

    /// <summary>What the run waits for.</summary>
    public LearnerPhase Phase { get; private set; }

    /// <summary>The last adopted theta and the meta-optimizer's memory.</summary>
    public OuterState<float> Outer => _state;

    /// <summary>Answers that came twice, too late, or from a placement that is over.</summary>
    public long StaleAnswers { get; private set; }

    /// <summary>Windows in which an arm was frozen.</summary>
    public long DivergedWindows => _divergence.Windows;

    /// <summary>The run begins.</summary>
    public IReadOnlyList<LearnerEffect> Start()
    {
        GoOn();
        return Take();
    }

    /// <summary>A pair actor has run its window.</summary>
    public IReadOnlyList<LearnerEffect> WindowAdvanced(WindowAdvanced answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var part = answer.Contribution;
        if (Phase != LearnerPhase.Stepping
            || part.Version != _state.Theta.Version
            || _homes.Find(part.Block, answer.Attempt) is not { } block)
        {
            Stale(part.Block, answer.Attempt);
        }
        else if (Malformed(answer) is { } reason)
        {
            PlaceAgain(block, reason);
        }
        else if (!_windows.Offer(block, answer))
        {
            StaleAnswers++;
        }
        else if (_windows.IsComplete)
        {
            CompleteStep();
        }

        return Take();
    }

    /// <summary>A pair actor has sent its state for the checkpoint of a stop.</summary>
    public IReadOnlyList<LearnerEffect> StateSaved(StateSaved answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (Phase != LearnerPhase.SavingStates
            || answer.Version != _state.Theta.Version
            || _homes.Find(answer.Block, answer.Attempt) is not { } block
            || !_savedStates.Offer(block, answer.State))
        {
            StaleAnswers++;
        }
        else if (_savedStates.IsComplete)
        {
            _cut.Renew(_state.Theta.Version, _savedStates.InOrder);
            Save(OfferCut());
            Finish(RunStatus.Interrupted, "");
        }

        return Take();
    }

    /// <summary>A pair actor has thrown or stopped.</summary>
    /// <param name="block">Its pairs.</param>
    /// <param name="attempt">Its placement.</param>
    /// <param name="fatal">Whether another try is pointless.</param>
    /// <param name="error">Why.</param>
    public IReadOnlyList<LearnerEffect> BlockFailed(PairBlock block, int attempt, bool fatal, string error)
    {
        if (Phase >= LearnerPhase.Finishing || _homes.Find(block, attempt) is not { } index)
        {
            StaleAnswers++;
        }
        else if (fatal)
        {
            Finish(RunStatus.Failed, Failure(index, error));
        }
        else
        {
            PlaceAgain(index, error);
        }

        return Take();
    }
}
