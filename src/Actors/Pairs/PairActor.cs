using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Involute.Estimators;
using Involute.Estimators.Pairs;
using static Involute.Actors.Nodes.NodeProtocol;
using static Involute.Actors.Pairs.PairProtocol;

namespace Involute.Actors.Pairs;

/// <summary>Owns a block of pairs between messages, and runs their windows synchronously on a compute thread.</summary>
/// <remarks>
/// An exception ends it: its node reports the block, and the learner places the block anew from its last durable state.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "Akka ends an actor through PostStop, which disposes the pairs.")]
public sealed class PairActor : ReceiveActor
{
    //  Empty ──PlaceBlock──▶ Placed ──ThetaPublished (next version)──▶ Placed   tells WindowAdvanced
    //                               ──SaveState (this version)──────▶ Placed   tells StateSaved
    private readonly TrainingPlan<float> _plan;
    private readonly ComputeSlots<float> _slots;
    private readonly IActorRef _learner;
    private PairState<float>? _pairs;
    private ThetaVersion _next;
    private int _attempt;

    /// <summary>Use <see cref="CreateProps"/>.</summary>
    public PairActor(TrainingPlan<float> plan, ComputeSlots<float> slots, IActorRef learner)
    {
        _plan = plan;
        _slots = slots;
        _learner = learner;
        Receive<PlaceBlock>(Place);
    }

    /// <summary>A pair actor that waits for its <see cref="PlaceBlock"/>.</summary>
    /// <param name="plan">Everything that decides theta.</param>
    /// <param name="slots">The scratch of this process.</param>
    /// <param name="learner">Where answers go.</param>
    public static Props CreateProps(TrainingPlan<float> plan, ComputeSlots<float> slots, IActorRef learner) =>
        Props.Create(() => new PairActor(plan, slots, learner)).WithDispatcher(PairDispatcher.Id);

    /// <inheritdoc/>
    protected override void PostStop() => _pairs?.Dispose();

    private void Placed()
    {
        Receive<ThetaPublished>(Advance);
        Receive<SaveState>(Save);
    }

    private void Place(PlaceBlock placement)
    {
        _attempt = placement.Attempt;
        _next = placement.Version;
        _pairs = new PairState<float>(_plan, placement.Block);
        if (!placement.State.IsEmpty)
        {
            _pairs.Load(placement.State.Span);
        }

        foreach (var theta in placement.Thetas)
        {
            RunWindow(theta);
        }

        Become(Placed);
    }

    private void Advance(ThetaPublished published)
    {
        // Published before the pairs were placed: their placement has replayed it.
        if (published.Theta.Version < _next)
        {
            return;
        }

        var contribution = RunWindow(published.Theta);
        var state = published.AttachState ? _pairs!.Save() : [];
        _learner.Tell(new WindowAdvanced(published.RunId, _attempt, contribution, state));
    }

    private void Save(SaveState command)
    {
        RequireNext(command.Version);
        _learner.Tell(new StateSaved(command.RunId, _pairs!.Block, _attempt, command.Version, _pairs.Save()));
    }

    private PairContribution<float> RunWindow(Theta<float> theta)
    {
        RequireNext(theta.Version);
        var slot = _slots.Rent();
        try
        {
            var contribution = _pairs!.RunWindow(theta, slot);
            _next = _next.Next;
            return contribution;
        }
        finally
        {
            _slots.Return(slot);
        }
    }

    // A window under another theta would give other numbers without an error.
    private void RequireNext(ThetaVersion version)
    {
        if (version != _next)
        {
            throw new InvalidOperationException(
                $"pairs from {_pairs!.Block.First} stand before theta {_next} and were given {version}");
        }
    }
}
