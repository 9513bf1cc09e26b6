using Involute.Actors.Protocol;
using Involute.Estimators;
using Involute.Estimators.Pairs;
using Involute.Runs;
using static Involute.Actors.Protocol.NodeProtocol;
using static Involute.Actors.Protocol.PairProtocol;

namespace Involute.Actors.Pairs;

/// <summary>
/// What one placement of a block decides, without actors: which windows it runs, and what it answers. A theta that is not
/// its next one is not for it.
/// </summary>
/// <remarks>Not safe for use by two threads at once.</remarks>
public sealed class PairMember : IDisposable
{
    private readonly ComputeSlots<float> _slots;
    private readonly PairState<float> _pairs;
    private readonly RunId _runId;
    private readonly int _attempt;
    private ThetaVersion _next;
    private WindowAdvanced? _answer;

    /// <summary>Restores the state of the placement and replays its windows.</summary>
    /// <param name="plan">Everything that decides theta.</param>
    /// <param name="slots">The scratch of this process.</param>
    /// <param name="placement">Where the pairs stand, and what they have missed since.</param>
    /// <exception cref="InvalidDataException">The state does not fit, or the thetas are not those that follow.</exception>
    public PairMember(TrainingPlan<float> plan, ComputeSlots<float> slots, PlaceBlock placement)
    {
        ArgumentNullException.ThrowIfNull(placement);
        _slots = slots;
        _runId = placement.RunId;
        _attempt = placement.Attempt;
        _next = placement.Version;
        _pairs = new PairState<float>(plan, placement.Block);
        try
        {
            Restore(placement);
        }
        catch
        {
            _pairs.Dispose();
            throw;
        }
    }

    /// <summary>Runs the window of a theta; null if it is not the next one.</summary>
    public WindowAdvanced? Advance(ThetaPublished published)
    {
        ArgumentNullException.ThrowIfNull(published);
        if (published.Theta.Version != _next)
        {
            return null;
        }

        var contribution = RunWindow(published.Theta);
        var state = published.AttachState ? _pairs.Save() : [];
        _answer = new WindowAdvanced(published.RunId, _attempt, contribution, state);
        return _answer;
    }

    /// <summary>The state after as many windows as the command names; null if the pairs stand elsewhere.</summary>
    public StateSaved? Save(SaveState command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return command.Version == _next
            ? new StateSaved(command.RunId, _pairs.Block, _attempt, command.Version, _pairs.Save())
            : null;
    }

    /// <summary>
    /// The answer to a theta once more; null if the theta has not come yet. Pairs that stand before an older theta have
    /// missed it, nobody sends it again, and only a new placement helps: <see cref="BlockMissing"/>.
    /// </summary>
    public IPairAnswer? Repeat(ThetaVersion version) =>
        _answer?.Contribution.Version == version ? _answer
        : _next < version ? new BlockMissing(_runId, _pairs.Block, _attempt, version)
        : null;

    /// <inheritdoc/>
    public void Dispose() => _pairs.Dispose();

    private void Restore(PlaceBlock placement)
    {
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
                    $"pairs from {_pairs.Block.First} stand before theta {_next} and were given {theta.Version}");
            }

            RunWindow(theta);
        }
    }

    private PairContribution<float> RunWindow(Theta<float> theta)
    {
        var slot = _slots.Rent();
        try
        {
            var contribution = _pairs.RunWindow(theta, slot);
            _next = _next.Next;
            return contribution;
        }
        finally
        {
            _slots.Return(slot);
        }
    }
}
