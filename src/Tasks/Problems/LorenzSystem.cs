using System.Numerics;
using Involute.Tasks.Numbers;

namespace Involute.Tasks.Problems;

/// <summary>
/// The Lorenz system, x' = a (y − x), y' = x (r − z) − y, z' = x y − b z with b = 8/3, in Euler steps of 0.005.
/// </summary>
/// <remarks>Lorenz, "Deterministic nonperiodic flow", 1963. Chaotic at a = 10, r = 28.</remarks>
internal static class LorenzSystem<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private static readonly T TimeStep = T.CreateChecked(0.005);
    private static readonly T B = T.CreateChecked(8) / T.CreateChecked(3);

    /// <summary>Advances (x, y, z) by one step.</summary>
    public static void Advance<TNumber>(TNumber a, TNumber r, Span<TNumber> s)
        where TNumber : struct, ILaneNumber<TNumber, T>
    {
        var (x, y, z) = (s[0], s[1], s[2]);
        s[0] += a * (y - x) * TimeStep;
        s[1] += ((x * (r - z)) - y) * TimeStep;
        s[2] += ((x * y) - (z * B)) * TimeStep;
    }
}
