using Involute.Actors.Protocol;
using Involute.Estimators;
using Involute.Estimators.Plans;
using Involute.Runs.Checkpoints;

namespace Involute.Actors.Learning;

/// <summary>
/// What a lost pair actor is made again from: every block's state at one step, and the thetas of the windows since.
/// </summary>
/// <param name="settings">The run's.</param>
/// <param name="blocks">The run's blocks of pairs, in pair order.</param>
/// <param name="checkpoint">Where the run goes on from; null for a new run.</param>
internal sealed class ReplayCut(LearnerSettings settings, IReadOnlyList<PairBlock> blocks, Checkpoint? checkpoint)
{
    private readonly List<Theta<float>> _thetas = [];
    private IReadOnlyList<PairSnapshot> _states =
        checkpoint?.Pairs ?? [.. blocks.Select(block => new PairSnapshot(block, default))];

    /// <summary>Windows that the states have had.</summary>
    public ThetaVersion Version { get; private set; } = new(checkpoint?.Step ?? 0);

    /// <summary>Windows that pairs have had which have replayed the thetas: the step of now.</summary>
    public ThetaVersion Now => new(Version.Value + _thetas.Count);

    /// <summary>The thetas of the windows since, oldest first.</summary>
    public IReadOnlyList<Theta<float>> Thetas => [.. _thetas];

    /// <summary>A checkpoint of the states.</summary>
    /// <param name="outer">Theta and the meta-optimizer at the step that the states are of.</param>
    /// <param name="meanLoss">The meta-loss of that step.</param>
    public Checkpoint Checkpoint(OuterState<float> outer, double meanLoss) => new(
        settings.RunId,
        settings.IdentitySha256,
        outer,
        meanLoss,
        _states)
    {
        InnerSteps = InnerStepTotal.IsProduct(settings.Plan) ? null : outer.InnerSteps,
    };

    /// <summary>Where the state of a block stands in the store; null if it is in memory, or empty before the first window.</summary>
    public StateGroup? StoredIn(int block) => _states[block].Stored;

    /// <summary>What a placement of a block is made from, besides the thetas, if its state is in memory.</summary>
    public BlockState Of(int block, PlacedBlock placed) => new(placed.Block, placed.Attempt, _states[block].State);

    /// <summary>
    /// States of many blocks may be more than one message takes: cut into parts of about so many bytes.
    /// </summary>
    public static IEnumerable<IReadOnlyList<BlockState>> InParts(IEnumerable<BlockState> blocks, long mostBytes)
    {
        List<BlockState> part = [];
        var bytes = 0L;
        foreach (var block in blocks)
        {
            if (part.Count > 0 && bytes + block.State.Length > mostBytes)
            {
                yield return part;
                part = [];
                bytes = 0;
            }

            part.Add(block);
            bytes += block.State.Length;
        }

        yield return part;
    }

    /// <summary>Whether the thetas would reach a number of bytes with this one.</summary>
    public bool WouldReach(long bytes, Theta<float> theta) =>
        (_thetas.Count + 1) * (long)theta.Values.Length * sizeof(float) >= bytes;

    /// <summary>A step is done that began from this theta.</summary>
    public void Add(Theta<float> theta) => _thetas.Add(theta);

    /// <summary>The states of now are known: nothing needs to be replayed.</summary>
    public void Renew(ThetaVersion version, IReadOnlyList<PairSnapshot> states)
    {
        Version = version;
        _states = states;
        _thetas.Clear();
    }
}
