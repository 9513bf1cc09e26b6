namespace Involute.Actors.Learning;

/// <summary>
/// How long a stop waits for the outer step in flight and for its checkpoint: a few seconds, longer only where both usually
/// take longer.
/// </summary>
/// <remarks>
/// Nothing is lost by not waiting but time: a run goes on from its newest checkpoint. A store that does not answer, or a
/// pair whose step function does not return, must not keep a process alive that was asked to end.
/// </remarks>
/// <param name="time">Measures.</param>
internal sealed class StopPatience(TimeProvider time)
{
    /// <summary>The shortest wait.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromSeconds(6);

    /// <summary>The longest wait: supervisors kill a process after some ten seconds to minutes.</summary>
    public static readonly TimeSpan Most = TimeSpan.FromSeconds(60);

    private readonly Usual _step = new();
    private readonly Usual _save = new();

    /// <summary>From the request to stop on.</summary>
    public TimeSpan Wait => TimeSpan.FromTicks(
        Math.Clamp(2 * (_step.Ticks + _save.Ticks), Least.Ticks, Most.Ticks));

    /// <summary>An outer step begins.</summary>
    public void StepBegun() => _step.Begin(time);

    /// <summary>It is done.</summary>
    public void StepDone() => _step.End(time);

    /// <summary>A checkpoint is given to the store.</summary>
    public void SaveBegun() => _save.Begin(time);

    /// <summary>It is on disk.</summary>
    public void SaveDone() => _save.End(time);

    // The shorter of the last two times: one that was long because a worker or the store was away is not the usual one.
    private sealed class Usual
    {
        private long? _start;
        private long? _last;

        public long Ticks { get; private set; }

        public void Begin(TimeProvider time) => _start = time.GetTimestamp();

        public void End(TimeProvider time)
        {
            if (_start is not { } start)
            {
                return;
            }

            var took = time.GetElapsedTime(start).Ticks;
            Ticks = Math.Min(took, _last ?? took);
            (_start, _last) = (null, took);
        }
    }
}
