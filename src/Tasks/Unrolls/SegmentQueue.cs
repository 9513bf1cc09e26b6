namespace Involute.Tasks.Unrolls;

/// <summary>The segments of one call, by pair: what unrolls of packed lanes take them from, one after the other.</summary>
internal sealed class SegmentQueue
{
    private readonly int[] _firstOf;
    private readonly int[] _lastOf;
    private int[] _nextOf;
    private WindowSegment[] _parts = [];

    /// <summary>No segments of as many pairs.</summary>
    public SegmentQueue(int pairs)
    {
        _firstOf = new int[pairs];
        _lastOf = new int[pairs];
        _nextOf = new int[2 * pairs];
        Array.Fill(_firstOf, -1);
    }

    /// <summary>Segments that begin nothing, each with the thetas of its pair, as those of a window.</summary>
    /// <param name="segments">One of a pair at most.</param>
    /// <returns>Valid until the next call.</returns>
    public ReadOnlySpan<WindowSegment> OfWindow(ReadOnlySpan<Segment> segments)
    {
        if (_parts.Length < segments.Length)
        {
            _parts = new WindowSegment[segments.Length];
        }

        for (var i = 0; i < segments.Length; i++)
        {
            _parts[i] = new WindowSegment(segments[i], Begins: null, segments[i].Pair);
        }

        return _parts.AsSpan(0, segments.Length);
    }

    /// <summary>Takes the segments of a call.</summary>
    public void Fill(ReadOnlySpan<WindowSegment> segments)
    {
        if (_nextOf.Length < segments.Length)
        {
            _nextOf = new int[segments.Length];
        }

        Array.Fill(_firstOf, -1);
        for (var i = 0; i < segments.Length; i++)
        {
            var pair = segments[i].Segment.Pair;
            if (_firstOf[pair] < 0)
            {
                _firstOf[pair] = i;
            }
            else
            {
                _nextOf[_lastOf[pair]] = i;
            }

            _lastOf[pair] = i;
            _nextOf[i] = -1;
        }
    }

    /// <summary>Whether a pair has a segment left; it is taken out.</summary>
    /// <param name="pair">The pair.</param>
    /// <param name="segment">Its index in the call.</param>
    public bool TryTake(int pair, out int segment)
    {
        segment = _firstOf[pair];
        if (segment < 0)
        {
            return false;
        }

        _firstOf[pair] = _nextOf[segment];
        return true;
    }
}
