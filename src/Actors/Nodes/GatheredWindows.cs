using Involute.Estimators.Pairs;
using static Involute.Actors.Protocol.PairProtocol;

namespace Involute.Actors.Nodes;

/// <summary>Windows of one theta that have been run here and that the learner has not been told of.</summary>
internal sealed class GatheredWindows
{
    /// <summary>Bytes that do not wait: large vectors travel while the other pairs compute.</summary>
    public const long MostBytes = 1 << 18;

    private readonly HashSet<PairBlock> _awaited = [];
    private List<WindowAdvanced> _windows = [];
    private long _bytes;

    /// <summary>Whether there is something to say, and nothing to wait for.</summary>
    public bool IsDue => _windows.Count > 0 && (_awaited.Count == 0 || _bytes >= MostBytes);

    /// <summary>The next theta. The learner has got whatever is left of the one before, or does not want it.</summary>
    public void Begin(IEnumerable<PairBlock> blocks)
    {
        _awaited.Clear();
        _awaited.UnionWith(blocks);
        Take();
    }

    /// <summary>A block was placed that will answer too.</summary>
    public void Await(PairBlock block) => _awaited.Add(block);

    /// <summary>A block will not answer any more.</summary>
    public void Forget(PairBlock block) => _awaited.Remove(block);

    /// <summary>Keeps a block's first answer; false for any later one.</summary>
    public bool Offer(WindowAdvanced window)
    {
        if (!_awaited.Remove(window.Contribution.Block))
        {
            return false;
        }

        _windows.Add(window);
        _bytes += window.WireBytes;
        return true;
    }

    /// <summary>All that is there, in the order in which it came.</summary>
    public IReadOnlyList<WindowAdvanced> Take()
    {
        var taken = _windows;
        _windows = [];
        _bytes = 0;
        return taken;
    }
}
