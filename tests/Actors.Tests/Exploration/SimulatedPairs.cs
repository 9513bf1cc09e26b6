using Involute.Actors.Pairs;
using Involute.Actors.Protocol;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;

namespace Involute.Actors.Tests.Exploration;

/// <summary>
/// Does around a <see cref="PlacedPairs"/> what <see cref="PairActor"/> does: its mail is local, and in order.
/// </summary>
internal sealed class SimulatedPairs(Ref self, PlacedBlock placed, TrainingPlan<float> plan, ComputeSlots<float> slots)
    : IDisposable
{
    private readonly PlacedPairs _pairs = new(plan, slots);

    public Ref Self { get; } = self;

    public PlacedBlock Placed { get; } = placed;

    public Queue<object> Mail { get; } = new();

    /// <summary>Reads one message; returns the answer to the node.</summary>
    public IPairAnswer? ReadMail() => _pairs.Receive(Mail.Dequeue());

    public void Dispose() => _pairs.Dispose();
}
