using System.Globalization;
using Involute.Estimators;
using Involute.Host.Output;
using Spectre.Console;

namespace Involute.Host.Reporting;

/// <summary>
/// Says how training goes: one line that is rewritten on a terminal, now and then a line of its own where output is
/// redirected. Warnings go to the error stream, above the line.
/// </summary>
/// <remarks>Calls may come from any thread, one at a time or not.</remarks>
internal sealed class TrainingProgress
{
    // Of the smoothed meta-loss: about the mean of the last twenty steps.
    private const double Smoothing = 0.1;
    private const string EraseLine = "\r\u001b[2K";

    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ShortestSilence = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly IAnsiConsole _console;
    private readonly TextWriter _errors;
    private readonly TimeProvider _time;
    private readonly bool _live;
    private readonly bool _stamps;
    private readonly Pace _pace;
    private readonly long _start;
    private long _lastShown;
    private long _lastShownStep;
    private long _step;
    private double _loss = double.NaN;
    private double _smoothed = double.NaN;
    private bool _lineOpen;

    /// <summary>Starts the clock.</summary>
    /// <param name="console">Where the line goes; it is live if this is a terminal.</param>
    /// <param name="errors">Where warnings go.</param>
    /// <param name="time">For rates and throttling.</param>
    /// <param name="outerSteps">Outer steps of the whole run.</param>
    /// <param name="firstStep">Outer steps that are already done.</param>
    /// <param name="stamps">Whether lines begin with the time where output is redirected: a log of a service.</param>
    public TrainingProgress(
        IAnsiConsole console, TextWriter errors, TimeProvider time, long outerSteps, long firstStep = 0, bool stamps = false)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(errors);
        ArgumentNullException.ThrowIfNull(time);
        _console = console;
        _errors = errors;
        _time = time;
        OuterSteps = outerSteps;
        _step = firstStep;
        _lastShownStep = firstStep;
        _live = console.Profile.Out.IsTerminal && console.Profile.Capabilities.Ansi;
        _stamps = stamps && !_live;
        _pace = new Pace(time);
        _start = _lastShown = time.GetTimestamp();
    }

    /// <summary>Outer steps of the whole run.</summary>
    public long OuterSteps { get; set; }

    /// <summary>Takes note of an outer step, and shows it when it is time to.</summary>
    public void StepCompleted(OuterStepResult<float> result)
    {
        ArgumentNullException.ThrowIfNull(result);
        lock (_gate)
        {
            var first = double.IsNaN(_smoothed) && _lastShownStep == _step;
            _step = result.Version.Value;
            _loss = result.MeanLoss;
            _smoothed = double.IsFinite(_smoothed) && double.IsFinite(_loss)
                ? _smoothed + (Smoothing * (_loss - _smoothed))
                : double.IsFinite(_loss) ? _loss : _smoothed;
            _pace.StepDone(result.InnerSteps);
            if (first || _step == OuterSteps || IsDue())
            {
                Show();
            }
        }
    }

    /// <summary>Prints a warning on the error stream without tearing the line.</summary>
    public void Warn(string message) => Print(_errors, $"warning: {message}");

    /// <summary>Prints a line above the progress.</summary>
    public void Say(string message) => Print(_console.Profile.Out.Writer, message);

    private void Print(TextWriter writer, string line)
    {
        lock (_gate)
        {
            var redraw = _lineOpen;
            Erase();
            writer.WriteLine(Stamped(line));
            writer.Flush();
            if (redraw)
            {
                Show();
            }
        }
    }

    /// <summary>Shows the last state if it has not been shown yet, and keeps the line on the screen.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            if (_lastShownStep != _step)
            {
                Show();
            }

            if (_lineOpen)
            {
                _console.WriteLine();
                _lineOpen = false;
            }
        }
    }

    /// <summary>The line as it reads now.</summary>
    public string Line()
    {
        var rate = _pace.InnerStepsPerSecond is { } speed ? $"{Compact(speed)} inner steps/s" : "measuring speed";
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"outer step {_step}/{OuterSteps}  meta-loss {Loss(_smoothed)} (now {Loss(_loss)})  {rate}");
        return _step < OuterSteps
            ? $"{line}  ETA {(_pace.TimeFor(OuterSteps - _step) is { } left ? DurationText.Of(left) : "…")}"
            : $"{line}  took {DurationText.Of(_time.GetElapsedTime(_start))}";
    }

    private bool IsDue()
    {
        var silence = _time.GetElapsedTime(_lastShown);
        if (_live)
        {
            return silence >= Redraw;
        }

        // A run of days must not fill a log: the longer it lasts, the rarer the lines between the tenths.
        var elapsed = _time.GetElapsedTime(_start);
        var patience = TimeSpan.FromTicks(Math.Max(ShortestSilence.Ticks, elapsed.Ticks / 10));
        return silence >= patience || _step * 10 / OuterSteps != _lastShownStep * 10 / OuterSteps;
    }

    private void Show()
    {
        _lastShown = _time.GetTimestamp();
        _lastShownStep = _step;
        if (!_live)
        {
            _console.Profile.Out.Writer.WriteLine(Stamped(Line()));
            _console.Profile.Out.Writer.Flush();
            return;
        }

        // A line that wraps could not be erased again.
        var line = Line();
        var width = Math.Max(1, _console.Profile.Width - 1);
        Erase();
        _console.Write(new Text(line.Length > width ? line[..width] : line));
        _lineOpen = true;
    }

    private string Stamped(string line) => _stamps ? TimeStamp.Before(line, _time) : line;

    private void Erase()
    {
        if (_lineOpen)
        {
            _console.Write(new ControlCode(EraseLine));
            _lineOpen = false;
        }
    }

    // Four decimals as long as they say something and fit; a diverging run has losses of thirty digits.
    private static string Loss(double loss) => Math.Abs(loss) is (>= 1e-3 and < 1e6) or 0
        ? loss.ToString("F4", CultureInfo.InvariantCulture)
        : loss.ToString("0.###E+0", CultureInfo.InvariantCulture);

    /// <summary>A number of any size in a few characters.</summary>
    public static string Compact(double number) => number switch
    {
        >= 1e12 => number.ToString("0.##E+0", CultureInfo.InvariantCulture),
        >= 1e9 => string.Create(CultureInfo.InvariantCulture, $"{number / 1e9:F2}G"),
        >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{number / 1e6:F2}M"),
        >= 1e4 => string.Create(CultureInfo.InvariantCulture, $"{number / 1e3:F1}k"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{number:F0}"),
    };
}
