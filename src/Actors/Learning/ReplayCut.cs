using Involute.Actors.Protocol;
using Involute.Estimators.Plans;

namespace Involute.Actors.Learning;

/// <summary>
/// What a lost pair actor is made again from: every block's state at one step, and the thetas of the windows since.
/// </summary>
internal sealed class ReplayCut
{
    private readonly List<Theta<float>> _thetas = [];
    private IReadOnlyList<ReadOnlyMemory<byte>> _states;

    public ReplayCut(ThetaVersion version, IReadOnlyList<ReadOnlyMemory<byte>> states)
    {
        Version = version;
        _states = states;
    }

    /// <summary>Windows that the states have had.</summary>
    public ThetaVersion Version { get; private set; }

    /// <summary>Windows that pairs have had which have replayed the thetas: the step of now.</summary>
    public ThetaVersion Now => new(Version.Value + _thetas.Count);

    /// <summary>The thetas of the windows since, oldest first.</summary>
    public IReadOnlyList<Theta<float>> Thetas => [.. _thetas];

    /// <summary>Every block's state, in pair order; empty before the first window.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> States => _states;

    /// <summary>What a placement of a block is made from, besides the thetas.</summary>
    public BlockState Of(int block, PlacedBlock placed) => new(placed.Block, placed.Attempt, _states[block]);

    /// <summary>States of many blocks may be more than one message takes: cut into parts of about so many bytes.</summary>
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
    public void Renew(ThetaVersion version, IReadOnlyList<ReadOnlyMemory<byte>> states)
    {
        Version = version;
        _states = states;
        _thetas.Clear();
    }
}
