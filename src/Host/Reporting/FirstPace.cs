using System.Globalization;
using Involute.Estimators;

namespace Involute.Host.Reporting;

/// <summary>
/// How a run begins to go: the time to its first outer step, and the rate of those after it, measured for about a second.
/// </summary>
/// <remarks>Measured on the steps of the run itself: a trial beside it would take its time, and as much memory.</remarks>
internal sealed class FirstPace
{
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly long _outerSteps;
    private readonly Pace _pace;
    private readonly long _start;
    private long _firstDone;
    private TimeSpan? _first;
    private bool _isSaid;

    /// <summary>Starts the clock.</summary>
    /// <param name="time">Measures.</param>
    /// <param name="outerSteps">Outer steps of the whole run.</param>
    public FirstPace(TimeProvider time, long outerSteps)
    {
        ArgumentNullException.ThrowIfNull(time);
        (_time, _outerSteps, _start, _pace) = (time, outerSteps, time.GetTimestamp(), new Pace(time));
    }

    /// <summary>Takes note of an outer step.</summary>
    /// <returns>One line, once, as soon as it can be said, at the last step at the latest; null before and after.</returns>
    public string? StepDone(OuterStepResult<float> result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (_isSaid)
        {
            return null;
        }

        _pace.StepDone(result.InnerSteps);
        if (_first is not { } first)
        {
            _firstDone = _time.GetTimestamp();
            _first = _time.GetElapsedTime(_start, _firstDone);
            return null;
        }

        var left = _outerSteps - result.Version.Value;
        if (left > 0 && _time.GetElapsedTime(_firstDone) < Enough)
        {
            return null;
        }

        _isSaid = true;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"the first outer step took {DurationText.Of(first)}; after it {_pace.OuterStepsPerSecond:G3} outer steps ")
            + $"per second, {TrainingProgress.Compact(_pace.InnerStepsPerSecond ?? 0)} inner steps"
            + (left > 0 && _pace.TimeFor(left) is { } time
                ? $": the other {left} outer steps take about {DurationText.Of(time)}"
                : "");
    }
}
