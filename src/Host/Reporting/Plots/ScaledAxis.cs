using System.Globalization;
using Involute.Tasks.Numerics;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Involute.Host.Reporting.Plots;

/// <summary>The vertical axis of a panel, which maps the data before they are drawn.</summary>
/// <remarks>The plotting library draws linear axes only: for any other, the data are mapped beforehand, and the labels
/// stand at the mapped places of round numbers.</remarks>
internal sealed class ScaledAxis
{
    // Below this ratio of largest to smallest, a logarithmic axis shows nothing that a linear one does not.
    private const double LeastRatio = 3;
    private const double Margin = 0.06;
    private const int MostTicks = 9;

    // Round numbers of a decade, finest first: the first that does not crowd the axis is used.
    private static readonly double[][] Grids =
        [[1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9], [1, 1.5, 2, 3, 4, 5, 7], [1, 2, 5], [1]];

    private readonly Func<double, double> _map;
    private readonly Func<int, double, double>? _roundNumber;

    private ScaledAxis(Func<double, double> map, Func<int, double, double>? roundNumber)
    {
        _map = map;
        _roundNumber = roundNumber;
    }

    /// <summary>A linear axis.</summary>
    public static ScaledAxis Linear { get; } = new(value => value, null);

    /// <summary>Powers of ten equally far apart; numbers that are not positive have no place on it.</summary>
    public static ScaledAxis Logarithmic { get; } = new(LogarithmOf, (decade, digit) => digit * PowerOfTen(decade));

    /// <summary>
    /// 0, 0.9, 0.99, 0.999 equally far apart: for rates of decay, where the distance to 1 is what matters.
    /// </summary>
    public static ScaledAxis NearOne { get; } =
        new(value => -LogarithmOf(1 - value), (nines, digit) => 1 - (digit * PowerOfTen(-nines)));

    /// <summary>Logarithmic if the values are positive and far enough apart, else linear.</summary>
    public static ScaledAxis For(IEnumerable<double> values) => IsFarApart(values) ? Logarithmic : Linear;

    /// <summary>As <see cref="NearOne"/> if the distances to 1 are far enough apart, else linear.</summary>
    public static ScaledAxis ForNearOne(IEnumerable<double> values) =>
        IsFarApart(values.Select(value => 1 - value)) ? NearOne : Linear;

    /// <summary>Place of a value; NaN if it has none.</summary>
    public double Map(double value)
    {
        var place = _map(value);
        return double.IsFinite(place) ? place : double.NaN;
    }

    /// <summary>Fits limits and labels to values, whether or not they are all drawn.</summary>
    public void Fit(Plot plot, IEnumerable<double> values)
    {
        double[] places = [.. values.Select(Map).Where(double.IsFinite)];
        if (places.Length == 0)
        {
            return;
        }

        var (low, high) = (places.Min(), places.Max());
        var margin = high > low ? (high - low) * Margin : Math.Max(Math.Abs(high) * Margin, 0.05);
        plot.Axes.SetLimitsY(low - margin, high + margin);
        if (_roundNumber is not null && Labelled(low - margin, high + margin) is { Length: > 1 } ticks)
        {
            plot.Axes.Left.TickGenerator = new NumericManual(ticks);
        }
        else if (_roundNumber is not null)
        {
            plot.Axes.Left.TickGenerator = new NumericAutomatic { LabelFormatter = Unmapped };
        }
    }

    private Tick[] Labelled(double low, double high)
    {
        var decades = Enumerable.Range((int)Math.Floor(low) - 1, (int)Math.Ceiling(high) - (int)Math.Floor(low) + 3);
        Tick[] ticks = [];
        foreach (var digits in Grids)
        {
            ticks =
            [
                .. decades.SelectMany(decade => digits.Select(digit => _roundNumber!(decade, digit)))
                    .Select(value => new Tick(_map(value), Label(value)))
                    .Where(tick => tick.Position >= low && tick.Position <= high).OrderBy(tick => tick.Position),
            ];
            if (ticks.Length <= MostTicks)
            {
                return ticks;
            }
        }

        var stride = (ticks.Length + MostTicks - 1) / MostTicks;
        return [.. ticks.Where((_, i) => i % stride == 0)];
    }

    private string Unmapped(double place) =>
        Label(ReferenceEquals(this, NearOne) ? 1 - PowerOfTen(-place) : PowerOfTen(place));

    // Only what is exactly 0 is called so, which a logarithmic axis never shows.
    private static string Label(double value) => Math.Abs(value) is >= 1e-4 and < 1e5 or 0
        ? value.ToString("0.#######", CultureInfo.InvariantCulture)
        : value.ToString("0.##e+0", CultureInfo.InvariantCulture);

    private static bool IsFarApart(IEnumerable<double> values)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        return finite.Length > 0 && finite.Min() > 0 && finite.Max() / finite.Min() >= LeastRatio;
    }

    private static double LogarithmOf(double value) => PortableMath.Log(value) / PortableMath.Log(10);

    private static double PowerOfTen(double exponent) => PortableMath.Exp(exponent * PortableMath.Log(10));
}
