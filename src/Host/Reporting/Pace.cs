namespace Involute.Host.Reporting;

/// <summary>How fast a run goes, over about the last quarter of a minute.</summary>
/// <remarks>Only shown to the user: nothing that decides theta depends on it.</remarks>
internal sealed class Pace
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Spacing = TimeSpan.FromSeconds(0.5);

    private readonly TimeProvider _time;
    private readonly LinkedList<Sample> _samples = [];
    private long _outerSteps;
    private long _innerSteps;

    public Pace(TimeProvider time)
    {
        _time = time;
        _samples.AddLast(new Sample(time.GetTimestamp(), 0, 0));
    }

    public void StepDone(long innerSteps)
    {
        var now = _time.GetTimestamp();
        if (_outerSteps == 0)
        {
            // The first step also compiles code and loads data: measure from its end.
            _samples.Clear();
            _samples.AddLast(new Sample(now, 1, innerSteps));
        }

        _outerSteps++;
        _innerSteps += innerSteps;
        if (_time.GetElapsedTime(_samples.Last!.Value.Time, now) >= Spacing)
        {
            _samples.AddLast(new Sample(now, _outerSteps, _innerSteps));
        }

        while (_samples.Count > 2 && _time.GetElapsedTime(_samples.First!.Value.Time, now) > Span)
        {
            _samples.RemoveFirst();
        }
    }

    /// <summary>Inner training steps per second; null before there is anything to measure.</summary>
    public double? InnerStepsPerSecond => Rate(_innerSteps - _samples.First!.Value.InnerSteps);

    /// <summary>Outer steps per second; null before there is anything to measure.</summary>
    public double? OuterStepsPerSecond => Rate(_outerSteps - _samples.First!.Value.OuterSteps);

    /// <summary>Time that a number of outer steps will take; null before there is anything to measure.</summary>
    public TimeSpan? TimeFor(long outerSteps) =>
        OuterStepsPerSecond is { } rate && outerSteps / rate < TimeSpan.MaxValue.TotalSeconds
            ? TimeSpan.FromSeconds(outerSteps / rate)
            : null;

    private double? Rate(long count)
    {
        var seconds = _time.GetElapsedTime(_samples.First!.Value.Time).TotalSeconds;
        return seconds > 0 && count > 0 ? count / seconds : null;
    }

    private readonly record struct Sample(long Time, long OuterSteps, long InnerSteps);
}
