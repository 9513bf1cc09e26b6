using Involute.Actors.Protocol;
using Involute.Actors.Telemetry;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Runs;
using static Involute.Actors.Protocol.NodeProtocol;
using static Involute.Actors.Protocol.PairProtocol;

namespace Involute.Actors.Pairs;

/// <summary>
/// What one placement of a block decides, without actors: which windows it runs, and what it answers. A theta that is
/// not its next one is not for it.
/// </summary>
/// <remarks>Not safe for use by two threads at once.</remarks>
/// <param name="plan">Everything that decides theta.</param>
/// <param name="slots">The scratch of this process.</param>
/// <param name="windows">Takes note of windows that run; null for nothing.</param>
internal sealed class PlacedPairs(TrainingPlan<float> plan, ComputeSlots<float> slots, RunningWindows? windows = null)
    : IDisposable
{
    private PairState<float>? _pairs;
    private RunId _runId;
    private int _attempt;
    private ThetaVersion _next;
    private WindowAdvanced? _answer;

    private PairState<float> Pairs => _pairs ?? throw new InvalidOperationException("no pairs were placed here");

    /// <summary>Something was said to the pairs: first their placement.</summary>
    /// <returns>The answer to the node, or null; null also to what is not for pairs.</returns>
    /// <exception cref="InvalidDataException">The state of the placement does not fit, or its thetas are not those that
    /// follow.</exception>
    /// <exception cref="InvalidOperationException">They were not placed before.</exception>
    public IPairAnswer? Receive(object message) => message switch
    {
        PlaceBlock placement => Place(placement),
        ThetaPublished theta => Advance(theta),
        RepeatAnswer again => Repeat(again.Version),
        SaveState command => Save(command),
        _ => null,
    };

    /// <inheritdoc/>
    public void Dispose() => _pairs?.Dispose();

    // Restores the state of the placement, and replays its windows.
    private IPairAnswer? Place(PlaceBlock placement)
    {
        _runId = placement.RunId;
        _attempt = placement.Attempt;
        _next = placement.Version;
        _pairs = new PairState<float>(plan, placement.Block);
        if (!placement.State.IsEmpty)
        {
            _pairs.Load(placement.State.Span);
        }

        foreach (var theta in placement.Thetas)
        {
            // A window under another theta would give other numbers without an error.
            if (theta.Version != _next)
            {
                throw new InvalidDataException(
                    $"pairs from {_pairs.Block.First} expect theta {_next} and were given {theta.Version}");
            }

            RunWindow(theta);
        }

        return null;
    }

    private WindowAdvanced? Advance(ThetaPublished published)
    {
        if (published.Theta.Version != _next)
        {
            return null;
        }

        var (contribution, took) = RunWindow(published.Theta);
        InvoluteTelemetry.WindowComputed(took);
        var state = published.AttachState ? Pairs.Save() : [];
        _answer = new WindowAdvanced(published.RunId, _attempt, contribution, state, took);
        return _answer;
    }

    // Null if the pairs stand elsewhere.
    private StateSaved? Save(SaveState command) => command.Version == _next
        ? new StateSaved(command.RunId, Pairs.Block, _attempt, command.Version, Pairs.Save())
        : null;

    // Null if the theta has not come yet. Pairs that stand before an older theta have missed it; it is not sent again,
    // and only a new placement helps.
    private IPairAnswer? Repeat(ThetaVersion version) =>
        _answer?.Contribution.Version == version ? _answer
        : _next < version ? new BlockMissing(_runId, Pairs.Block, _attempt, version)
        : null;

    private (PairContribution<float> Contribution, TimeSpan Took) RunWindow(Theta<float> theta)
    {
        var running = windows?.Begin(new PlacedBlock(Pairs.Block, _attempt), theta.Version);
        PairContribution<float> contribution;
        var slot = slots.Rent();
        try
        {
            contribution = Pairs.RunWindow(theta, slot);
            _next = _next.Next;
        }
        finally
        {
            slots.Return(slot);
            running?.Dispose();
        }

        return (contribution, running?.Took ?? default);
    }
}
