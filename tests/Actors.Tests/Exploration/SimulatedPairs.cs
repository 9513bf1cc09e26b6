using Involute.Actors.Pairs;
using Involute.Actors.Protocol;
using Involute.Estimators;
using Involute.Estimators.Pairs;
using static Involute.Actors.Protocol.NodeProtocol;
using static Involute.Actors.Protocol.PairProtocol;

namespace Involute.Actors.Tests.Exploration;

/// <summary>Does around a <see cref="PairMember"/> what <see cref="PairActor"/> does: its mail is local, and in order.</summary>
internal sealed class SimulatedPairs(Ref self, PlacedBlock placed, TrainingPlan<float> plan, ComputeSlots<float> slots)
    : IDisposable
{
    private PairMember? _member;

    public Ref Self { get; } = self;

    public PlacedBlock Placed { get; } = placed;

    public Queue<object> Mail { get; } = new();

    /// <summary>Reads one message; returns the answer to the node.</summary>
    public IPairAnswer? ReadMail()
    {
        switch (Mail.Dequeue())
        {
            case PlaceBlock placement:
                _member = new PairMember(plan, slots, placement);
                return null;
            case ThetaPublished theta:
                return _member!.Advance(theta);
            case RepeatAnswer again:
                return _member!.Repeat(again.Version);
            case SaveState command:
                return _member!.Save(command);
            case var other:
                throw new Violation($"pairs were told {other}");
        }
    }

    public void Dispose() => _member?.Dispose();
}
