using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Involute.Host.Reporting;

/// <summary>The mean of the last finite values.</summary>
/// <param name="window">At most so many.</param>
internal sealed class RunningMean(int window)
{
    /// <summary>Rows that a picture's mean is over at most.</summary>
    public const int MostRows = 200;

    private readonly double[] _last = new double[window];
    private long _count;

    /// <summary>How many rows of a run a mean is over: a twentieth, since a mean of few rows of a long run is luck.</summary>
    public static int Window(int rows) => Math.Clamp(rows / 20, 1, MostRows);

    /// <summary>Adds a value, which does not count if it is not finite.</summary>
    /// <returns>The mean up to here; NaN before the first that counts.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Add(double value)
    {
        if (double.IsFinite(value))
        {
            _last[_count++ % window] = value;
        }

        // Added up anew each time: a sum that is carried along would drift, and keep what a huge value has rounded away.
        var count = (int)Math.Min(_count, window);
        var last = _last.AsSpan(0, count);
        var sums = Vector256<double>.Zero;
        foreach (var four in MemoryMarshal.Cast<double, Vector256<double>>(last))
        {
            sums += four;
        }

        var sum = Vector256.Sum(sums);
        foreach (var one in last[(count & ~3)..])
        {
            sum += one;
        }

        return count > 0 ? sum / count : double.NaN;
    }
}
