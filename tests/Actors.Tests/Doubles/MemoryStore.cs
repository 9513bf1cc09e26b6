using Involute.Actors.Durability;
using static Involute.Actors.Durability.LedgerProtocol;

namespace Involute.Actors.Tests.Doubles;

/// <summary>What a run's store holds; outlives the actor systems that write it.</summary>
internal sealed class MemoryStore
{
    public SortedDictionary<long, RecordStep> Steps { get; } = [];

    public List<Checkpoint> Checkpoints { get; } = [];

    public List<ChangeSetting> Changes { get; } = [];

    public long Epoch { get; set; }

    public Recovered Recover()
    {
        var checkpoint = Checkpoints.Count > 0 ? Checkpoints[^1] : null;
        var hashes = Steps.Where(step => step.Key > (checkpoint?.Step ?? 0))
            .ToDictionary(step => step.Key, step => step.Value.ThetaSha256);
        return new Recovered(checkpoint, ++Epoch, Steps.Count, hashes, []);
    }
}
