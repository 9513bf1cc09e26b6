namespace Involute.Host.Reporting.Clock;

/// <summary>
/// When the next row is due: at once, as long as rows cost next to nothing and the run is young; else so late that all rows
/// together take at most a share of the time, and their number grows with the logarithm of the run's duration.
/// </summary>
/// <param name="time">Measures what rows cost.</param>
/// <param name="perFold">
/// Rows in a time in which the run's duration grows e-fold: the pause is that duration, divided by this.
/// </param>
/// <param name="least">The shortest pause.</param>
internal sealed class RowPace(TimeProvider time, double perFold, TimeSpan least)
{
    /// <summary>Share of the time that rows may take.</summary>
    public const double Share = 0.002;

    // The first rows compile code and open files: that is no cost of the later ones.
    private const int WarmUp = 3;
    private const double Smoothing = 0.1;

    private double _cost;
    private long _rows;
    private double _due;

    /// <summary>Whether a row may be written.</summary>
    /// <param name="elapsed">How long the run has been at work, in seconds.</param>
    public bool IsDue(double elapsed) => elapsed >= _due;

    /// <summary>A row has been written.</summary>
    /// <param name="began">When its writing began.</param>
    /// <param name="elapsed">How long the run had been at work then, in seconds.</param>
    public void Wrote(long began, double elapsed)
    {
        var cost = time.GetElapsedTime(began).TotalSeconds;
        _cost = ++_rows <= WarmUp ? 0 : _rows == WarmUp + 1 ? cost : _cost + (Smoothing * (cost - _cost));
        _due = elapsed + Math.Max(Math.Max(least.TotalSeconds, elapsed / perFold), _cost / Share);
    }
}
