namespace Involute.Actors.Telemetry;

/// <summary>How the work of a node goes on, for those who watch its process. Read on any thread.</summary>
/// <param name="time">The clock.</param>
internal sealed class NodePulse(TimeProvider time)
{
    // Of the usual time: the last ten steps or so count.
    private const double Keep = 0.9;

    private volatile NodeBeat? _now;

    /// <summary>The step that the node computes, or has computed last; null before the first, and without a learner.</summary>
    public NodeBeat? Now => _now;

    /// <summary>After a message: where the node stands.</summary>
    /// <param name="step">The outer step whose windows it computes; null before the first theta.</param>
    /// <param name="pairs">Pairs that live here.</param>
    /// <param name="isBusy">Whether some of their windows are still to come.</param>
    public void Note(long? step, int pairs, bool isBusy)
    {
        if (step is not { } number)
        {
            return;
        }

        var before = _now;
        if (before is null || before.Step != number)
        {
            _now = new NodeBeat(number, pairs, time.GetUtcNow(), Done: null, before?.UsualSeconds ?? 0);
            before = _now;
        }

        if (!isBusy && before.Done is null)
        {
            var now = time.GetUtcNow();
            var took = Math.Max(0, (now - before.At).TotalSeconds);
            var usual = before.UsualSeconds > 0 ? (Keep * before.UsualSeconds) + ((1 - Keep) * took) : took;
            _now = before with { Pairs = pairs, Done = now, UsualSeconds = usual };
        }
        else if ((isBusy && before.Done is not null) || pairs != before.Pairs)
        {
            _now = before with { Pairs = pairs, Done = isBusy ? null : before.Done };
        }
    }

    /// <summary>There is no learner any more to compute for.</summary>
    public void Stop() => _now = null;
}

/// <summary>A step of a node.</summary>
/// <param name="Step">The outer step.</param>
/// <param name="Pairs">Pairs that live here.</param>
/// <param name="At">When its theta came.</param>
/// <param name="Done">When the last window was computed; null while some are to come.</param>
/// <param name="UsualSeconds">What the windows of a step have usually taken here lately; 0 before the first.</param>
internal sealed record NodeBeat(long Step, int Pairs, DateTimeOffset At, DateTimeOffset? Done, double UsualSeconds);
