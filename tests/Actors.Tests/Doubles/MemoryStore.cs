using Involute.Runs.Checkpoints;
using Involute.Runs.Ledger;
using static Involute.Actors.Protocol.LedgerProtocol;

namespace Involute.Actors.Tests.Doubles;

/// <summary>What a run's store holds; outlives the actor systems that write it.</summary>
internal sealed class MemoryStore
{
    public SortedDictionary<long, StepFacts> Steps { get; } = [];

    public List<Checkpoint> Checkpoints { get; } = [];

    public List<ChangeSetting> Changes { get; } = [];

    public long Epoch { get; set; }

    public Recovered Recover()
    {
        var checkpoint = Checkpoints.Count > 0 ? Checkpoints[^1] : null;
        return new Recovered(checkpoint, ++Epoch, Steps.Count, []);
    }
}
