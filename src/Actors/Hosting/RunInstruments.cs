using System.Diagnostics.Metrics;
using Involute.Actors.Telemetry;
using Involute.Estimators;
using Involute.Runs;
using Involute.Runs.Configuration;

namespace Involute.Hosting;

/// <summary>Measures a run for the meter <c>Involute</c> (docs/watching.md names the instruments), and passes on what it hears.</summary>
internal sealed class RunInstruments : IRunObserver, ISettingsObserver, IDisposable
{
    private readonly IRunObserver? _next;
    private readonly TimeProvider _time;
    private readonly Meter _meter;
    private readonly Counter<long> _steps;
    private readonly Counter<long> _innerSteps;
    private readonly Counter<long> _ended;
    private readonly Counter<long> _diverged;
    private readonly Counter<long> _warnings;
    private readonly Histogram<double> _durations;
    private volatile Standing? _now;
    private long _checkpoint;
    private long _outerSteps;
    private double _usualSeconds;

    /// <summary>The last outer step, or the one that this process began from, and when that was; null before.</summary>
    public (long Step, DateTimeOffset At)? Last => _now is { } now ? (now.Step, now.At) : null;

    /// <summary>What an outer step has usually taken lately, in seconds; 0 before the second.</summary>
    public double UsualSeconds => Volatile.Read(ref _usualSeconds);

    /// <param name="run">The run's name.</param>
    /// <param name="outerSteps">Its length.</param>
    /// <param name="next">Who else hears of the run, or null.</param>
    /// <param name="time">The clock.</param>
    public RunInstruments(string run, long outerSteps, IRunObserver? next, TimeProvider time)
    {
        (_next, _time, _outerSteps) = (next, time, outerSteps);
        _meter = new Meter(new MeterOptions(InvoluteTelemetry.Name) { Tags = [new("run", run)] });
        _steps = _meter.CreateCounter<long>("involute.outer_steps", null, "Outer steps that this process has led.");
        _innerSteps = _meter.CreateCounter<long>(
            "involute.inner_steps", null, "Inner training steps of the outer steps that this process has led, both arms.");
        _ended = _meter.CreateCounter<long>("involute.trajectories", null, "Trajectories that have ended.");
        _diverged = _meter.CreateCounter<long>("involute.diverged_arms", null, "Arms that were frozen by divergence.");
        _warnings = _meter.CreateCounter<long>("involute.warnings", null, "Warnings to the operator.");
        _durations = _meter.CreateHistogram<double>("involute.outer_step.duration", "s", "Time from one outer step to the next.");
        Gauge("involute.outer_step", "Outer steps that theta has had.", now => now.Step);
        Gauge("involute.outer_step.last", "When the last outer step was done, as Unix time.", now => now.Seconds, "s");
        Gauge("involute.meta_loss", "Mean meta-loss of the last outer step.", now => now.Result?.MeanLoss);
        Gauge("involute.gradient_norm", "Norm of the gradient estimate of the last outer step.", now => now.Result?.GradientNorm);
        Gauge("involute.checkpoint_step", "The last outer step whose checkpoint is on disk.", _ => Interlocked.Read(ref _checkpoint));
        Gauge("involute.target_steps", "Outer steps of the whole run.", _ => Interlocked.Read(ref _outerSteps));
        Gauge("involute.nodes", "Nodes that take part.", now => now.Course?.Threads.Count);
        Gauge("involute.threads", "Windows that all nodes can compute at once.", now => now.Course?.Threads.Values.Sum());
        _meter.CreateObservableCounter(
            "involute.restarts", () => Observe(now => now.Course?.Restarts), null,
            "Blocks of pairs that were started again after a failure.");
        _meter.CreateObservableCounter(
            "involute.discarded_answers", () => Observe(now => now.Course?.Discarded), null, "Answers that came twice or too late.");
    }

    /// <inheritdoc/>
    public void Started(OuterState<float> state, IReadOnlyList<string> warnings)
    {
        ArgumentNullException.ThrowIfNull(state);
        var step = state.Theta.Version.Value;
        Interlocked.Exchange(ref _checkpoint, step);
        _now = new Standing(step, _time.GetUtcNow(), null, null);
        _next?.Started(state, warnings);
    }

    /// <inheritdoc/>
    public void SettingsChanged(RunConfiguration settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Interlocked.Exchange(ref _outerSteps, settings.OuterSteps);
        (_next as ISettingsObserver)?.SettingsChanged(settings);
    }

    /// <inheritdoc/>
    public void StepCompleted(OuterStepResult<float> result) => _next?.StepCompleted(result);

    /// <inheritdoc/>
    public void StepMeasured(OuterStepResult<float> result, StepCourse course)
    {
        ArgumentNullException.ThrowIfNull(result);
        var before = _now;
        var now = new Standing(result.Version.Value, _time.GetUtcNow(), Numbers.Of(result), Circumstances.Of(course));
        _now = now;
        _steps.Add(1);
        _innerSteps.Add(result.InnerSteps);
        if (_ended.Enabled || _diverged.Enabled)
        {
            _ended.Add(result.Reports.Sum(report => (long)report.Resets));
            _diverged.Add(result.Reports.Sum(report => (long)report.DivergedArms));
        }

        if (before is { Result: not null })
        {
            var took = Math.Max(0, (now.At - before.At).TotalSeconds);
            _durations.Record(took);
            Volatile.Write(ref _usualSeconds, _usualSeconds > 0 ? (0.9 * _usualSeconds) + (0.1 * took) : took);
        }

        _next?.StepMeasured(result, course);
    }

    /// <inheritdoc/>
    public void CheckpointSaved(long step)
    {
        Interlocked.Exchange(ref _checkpoint, step);
        _next?.CheckpointSaved(step);
    }

    /// <inheritdoc/>
    public void Warned(string message)
    {
        _warnings.Add(1);
        _next?.Warned(message);
    }

    /// <inheritdoc/>
    public void Told(RunNews news)
    {
        ArgumentNullException.ThrowIfNull(news);
        if (news.IsWarning)
        {
            _warnings.Add(1);
        }

        _next?.Told(news);
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private void Gauge(string name, string description, Func<Standing, double?> value, string? unit = null) =>
        _meter.CreateObservableGauge(
            name,
            () => _now is { } now && value(now) is { } number ? [new Measurement<double>(number)] : Array.Empty<Measurement<double>>(),
            unit,
            description);

    private IEnumerable<Measurement<long>> Observe(Func<Standing, long?> value) =>
        _now is { } now && value(now) is { } number ? [new Measurement<long>(number)] : [];

    // No references into a step's arrays: they may be large.
    private sealed record Standing(long Step, DateTimeOffset At, Numbers? Result, Circumstances? Course)
    {
        public double Seconds => At.ToUnixTimeMilliseconds() / 1e3;
    }

    private sealed record Numbers(double MeanLoss, double GradientNorm)
    {
        public static Numbers Of(OuterStepResult<float> result) => new(result.MeanLoss, result.GradientNorm);
    }

    private sealed record Circumstances(IReadOnlyDictionary<string, int> Threads, long Restarts, long Discarded)
    {
        public static Circumstances Of(StepCourse course) => new(course.Threads, course.Restarts, course.Discarded);
    }
}
