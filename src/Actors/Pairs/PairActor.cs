using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using static Involute.Actors.Protocol.PairProtocol;

namespace Involute.Actors.Pairs;

/// <summary>Owns a block of pairs between messages, and runs their windows synchronously on a compute thread.</summary>
/// <remarks>
/// An exception ends it: its node reports the block, and the learner places the block anew from its last durable state.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "Akka ends an actor through PostStop, which disposes the pairs.")]
internal sealed class PairActor : ReceiveActor
{
    //  Empty ──PlaceBlock──▶ Placed ──ThetaPublished (its next)──▶ Placed   tells WindowAdvanced
    //                               ──RepeatAnswer─────────────▶ Placed   tells it again, or BlockMissing if left behind
    //                               ──SaveState (where it is)───▶ Placed   tells StateSaved
    private readonly PlacedPairs _pairs;

    /// <summary>Use <see cref="CreateProps"/>.</summary>
    public PairActor(TrainingPlan<float> plan, ComputeSlots<float> slots, RunningWindows windows)
    {
        _pairs = new PlacedPairs(plan, slots, windows);
        ReceiveAny(message =>
        {
            if (_pairs.Receive(message) is { } answer)
            {
                Context.Parent.Tell(answer);
            }
        });
    }

    /// <summary>A pair actor that waits for its <see cref="PlaceBlock"/>.</summary>
    /// <param name="plan">Everything that decides theta.</param>
    /// <param name="slots">The scratch of this process.</param>
    /// <param name="windows">Takes note of windows that run.</param>
    public static Props CreateProps(TrainingPlan<float> plan, ComputeSlots<float> slots, RunningWindows windows) =>
        Props.Create(() => new PairActor(plan, slots, windows)).WithDispatcher(PairDispatcher.Id);

    /// <inheritdoc/>
    protected override void PostStop() => _pairs.Dispose();
}
